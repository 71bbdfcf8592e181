/**
 * Filter patterns of CloudWatch Logs: terms (`ERROR "disk full" -debug ?a ?b`) and JSON (`{ $.level = "ERROR" && $.ms > 5 }`).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { AwsError } from "../../aws-error.ts";
import { compileJsonPattern } from "./json-filter-pattern.ts";

/**
 * A test for messages; the empty pattern matches all.
 * @throws AwsError InvalidParameterException for a pattern that is malformed or of a kind not built (regular expressions, columns).
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return compileJsonPattern(text);
  if (text.startsWith("[") || text.startsWith("%")) {
    throw new AwsError(
      "InvalidParameterException",
      `Invalid filter pattern ${pattern}: column patterns and regular expressions are not built in the embedded home; use terms or { $.field = value }`,
    );
  }
  return compileTerms(text);
}

function compileTerms(text: string): (message: string) => boolean {
  const required: string[] = [];
  const excluded: string[] = [];
  const optional: string[] = [];
  for (const match of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const term = match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? "";
    if (match[1] === "-") excluded.push(term);
    else if (match[1] === "?") optional.push(term);
    else required.push(term);
  }
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}
