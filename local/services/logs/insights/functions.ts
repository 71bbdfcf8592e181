/**
 * Functions of a single event.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
 */
import { numberOf, ordered, textOf, type Value } from "./expression.ts";

type Work = (...values: Value[]) => Value;

const onNumber =
  (work: (value: number) => number): Work =>
  (value) => {
    const number = numberOf(value);
    return number === undefined ? undefined : work(number);
  };
const onText =
  (work: (text: string, ...more: Value[]) => Value): Work =>
  (value, ...more) =>
    value === undefined ? undefined : work(textOf(value), ...more);
const among =
  (better: (order: number) => boolean): Work =>
  (...values) =>
    values.reduce((best, value) => (best === undefined || better(ordered(value, best)) ? value : best));

export const FUNCTIONS: Readonly<Record<string, Work>> = {
  abs: onNumber(Math.abs),
  ceil: onNumber(Math.ceil),
  floor: onNumber(Math.floor),
  log: onNumber(Math.log),
  sqrt: onNumber(Math.sqrt),
  greatest: among((order) => order > 0),
  least: among((order) => order < 0),
  ispresent: (value) => value !== undefined,
  coalesce: (...values) => values.find((value) => value !== undefined),
  isempty: (value) => value === undefined || value === "",
  isblank: (value) => value === undefined || textOf(value).trim() === "",
  concat: (...values) => values.map(textOf).join(""),
  strlen: onText((text) => text.length),
  toupper: onText((text) => text.toUpperCase()),
  tolower: onText((text) => text.toLowerCase()),
  trim: onText((text, chars) => trimmed(text, chars, true, true)),
  ltrim: onText((text, chars) => trimmed(text, chars, true, false)),
  rtrim: onText((text, chars) => trimmed(text, chars, false, true)),
  substr: onText((text, from, length) => {
    const start = numberOf(from) ?? 0;
    const count = numberOf(length);
    return text.slice(start, count === undefined ? undefined : start + count);
  }),
  replace: onText((text, searched, by) => text.replaceAll(textOf(searched), () => textOf(by))),
  strcontains: onText((text, searched) => (text.includes(textOf(searched)) ? 1 : 0)),
  frommillis: (value) => value,
  tomillis: onNumber((value) => value),
};

function trimmed(text: string, chars: Value, left: boolean, right: boolean): string {
  const dropped = chars === undefined ? " \t\r\n" : textOf(chars);
  let [from, to] = [0, text.length];
  while (left && from < to && dropped.includes(text.charAt(from))) from++;
  while (right && to > from && dropped.includes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

const UNITS: readonly [RegExp, number][] = [
  [/^(ms|msec|milliseconds?)$/, 1],
  [/^(s|sec|secs|seconds?)$/, 1000],
  [/^(m|min|mins|minutes?)$/, 60_000],
  [/^(h|hr|hrs|hours?)$/, 3_600_000],
  [/^(d|days?)$/, 86_400_000],
  [/^(w|weeks?)$/, 7 * 86_400_000],
];

/** Of a period such as `5m`; undefined for a unit that has none (months and years are not of one length). */
export function unitMs(unit: string): number | undefined {
  return UNITS.find(([words]) => words.test(unit.toLowerCase()))?.[1];
}
