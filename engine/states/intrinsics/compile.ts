import type { Evaluation } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { compilePath } from "../jsonpath/compile.ts";
import { IntrinsicFailure, intrinsicStateError } from "./failure.ts";
import { INTRINSICS } from "./functions.ts";
import { type IntrinsicNode, parseIntrinsic } from "./parse.ts";

/** Called for a path that finds nothing; throws the error the field words. */
export type MissingPath = (path: string, evaluation: Evaluation) => never;

/**
 * Compiles an intrinsic function call to a closure.
 * @throws {IntrinsicSyntaxError}
 */
export function compileIntrinsic(text: string, missing: MissingPath): (evaluation: Evaluation) => JsonValue {
  return compileNode(parseIntrinsic(text), missing);
}

function compileNode(node: IntrinsicNode, missing: MissingPath): (evaluation: Evaluation) => JsonValue {
  if (node.kind === "literal") {
    const value = typeof node.value === "string" ? node.value.replaceAll("\\\\", "\\") : node.value;
    return () => value;
  }
  if (node.kind === "path") {
    const path = compilePath(node.text);
    return (evaluation) => {
      const value = path.read(evaluation);
      return value === undefined ? missing(node.text, evaluation) : value;
    };
  }
  const known = INTRINSICS.get(node.name);
  const isTemplate = node.name === "States.Format";
  const args = node.args.map((arg, index) => {
    // States.Format reads its template's escapes itself.
    if (isTemplate && index === 0 && arg.kind === "literal") return () => arg.value;
    return compileNode(arg, missing);
  });
  return (evaluation) => {
    const values = args.map((arg) => arg(evaluation));
    try {
      return known?.call(values, evaluation) ?? null;
    } catch (failure) {
      if (failure instanceof IntrinsicFailure) throw intrinsicStateError(node.text, failure);
      throw failure;
    }
  };
}
