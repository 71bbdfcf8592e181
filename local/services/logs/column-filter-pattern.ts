/**
 * Space-delimited filter patterns: `[ip, user, ..., status = 4*, bytes > 1000]`, a column each.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { AwsError } from "../../aws-error.ts";
import { globTest } from "./insights/patterns.ts";
import { regexTest } from "./regex-term.ts";

type Test = (column: string) => boolean;

const ANY: Test = () => true;
const ELLIPSIS = "...";
/** One comparison of a column: `name`, `name = value`, `name != "some text"`, `name >= 5`. */
const CONDITION =
  /^\s*([A-Za-z_]\w*)\s*(?:(!=|>=|<=|=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"|(%(?:[^%\\]|\\.)*%|[^\s"]+)))?\s*$/;
/** A column of an event: in brackets, in quotes, or up to the next space. */
const COLUMN = /\[([^\]]*)\]|"([^"]*)"|(\S+)/g;

/** @throws AwsError InvalidParameterException */
export function compileColumnPattern(pattern: string): (message: string) => boolean {
  if (!pattern.endsWith("]")) throw invalid(pattern, "it has no closing bracket");
  const columns = splitOutside(pattern.slice(1, -1), ",").map((column) => column.trim());
  const ellipses = columns.filter((column) => column === ELLIPSIS).length;
  if (ellipses > 1) throw invalid(pattern, "it has more than one ellipsis (...)");
  const open = columns.indexOf(ELLIPSIS);
  const before = columns.slice(0, open < 0 ? undefined : open).map((column) => columnTest(column, pattern));
  const after = open < 0 ? [] : columns.slice(open + 1).map((column) => columnTest(column, pattern));
  return (message) => {
    const found = columnsOf(message);
    const count = before.length + after.length;
    if (open < 0 ? found.length !== count : found.length < count) return false;
    const last = found.length - after.length;
    return (
      before.every((test, index) => test(found[index] ?? "")) &&
      after.every((test, index) => test(found[last + index] ?? ""))
    );
  };
}

/** Reads the column of a name; undefined when the pattern has none of it. */
export function columnReader(pattern: string, name: string): ((message: string) => string | undefined) | undefined {
  const columns = splitOutside(pattern.slice(1, -1), ",").map(
    (column) => /^\s*([A-Za-z_]\w*)/.exec(column)?.[1] ?? column.trim(),
  );
  const index = columns.indexOf(name);
  const open = columns.indexOf(ELLIPSIS);
  if (index < 0) return undefined;
  return (message) => columnsOf(message).at(open >= 0 && index > open ? index - columns.length : index);
}

function columnTest(column: string, pattern: string): Test {
  if (column === "" || column === "*") return ANY;
  const alternatives = splitOutside(column, "||").map((all) => {
    const tests = splitOutside(all, "&&").map((one) => conditionTest(one, pattern));
    return (value: string) => tests.every((test) => test(value));
  });
  return (value) => alternatives.some((test) => test(value));
}

function conditionTest(condition: string, pattern: string): Test {
  const [whole, , operator, quoted, plain] = CONDITION.exec(condition) ?? [];
  if (whole === undefined) throw invalid(pattern, `cannot read the column "${condition.trim()}"`);
  if (operator === undefined) return ANY;
  const text = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  const number = quoted === undefined ? Number(text) : Number.NaN;
  if (operator === "=" || operator === "!=") {
    const textTest = (plain === undefined ? undefined : regexTest(plain, pattern)) ?? globTest(text);
    const numeric = (value: string) => value.trim() !== "" && Number(value) === number;
    const equals = Number.isNaN(number) ? textTest : numeric;
    return (value) => equals(value) === (operator === "=");
  }
  if (Number.isNaN(number)) throw invalid(pattern, `${operator} compares numbers, not "${text}"`);
  const compares = { ">": (n: number) => n > number, "<": (n: number) => n < number, ">=": (n: number) => n >= number };
  const test =
    operator === ">" || operator === "<" || operator === ">=" ? compares[operator] : (n: number) => n <= number;
  return (value) => value.trim() !== "" && test(Number(value));
}

function columnsOf(message: string): string[] {
  return [...message.matchAll(COLUMN)].map(([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? "");
}

/** Parts of `text` between separators that do not stand in quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === "" && text.startsWith(separator, at)) {
      parts.push("");
      at += separator.length - 1;
      continue;
    }
    if (char === quote) quote = "";
    else if (quote === "" && (char === '"' || char === "%")) quote = char;
    parts[parts.length - 1] += char;
  }
  return parts;
}

const invalid = (pattern: string, why: string) =>
  new AwsError("InvalidParameterException", `Invalid filter pattern ${pattern}: ${why}`);
