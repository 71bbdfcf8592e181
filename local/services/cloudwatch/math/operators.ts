/** Operators: between numbers, point by point between series, and between each of a list. */
import { listOf, type MathValue, mapped, type Series, scalar, seriesOf } from "./series.ts";

type Work = (left: number, right: number) => number;

const truth =
  (test: (left: number, right: number) => boolean): Work =>
  (left, right) =>
    test(left, right) ? 1 : 0;

export const OPERATORS: Readonly<Record<string, Work>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "==": truth((a, b) => a === b),
  "!=": truth((a, b) => a !== b),
  "<": truth((a, b) => a < b),
  "<=": truth((a, b) => a <= b),
  ">": truth((a, b) => a > b),
  ">=": truth((a, b) => a >= b),
  "&&": truth((a, b) => a !== 0 && b !== 0),
  "||": truth((a, b) => a !== 0 || b !== 0),
};

/** @throws TypeError for operands that no operator takes */
export function operate(work: Work, left: MathValue, right: MathValue): MathValue {
  if (left.kind === "word" || right.kind === "word")
    throw new TypeError(`${left.kind === "word" ? left.word : right.kind === "word" ? right.word : ""} is not a value`);
  if (left.kind === "list" && right.kind === "list")
    return listOf(left.list.map((one, index) => between(work, one, right.list[index] ?? one)));
  if (left.kind === "list") return listOf(left.list.map((one) => withOther(work, one, right, false)));
  if (right.kind === "list") return listOf(right.list.map((one) => withOther(work, one, left, true)));
  if (left.kind === "series") return seriesOf(withOther(work, left.series, right, false));
  if (right.kind === "series") return seriesOf(withOther(work, right.series, left, true));
  return scalar(work(left.value, right.value));
}

function withOther(work: Work, one: Series, other: MathValue, otherIsLeft: boolean): Series {
  if (other.kind === "series") return otherIsLeft ? between(work, other.series, one) : between(work, one, other.series);
  const number = other.kind === "scalar" ? other.value : Number.NaN;
  return mapped(one, (value) => (otherIsLeft ? work(number, value) : work(value, number)));
}

/** Where both have a point. */
function between(work: Work, left: Series, right: Series): Series {
  return mapped(left, (value, atMs) => {
    const other = right.points.get(atMs);
    return other === undefined ? undefined : work(value, other);
  });
}
