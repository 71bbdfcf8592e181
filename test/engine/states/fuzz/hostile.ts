/** Values that break what is careless: keys of the prototype, halves of surrogate pairs, numbers at and over the edges. */
import type { JsonValue } from "../../../../engine/index.ts";
import type { Draw } from "./draw.ts";

export const STRINGS = [
  "",
  "a",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "\ud800",
  "\udc00 back to front",
  "\u0000",
  "\u2028",
  "😀".repeat(3),
  "é\u0301",
  "'\"\\`",
  "$",
  "$.a",
  "$$.x",
  "{% 1 %}",
  "{%",
  "%}",
  "{}",
  "{",
  "States.ALL",
  "true",
  "null",
  "2024-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999999999+14:00",
  "1e400",
  "*",
  "a*b\\*",
  "x".repeat(300),
] as const;

export const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  3,
  0.1,
  1.5,
  255,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  2 ** 53 + 2,
  1e21,
  1e308,
  -1e308,
  5e-324,
  99_999_999,
] as const;

const KEYS = ["a", "b", "x", "list", "n", "when", "flag", "Error", "Payload", ...STRINGS] as const;

export const ERROR_NAMES = [
  "Flaky",
  "Busy.Exception",
  "States.TaskFailed",
  "States.Timeout",
  "States.HeartbeatTimeout",
  "States.Runtime",
  "States.DataLimitExceeded",
  "States.ALL",
  "",
  "__proto__",
  "\ud800",
] as const;

/** A JSON object, always: `__proto__` becomes a member of its own, as JSON.parse has it. */
export function object(entries: readonly (readonly [string, JsonValue])[]): { [key: string]: JsonValue } {
  return Object.fromEntries(entries);
}

/** Any JSON value, at most `depth` levels deep. */
export function json(draw: Draw, depth = 3): JsonValue {
  const kind = draw.below(depth > 0 ? 8 : 5);
  if (kind === 0) return draw.pick([null, true, false]);
  if (kind < 3) return draw.pick(NUMBERS);
  if (kind < 5) return draw.pick(STRINGS);
  if (kind === 5) return draw.several(0, 4, () => json(draw, depth - 1));
  return object(draw.several(0, 5, () => [draw.pick(KEYS), json(draw, depth - 1)] as const));
}

/** An input most paths find something in. */
export function input(draw: Draw): JsonValue {
  if (draw.chance(0.2)) return json(draw);
  return object([
    ["a", json(draw, 2)],
    ["n", draw.pick(NUMBERS)],
    ["flag", draw.chance(0.5)],
    ["list", draw.several(0, 6, () => json(draw, 1))],
    ["when", "2024-02-30T00:00:00Z"],
    ...(draw.chance(0.3) ? ([[draw.pick(STRINGS), json(draw, 1)]] as const) : []),
    // Just under and just over what a state may hand on.
    ...(draw.chance(0.01) ? ([["big", "é".repeat(131_000 + draw.below(200))]] as const) : []),
  ]);
}
