import type { Evaluation } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { compilePath } from "../jsonpath/compile.ts";
import { runtimeError } from "../state-error.ts";
import { IntrinsicFailure, intrinsicCause, intrinsicStateError } from "./failure.ts";
import { INTRINSICS } from "./functions.ts";
import { type IntrinsicNode, parseIntrinsic } from "./parse.ts";

type Compiled = (evaluation: Evaluation) => JsonValue;

/**
 * Compiles an intrinsic function call to a closure. What fails names the whole text, not the inner call.
 * @throws {IntrinsicSyntaxError}
 */
export function compileIntrinsic(text: string): Compiled {
  const compiled = compileNode(parseIntrinsic(text), text);
  return (evaluation) => {
    try {
      return compiled(evaluation);
    } catch (failure) {
      if (failure instanceof IntrinsicFailure) throw intrinsicStateError(text, failure);
      throw failure;
    }
  };
}

function compileNode(node: IntrinsicNode, whole: string): Compiled {
  if (node.kind === "literal") {
    const value = typeof node.value === "string" ? node.value.replaceAll("\\\\", "\\") : node.value;
    return () => value;
  }
  if (node.kind === "path") return compileArgument(node.text, whole);
  const known = INTRINSICS.get(node.name);
  const isTemplate = node.name === "States.Format";
  const args = node.args.map((arg, index) => {
    // States.Format reads its template's escapes itself.
    if (isTemplate && index === 0 && arg.kind === "literal") return () => arg.value;
    return compileNode(arg, whole);
  });
  return (evaluation) =>
    known?.call(
      args.map((arg) => arg(evaluation)),
      evaluation,
    ) ?? null;
}

function compileArgument(text: string, whole: string): Compiled {
  const path = compilePath(text);
  // AWS shows the path without its second `$`, and the state's input even for a path into the context object.
  const shown = text.startsWith("$$") ? text.slice(1) : text;
  return (evaluation) => {
    const value = path.read(evaluation);
    if (value !== undefined) return value;
    const input = JSON.stringify(evaluation.input);
    const missing = `The JsonPath argument for the field '${shown}' could not be found in the input '${input}'`;
    throw runtimeError(intrinsicCause(whole, path.notIndexable(evaluation) ?? missing));
  };
}
