/** Hive types of text values, and the type that holds two. */
const INTEGER = /^[+-]?\d{1,19}$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NUMBERS = ["int", "bigint", "double"];
const LONGEST = 2n ** 63n - 1n;

/** Undefined for an empty value, which says nothing of its column. */
export function columnType(value: string): string | undefined {
  const text = value.trim();
  if (text === "") return undefined;
  if (INTEGER.test(text)) {
    const size = BigInt(text.replace(/^\+/, ""));
    return size <= LONGEST && size >= -LONGEST - 1n ? "bigint" : "double";
  }
  if (DECIMAL.test(text)) return "double";
  return /^(true|false)$/i.test(text) ? "boolean" : "string";
}

export function mergeTypes(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || left === right) return right ?? left;
  if (right === undefined) return left;
  const widest = Math.max(NUMBERS.indexOf(left), NUMBERS.indexOf(right));
  return NUMBERS.includes(left) && NUMBERS.includes(right) ? (NUMBERS[widest] ?? "string") : "string";
}
