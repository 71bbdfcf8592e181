/** Expressions of Logs Insights: values of fields, compared and computed with. A value is text, a number, or missing. */
export type Value = string | number | boolean | undefined;

export interface Row {
  get(field: string): Value;
}

export type Evaluate = (row: Row) => Value;

/** A number when the value reads as one. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function textOf(value: Value): string {
  return value === undefined ? "" : String(value);
}

/** False, 0, "" and what is missing are not true. */
export function isTrue(value: Value): boolean {
  return value === true || (value !== undefined && value !== false && value !== 0 && value !== "");
}

/** Two numbers as numbers, else as text; undefined when one is missing. */
export function compared(left: Value, right: Value): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  const [c, d] = [textOf(left), textOf(right)];
  return c < d ? -1 : c > d ? 1 : 0;
}

/** As `sort` orders: what is missing, then text, then numbers. */
export function ordered(left: Value, right: Value): number {
  const rank = (value: Value) => (value === undefined ? 0 : numberOf(value) === undefined ? 1 : 2);
  return rank(left) - rank(right) || (compared(left, right) ?? 0);
}

const arithmetic = (work: (left: number, right: number) => number) => (left: Value, right: Value) => {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const result = work(a, b);
  return Number.isFinite(result) ? result : undefined;
};

export const OPERATORS: Readonly<Record<string, (left: Value, right: Value) => Value>> = {
  "+": arithmetic((a, b) => a + b),
  "-": arithmetic((a, b) => a - b),
  "*": arithmetic((a, b) => a * b),
  "/": arithmetic((a, b) => a / b),
  "%": arithmetic((a, b) => a % b),
  "^": arithmetic((a, b) => a ** b),
  "=": (a, b) => compared(a, b) === 0,
  "!=": (a, b) => compared(a, b) !== 0,
  "<": (a, b) => (compared(a, b) ?? Number.NaN) < 0,
  "<=": (a, b) => (compared(a, b) ?? Number.NaN) <= 0,
  ">": (a, b) => (compared(a, b) ?? Number.NaN) > 0,
  ">=": (a, b) => (compared(a, b) ?? Number.NaN) >= 0,
};
