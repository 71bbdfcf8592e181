/** Compiles the fields that states share. */
import type { Catcher, NumberField, Retrier, StateBase } from "./compiled.ts";
import type { Evaluation, Expression } from "./evaluation.ts";
import { eventKind } from "./event-kinds.ts";
import { compileIntrinsic } from "./intrinsics/compile.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";
import { compileJsonataTemplate } from "./jsonata/template.ts";
import { compileTyped } from "./jsonata/typed-field.ts";
import { compilePath } from "./jsonpath/compile.ts";
import { compileReferencePath } from "./jsonpath/reference-path.ts";
import { compileTemplate, missingPathError, refuseNullInput } from "./payload-template.ts";
import { SharedText } from "./recording.ts";
import { runtimeError } from "./state-error.ts";

export type Language = "JSONPath" | "JSONata";

export function compileBase(name: string, source: JsonObject, language: Language): StateBase {
  const jsonata = language === "JSONata";
  const isMap = source.Type === "Map";
  return {
    name,
    label: new SharedText(name),
    enteredKind: eventKind(`${String(source.Type)}StateEntered`).number,
    exitedKind: eventKind(`${String(source.Type)}StateExited`).number,
    jsonata,
    next: typeof source.Next === "string" ? source.Next : undefined,
    successor: undefined,
    inputPath: jsonata ? undefined : pathField(source.InputPath),
    parameters: isMap ? undefined : parametersOf(source, jsonata),
    resultSelector: jsonata ? undefined : templateField(source.ResultSelector),
    resultPath: jsonata ? undefined : resultPathField(source.ResultPath),
    outputPath: jsonata ? undefined : pathField(source.OutputPath),
    output: jsonata ? jsonataField(source.Output, "Output") : undefined,
    assign: compileAssign(source.Assign, "Assign", jsonata),
    retriers: (isArray(source.Retry) ? source.Retry : []).filter(isObject).map(compileRetrier),
    catchers: (isArray(source.Catch) ? source.Catch : [])
      .filter(isObject)
      .map((catcher, index) => compileCatcher(catcher, `Catch[${index}]`, jsonata)),
  };
}

/** @param field as in EvaluationFailed's location, e.g. `Catch[0]/Assign` */
export function compileAssign(assign: JsonValue | undefined, field: string, jsonata: boolean): Expression | undefined {
  return jsonata ? jsonataField(assign, field) : templateField(assign);
}

export function jsonataField(value: JsonValue | undefined, field: string): Expression | undefined {
  return value === undefined ? undefined : compileJsonataTemplate(value, field);
}

export function templateField(template: JsonValue | undefined): Expression | undefined {
  return template === undefined ? undefined : compileTemplate(template);
}

function parametersOf(source: JsonObject, jsonata: boolean): Expression | undefined {
  return jsonata ? jsonataField(source.Arguments, "Arguments") : templateField(source.Parameters);
}

/** InputPath, OutputPath: `$` is the default and null gives an empty object. */
function pathField(text: JsonValue | undefined): Expression | undefined {
  if (text === null) return () => ({});
  return typeof text === "string" && text !== "$" ? invalidPathField(text) : undefined;
}

/** A path whose failure reads "Invalid path '…' : No results for path: …". */
function invalidPathField(text: string): (evaluation: Evaluation) => JsonValue {
  const path = compilePath(text);
  return (evaluation) => {
    refuseNullInput(path, evaluation);
    const value = path.read(evaluation);
    if (value === undefined) throw runtimeError(`Invalid path '${text}' : ${path.missing(evaluation)}`);
    return value;
  };
}

/** A path or an intrinsic call whose failure names the field. */
export function namedPathField(text: string, field: string): (evaluation: Evaluation) => JsonValue {
  if (!text.startsWith("$")) return compileIntrinsic(text);
  const path = compilePath(text);
  return (evaluation) => {
    const value = path.read(evaluation);
    if (value === undefined) throw missingPathError(text, field, evaluation);
    return value;
  };
}

function resultPathField(text: JsonValue | undefined): StateBase["resultPath"] {
  if (text === null) return (input) => input;
  return typeof text === "string" && text !== "$" ? compileReferencePath(text) : undefined;
}

/**
 * `TimeoutSeconds`, `MaxConcurrency`, …: a literal, `…Path` in JSONPath, or an expression in JSONata.
 * @param within where in the state it stands, `ItemBatcher/`
 */
export function numberField(source: JsonObject, name: string, jsonata: boolean, within = ""): NumberField | undefined {
  const path = source[`${name}Path`];
  const location = `${within}${name}`;
  if (!jsonata && typeof path === "string")
    return { name: `${name}Path`, location, path, read: invalidPathField(path) };
  const value = source[name];
  if (value === undefined) return undefined;
  return { name, location, path: undefined, read: jsonata ? compileTyped(value, location, "number") : () => value };
}

function errorNames(value: JsonValue | undefined): readonly string[] {
  return (isArray(value) ? value : []).filter((name) => typeof name === "string");
}

function numberOr(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function compileRetrier(source: JsonObject): Retrier {
  return {
    errors: errorNames(source.ErrorEquals),
    intervalSeconds: numberOr(source.IntervalSeconds, 1),
    maxAttempts: numberOr(source.MaxAttempts, 3),
    backoffRate: numberOr(source.BackoffRate, 2),
    maxDelaySeconds: numberOr(source.MaxDelaySeconds, Number.POSITIVE_INFINITY),
    fullJitter: source.JitterStrategy === "FULL",
  };
}

function compileCatcher(source: JsonObject, at: string, jsonata: boolean): Catcher {
  return {
    errors: errorNames(source.ErrorEquals),
    next: String(source.Next),
    resultPath: jsonata ? undefined : resultPathField(source.ResultPath),
    output: jsonata ? jsonataField(source.Output, `${at}/Output`) : undefined,
    assign: compileAssign(source.Assign, `${at}/Assign`, jsonata),
  };
}
