/** Compiles Fail, Wait and Task states. */
import { jsonataField, namedPathField, numberField, templateField } from "./compile-base.ts";
import type { FailState, StateBase, TaskState, WaitState } from "./compiled.ts";
import type { Expression } from "./evaluation.ts";
import { parseResource } from "./integration.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { compileTyped } from "./jsonata/typed-field.ts";
import { compilePath } from "./jsonpath/compile.ts";
import { runtimeError } from "./state-error.ts";

export function compileFail(base: StateBase, source: JsonObject): FailState {
  return { ...base, type: "Fail", error: failField(base, source, "Error"), cause: failField(base, source, "Cause") };
}

function failField(base: StateBase, source: JsonObject, name: "Error" | "Cause"): Expression | undefined {
  const value = source[name];
  if (base.jsonata) return value === undefined ? undefined : compileTyped(value, name, "string");
  const path = source[`${name}Path`];
  if (typeof path === "string") return namedPathField(path, `${name}Path`);
  return value === undefined ? undefined : () => value;
}

export function compileWait(base: StateBase, source: JsonObject): WaitState {
  return { ...base, type: "Wait", wait: waitField(base, source) };
}

function waitField(base: StateBase, source: JsonObject): WaitState["wait"] {
  for (const field of ["Seconds", "Timestamp"] as const) {
    const kind = field === "Seconds" ? "seconds" : "timestamp";
    const value: JsonValue | undefined = source[field];
    if (value !== undefined) {
      return {
        kind,
        field,
        path: undefined,
        read: base.jsonata ? compileTyped(value, field, kind === "seconds" ? "number" : "string") : () => value,
      };
    }
    const path = source[`${field}Path`];
    if (typeof path !== "string") continue;
    const compiled = compilePath(path);
    const read: Expression = (evaluation) => {
      const found = compiled.read(evaluation);
      if (found === undefined)
        throw runtimeError(`The ${field}Path parameter does not reference an input value: ${path}`);
      return found;
    };
    return { kind, field: `${field}Path`, path, read };
  }
  return { kind: "seconds", field: "Seconds", path: undefined, read: () => 0 };
}

export function compileTask(base: StateBase, source: JsonObject): TaskState {
  const resource = String(source.Resource);
  return {
    ...base,
    type: "Task",
    resource,
    integration: parseResource(resource),
    timeout: numberField(source, "TimeoutSeconds", base.jsonata),
    heartbeat: numberField(source, "HeartbeatSeconds", base.jsonata),
    credentials: base.jsonata ? jsonataField(source.Credentials, "Credentials") : templateField(source.Credentials),
  };
}
