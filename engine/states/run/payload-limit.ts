/**
 * The 256 KiB a payload may have as UTF-8 JSON, at every boundary where data pass from one state, task or branch to another.
 *
 *   P1. The verdict is that of the JSON text's length in UTF-8.
 *   P2. A text much longer than the limit is never made. Values share structure: a few bytes of JSONPath over deep data, or a
 *       template that names `$` often, say gigabytes; so a count that stops at the limit comes first.
 */
import { isArray, isObject, type JsonObject, type JsonValue, utf8Length } from "../json.ts";
import { MAX_NESTING, nestsTooDeeply } from "../nesting.ts";
import type { SharedText } from "../recording.ts";
import { runtimeError, StateError } from "../state-error.ts";
import { type Frame, payloadOf } from "./frame.ts";
import type { Run } from "./run.ts";

export const MAX_PAYLOAD_BYTES = 262_144;
/** What counting has yet to visit; kept so that counting makes no garbage. Never longer than the bytes counted. */
const open: (readonly JsonValue[] | JsonObject)[] = [];

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

/**
 * Whether even the least JSON text such a value can have is longer than `limit` bytes: a string counts as if none of its
 * characters were escaped or took more than one byte, a number as one digit.
 * @param known members the value has of it, under their own names, are passed over: they are within the limit together
 */
function leastExceeds(value: JsonValue, limit: number, known?: JsonValue): boolean {
  if (typeof value === "string") return value.length + 2 > limit;
  if (typeof value !== "object" || value === null) return false;
  let bytes = 0;
  let next: readonly JsonValue[] | JsonObject | undefined = value;
  if (isObject(value) && isObject(known)) {
    bytes = leastOfObject(value, known);
    next = open.pop();
  }
  while (next !== undefined && bytes <= limit) {
    bytes += isArray(next) ? leastOfArray(next, limit) : leastOfObject(next);
    next = open.pop();
  }
  open.length = 0;
  return bytes > limit;
}

/** Brackets, commas and members but for arrays and objects, which are left `open`. */
function leastOfArray(items: readonly JsonValue[], limit: number): number {
  let bytes = Math.max(2, items.length + 1);
  if (bytes > limit) return bytes;
  for (const item of items) {
    if (typeof item === "object" && item !== null) open.push(item);
    else bytes += leastOfScalar(item);
  }
  return bytes;
}

function leastOfObject(members: JsonObject, known?: JsonObject): number {
  // An object without members has two braces and no comma less.
  let bytes = 1;
  for (const name in members) {
    const member = members[name] ?? null;
    // Quotes, colon, and a comma or the closing brace.
    bytes += name.length + 4;
    if (typeof member !== "object" || member === null) bytes += leastOfScalar(member);
    else if (known === undefined || known[name] !== member) open.push(member);
  }
  return bytes;
}

function leastOfScalar(value: JsonValue): number {
  if (typeof value === "string") return value.length + 2;
  return typeof value === "number" ? 1 : 4;
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
