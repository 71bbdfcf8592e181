/** The functions of JSONPath's `States.*`. Oddities kept from AWS are noted where they are. */

import { deepEqual, equalityKey } from "../deep-equal.ts";
import type { Evaluation } from "../evaluation.ts";
import { HASH_ALGORITHMS, hashHex, isHashAlgorithm } from "../hash.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { leastExceeds } from "../least-size.ts";
import { javaRandomDouble } from "../random.ts";
import { jsonWithin, shownJson } from "../shown.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { IntrinsicFailure } from "./failure.ts";
import { formatArgument } from "./format-argument.ts";

export type IntrinsicFunction = Readonly<{
  /** Fewest and most arguments. */
  arity: readonly [number, number];
  call(args: readonly JsonValue[], evaluation: Evaluation): JsonValue;
}>;

const MAX_RANGE = 1000;

/** Functions that need whole numbers: AWS cuts a literal's fraction off, but rounds what a path finds. */
export const WHOLE_LITERALS: ReadonlySet<string> = new Set([
  ...["States.ArrayPartition", "States.ArrayRange", "States.ArrayGetItem", "States.MathAdd", "States.MathRandom"],
]);

export const INTRINSICS: ReadonlyMap<string, IntrinsicFunction> = new Map<string, IntrinsicFunction>([
  ["States.Array", { arity: [0, Number.POSITIVE_INFINITY], call: (args) => args }],
  ["States.ArrayPartition", { arity: [2, 2], call: arrayPartition }],
  [
    "States.ArrayContains",
    { arity: [2, 2], call: ([list, value]) => arrayOf(list).some((item) => deepEqual(item, value ?? null)) },
  ],
  ["States.ArrayRange", { arity: [3, 3], call: arrayRange }],
  ["States.ArrayGetItem", { arity: [2, 2], call: arrayGetItem }],
  ["States.ArrayLength", { arity: [1, 1], call: ([list]) => arrayOf(list).length }],
  ["States.ArrayUnique", { arity: [1, 1], call: arrayUnique }],
  ["States.Base64Encode", { arity: [1, 1], call: ([text]) => encodeBase64(limitedString(text)) }],
  ["States.Base64Decode", { arity: [1, 1], call: ([text]) => decodeBase64(limitedString(text)) }],
  ["States.Hash", { arity: [2, 2], call: hash }],
  ["States.JsonMerge", { arity: [3, 3], call: jsonMerge }],
  ["States.StringToJson", { arity: [1, 1], call: stringToJson }],
  ["States.JsonToString", { arity: [1, 1], call: ([value]) => jsonText(value) }],
  ["States.MathRandom", { arity: [2, 3], call: mathRandom }],
  ["States.MathAdd", { arity: [2, 2], call: ([left, right]) => limitedWhole(wholeNumber(left) + wholeNumber(right)) }],
  ["States.StringSplit", { arity: [2, 2], call: stringSplit }],
  ["States.UUID", { arity: [0, 0], call: (_args, evaluation) => evaluation.uuid() }],
  ["States.Format", { arity: [1, Number.POSITIVE_INFINITY], call: format }],
]);

function expected(what: string, found: JsonValue | undefined): IntrinsicFailure {
  return new IntrinsicFailure(`expected ${what} but found ${found === undefined ? "nothing" : shownJson(found)}`);
}

function arrayOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (isArray(value)) return value;
  throw expected("an array", value);
}

function stringOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  throw expected("a string", value);
}

function limitedString(value: JsonValue | undefined): string {
  const text = stringOf(value);
  if (text.length > 10_000) throw expected("a string of at most 10000 characters", text.length);
  return text;
}

/** Longest text a function makes of data, far beyond what a state may hand on: data may share structure and say much more. */
const MAX_TEXT = 2 ** 24;

function jsonText(value: JsonValue | undefined): string {
  const text = jsonWithin(value ?? null, MAX_TEXT);
  if (text === undefined) throw tooLong();
  return text;
}

function tooLong(): IntrinsicFailure {
  return new IntrinsicFailure(`data whose text has more than ${MAX_TEXT} characters`);
}

const MAX_WHOLE = 2 ** 31;

/** Rounds half up, towards +∞, as AWS does to every number it needs whole; there are 32 bits for it. */
function wholeNumber(value: JsonValue | undefined): number {
  if (typeof value === "number") return limitedWhole(Math.round(value) + 0);
  throw expected("a number", value);
}

function limitedWhole(value: number): number {
  if (value >= -MAX_WHOLE && value < MAX_WHOLE) return value;
  throw expected("a number of 32 bits", value);
}

function arrayPartition([list, size]: readonly JsonValue[]): JsonValue {
  const items = arrayOf(list);
  const chunk = wholeNumber(size);
  if (chunk <= 0) throw expected("a positive chunk size", size);
  return Array.from({ length: Math.ceil(items.length / chunk) }, (_, at) => items.slice(at * chunk, (at + 1) * chunk));
}

function arrayRange([from, to, by]: readonly JsonValue[]): JsonValue {
  const [first, last, step] = [wholeNumber(from), wholeNumber(to), wholeNumber(by)];
  if (step === 0) throw expected("a step other than 0", by);
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw expected(`at most ${MAX_RANGE} elements`, length);
  return Array.from({ length }, (_, index) => first + index * step);
}

function arrayGetItem([list, index]: readonly JsonValue[]): JsonValue {
  const at = wholeNumber(index);
  const item = at < 0 ? undefined : arrayOf(list)[at];
  if (item === undefined) throw expected("an index inside the array", index);
  return item;
}

/** The first of those that say the same. */
function arrayUnique([list]: readonly JsonValue[]): JsonValue {
  // What a path finds may be one value many times: once is enough to look at.
  const distinct = [...new Set(arrayOf(list))];
  if (leastExceeds(distinct, MAX_TEXT)) throw tooLong();
  const unique = new Map<string, JsonValue>();
  for (const item of distinct) {
    const key = equalityKey(item);
    if (!unique.has(key)) unique.set(key, item);
  }
  return [...unique.values()];
}

function hash([data, algorithm]: readonly JsonValue[]): JsonValue {
  if (!isHashAlgorithm(algorithm)) throw expected(`one of ${HASH_ALGORITHMS.join(", ")}`, algorithm);
  return hashHex(algorithm, typeof data === "string" ? limitedString(data) : jsonText(data));
}

function jsonMerge([left, right, deep]: readonly JsonValue[]): JsonValue {
  if (deep !== false) throw expected("false, because only a shallow merge is supported", deep);
  return { ...objectOf(left), ...objectOf(right) };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (isObject(value)) return value;
  throw expected("an object", value);
}

function stringToJson([value]: readonly JsonValue[]): JsonValue {
  const text = stringOf(value);
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    throw expected("JSON text", text);
  }
}

function mathRandom([from, to, seed]: readonly JsonValue[], evaluation: Evaluation): JsonValue {
  const [low, high] = [wholeNumber(from), wholeNumber(to)];
  if (low >= high) throw expected("a start below the end", from);
  const draw = seed === undefined ? evaluation.random() : javaRandomDouble(wholeNumber(seed));
  return Math.floor(draw * (high - low)) + low;
}

/** Splits at any of the delimiter's characters and drops empty pieces. */
function stringSplit([value, delimiter]: readonly JsonValue[]): JsonValue {
  const text = stringOf(value);
  const at = new Set(stringOf(delimiter));
  if (at.size === 0) return text === "" ? [] : [text];
  const pieces: string[] = [];
  let piece = "";
  for (const character of text) {
    if (!at.has(character)) piece += character;
    else {
      if (piece !== "") pieces.push(piece);
      piece = "";
    }
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}

function format([template, ...args]: readonly JsonValue[]): JsonValue {
  let used = 0;
  let length = 0;
  const text = stringOf(template).replace(/\\([{}\\'])|\{\}/g, (_match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const arg = args[used];
    used += 1;
    if (arg === undefined) throw mismatched(args.length);
    const printed = leastExceeds(arg, MAX_TEXT) ? undefined : formatArgument(arg);
    length += printed?.length ?? MAX_TEXT;
    if (printed === undefined || length > MAX_TEXT) throw tooLong();
    return printed;
  });
  if (used !== args.length) throw mismatched(args.length);
  return text;
}

function mismatched(given: number): IntrinsicFailure {
  const told = ": number of arguments do not match the occurrences of {}.";
  return new IntrinsicFailure(`${given} arguments are not one for each '{}'`, told);
}
