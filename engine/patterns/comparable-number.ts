/**
 * Numbers as AWS compares them: as doubles, where the double is the very number that was written. A number with more
 * digits than a double holds cannot be compared; a pattern then only matches the same digits.
 */

/** The double equal to `digits` (a JSON number), or undefined where there is none. */
export function comparableNumber(digits: string): number | undefined {
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return normalized(String(value)) === normalized(digits) ? value : undefined;
}

/** The same text for equal decimals: sign, digits without outer zeros, power of ten of the last digit. */
function normalized(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return "0";
  const power = Number(exponent) - fraction.length + (all.length - digits.length);
  return `${sign}${digits}e${power}`;
}
