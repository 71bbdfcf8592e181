/** `%…%` in a filter pattern: a regular expression, found anywhere in the text. */
import { AwsError } from "../../aws-error.ts";
import { linearRegex } from "./insights/patterns.ts";

/**
 * Undefined for text that is none.
 * @throws AwsError InvalidParameterException for one that cannot be read
 */
export function regexTest(term: string, pattern: string): ((text: string) => boolean) | undefined {
  if (term.length < 3 || !term.startsWith("%") || !term.endsWith("%")) return undefined;
  try {
    const compiled = linearRegex(term.slice(1, -1).replaceAll("\\%", "%"));
    return (text) => compiled.matcher(text).find();
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AwsError(
      "InvalidParameterException",
      `Invalid filter pattern ${pattern}: ${term} cannot be read: ${why}`,
    );
  }
}
