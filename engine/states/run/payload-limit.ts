/**
 * The 256 KiB a payload may have as UTF-8 JSON, at every boundary where data pass from one state, task or branch to another.
 *
 *   P1. The verdict is that of the JSON text's length in UTF-8.
 *   P2. A text much longer than the limit is never made. Values share structure: a few bytes of JSONPath over deep data, or a
 *       template that names `$` often, say gigabytes; so a count that stops at the limit comes first.
 */
import { type JsonObject, type JsonValue, utf8Length } from "../json.ts";
import { leastExceeds } from "../least-size.ts";
import { MAX_NESTING, nestsTooDeeply } from "../nesting.ts";
import type { SharedText } from "../recording.ts";
import { runtimeError, StateError } from "../state-error.ts";
import { type Frame, payloadOf } from "./frame.ts";
import type { Run } from "./run.ts";

export const MAX_PAYLOAD_BYTES = 262_144;

/** How the data came to be, in AWS's words. */
export type Offence = "returned a result" | "provided parameters" | "assigned variables";

/**
 * The text of a value that goes into or out of a state.
 * @param what the state, or what it called
 * @throws {StateError} States.DataLimitExceeded; States.Runtime where it nests too deeply
 */
export function limitedPayload(run: Run, frame: Frame, value: JsonValue, what: string, did: Offence): SharedText {
  if (value !== frame.input && leastExceeds(value, MAX_PAYLOAD_BYTES, frame.input)) throw dataLimitExceeded(what, did);
  const payload = payloadOf(run, frame, value);
  if (exceeds(payload.text)) throw dataLimitExceeded(what, did);
  if (nestsTooDeeply(payload.text)) throw tooDeep();
  return payload;
}

/**
 * The texts of the variables of one Assign, which may have 256 KiB together.
 * @throws {StateError} States.DataLimitExceeded
 */
export function limitedVariables(variables: JsonObject, stateName: string): Record<string, string> {
  if (leastExceeds(variables, MAX_PAYLOAD_BYTES + namesOf(variables)))
    throw dataLimitExceeded(stateName, "assigned variables");
  const texts: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(variables)) {
    const text = JSON.stringify(value);
    if (nestsTooDeeply(text)) throw tooDeep();
    texts[name] = text;
    bytes += utf8Length(text);
  }
  if (bytes > MAX_PAYLOAD_BYTES) throw dataLimitExceeded(stateName, "assigned variables");
  return texts;
}

function exceeds(text: string): boolean {
  return text.length * 3 > MAX_PAYLOAD_BYTES && utf8Length(text) > MAX_PAYLOAD_BYTES;
}

/** Writing data as JSON takes the square of its depth, and the stack. */
export function tooDeep(): StateError {
  return runtimeError(`The data is nested more than ${MAX_NESTING} levels deep.`);
}

/** What the names of the members, which are no payload, add to an object's text. */
function namesOf(variables: JsonObject): number {
  let bytes = 1;
  for (const name in variables) bytes += name.length + 4;
  return bytes;
}

/** The error of data that are too many, in AWS's words. */
export function dataLimitExceeded(what: string, did: Offence): StateError {
  return new StateError(
    "States.DataLimitExceeded",
    `The state/task '${what}' ${did} with a size exceeding the maximum number of bytes service limit.`,
  );
}
