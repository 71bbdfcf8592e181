import type { Evaluation } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { compilePath } from "../jsonpath/compile.ts";
import { shownJson } from "../shown.ts";
import { runtimeError } from "../state-error.ts";
import { argumentCause, IntrinsicFailure, invalidArguments } from "./failure.ts";
import { INTRINSICS, WHOLE_LITERALS } from "./functions.ts";
import { type IntrinsicNode, parseIntrinsic } from "./parse.ts";

type Compiled = (evaluation: Evaluation) => JsonValue;

/**
 * Compiles an intrinsic function call to a closure. What fails names the whole text, not the inner call.
 * @throws {IntrinsicSyntaxError}
 */
export function compileIntrinsic(text: string): Compiled {
  return compileNode(parseIntrinsic(text), text);
}

function compileNode(node: IntrinsicNode, whole: string): Compiled {
  if (node.kind === "literal") {
    const value = typeof node.value === "string" ? node.value.replaceAll("\\\\", "\\") : node.value;
    return () => value;
  }
  if (node.kind === "path") return compileArgument(node.text, whole);
  const { name } = node;
  const known = INTRINSICS.get(name);
  const args = node.args.map((arg, index) => {
    // States.Format reads its template's escapes itself.
    if (name === "States.Format" && index === 0 && arg.kind === "literal") return () => arg.value;
    if (arg.kind === "literal" && typeof arg.value === "number" && WHOLE_LITERALS.has(name)) {
      const cut = Math.trunc(arg.value) + 0;
      return () => cut;
    }
    return compileNode(arg, whole);
  });
  return (evaluation) => {
    const values = args.map((arg) => arg(evaluation));
    try {
      return known?.call(values, evaluation) ?? null;
    } catch (thrown) {
      if (thrown instanceof IntrinsicFailure) throw runtimeError(invalidArguments(whole, name, thrown));
      throw thrown;
    }
  };
}

function compileArgument(text: string, whole: string): Compiled {
  const path = compilePath(text);
  // AWS shows the path without its second `$`, and the state's input even for a path into the context object.
  const shown = text.startsWith("$$") ? text.slice(1) : text;
  return (evaluation) => {
    const value = path.read(evaluation);
    if (value !== undefined) return value;
    const input = shownJson(evaluation.input);
    const missing = `The JsonPath argument for the field '${shown}' could not be found in the input '${input}'`;
    throw runtimeError(argumentCause(whole, path.notIndexable(evaluation) ?? missing));
  };
}
