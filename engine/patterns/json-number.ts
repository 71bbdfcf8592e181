/** The digits of a JSON number, with the errors of the parser AWS uses. */
import { describeChar } from "./json-char.ts";

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MINUS = "expected digit (0-9) to follow minus sign, for valid numeric value";

/**
 * Reads the number that starts at `start`, with a digit or a minus.
 *
 * @param fail makes the error for a reason at a place in `source`
 */
export function readNumber(source: string, start: number, fail: (reason: string, at: number) => Error): string {
  NUMBER.lastIndex = start;
  const digits = NUMBER.exec(source)?.[0];
  const unexpected = (at: number, comment: string): Error => {
    const char = source[at];
    if (char === undefined) return fail("Unexpected end-of-input in a Number value", at);
    return fail(`Unexpected character (${describeChar(char)}) in numeric value: ${comment}`, at + 1);
  };
  if (digits === undefined) throw unexpected(start + 1, MINUS);
  const end = start + digits.length;
  const after = source[end] ?? "";
  if (/^-?0$/.test(digits) && /\d/.test(after)) throw fail("Invalid numeric value: Leading zeroes not allowed", end);
  if (after === "." && !/[.eE]/.test(digits)) throw unexpected(end + 1, "Decimal point not followed by a digit");
  if (/[eE]/.test(after) && !/[eE]/.test(digits)) {
    const sign = /[+-]/.test(source[end + 1] ?? "") ? 1 : 0;
    throw unexpected(end + 1 + sign, "Exponent indicator not followed by a digit");
  }
  return digits;
}
