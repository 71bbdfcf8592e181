/**
 * Filter patterns of CloudWatch Logs: terms (`ERROR "disk full" -debug ?a ?b %regex%`), JSON
 * (`{ $.level = "ERROR" && $.ms > 5 }`) and columns (`[ip, ..., status = 4*]`).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { compileColumnPattern } from "./column-filter-pattern.ts";
import { compileJsonPattern } from "./json-filter-pattern.ts";
import { regexTest } from "./regex-term.ts";

type Test = (message: string) => boolean;

/**
 * A test for messages; the empty pattern matches all.
 * @throws AwsError InvalidParameterException for a pattern that is malformed
 */
export function compileFilterPattern(pattern: string): Test {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("{")) return compileJsonPattern(text);
  if (text.startsWith("[")) return compileColumnPattern(text);
  return compileTerms(text);
}

const TERM = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|(%(?:[^%\\]|\\.)*%|\S+))/g;

function compileTerms(text: string): Test {
  const required: Test[] = [];
  const excluded: Test[] = [];
  const optional: Test[] = [];
  for (const [, sign, quoted, plain = ""] of text.matchAll(TERM)) {
    const term = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    const test =
      (quoted === undefined ? regexTest(term, text) : undefined) ?? ((message: string) => message.includes(term));
    if (sign === "-") excluded.push(test);
    else if (sign === "?") optional.push(test);
    else required.push(test);
  }
  return (message) =>
    required.every((test) => test(message)) &&
    !excluded.some((test) => test(message)) &&
    (optional.length === 0 || optional.some((test) => test(message)));
}
