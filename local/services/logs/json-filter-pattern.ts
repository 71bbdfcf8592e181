/** JSON filter patterns: comparisons of `$.selectors`, joined by && and ||, in parentheses. */
import { AwsError } from "../../aws-error.ts";
import { globTest } from "./insights/patterns.ts";
import { regexTest } from "./regex-term.ts";

type Test = (event: unknown) => boolean;

const TOKEN =
  /\s*(?:(&&|\|\||[()]|!=|>=|<=|=|>|<)|"((?:[^"\\]|\\.)*)"|(\$(?:\.[A-Za-z0-9_@-]+|\[\d+\]|\["[^"]*"\])*)|(%(?:[^%\\]|\\.)*%|[^\s()=<>!&|"]+))/y;

interface Token {
  kind: "operator" | "string" | "selector" | "word";
  text: string;
}

/** @throws AwsError InvalidParameterException */
export function compileJsonPattern(pattern: string): (message: string) => boolean {
  if (!pattern.endsWith("}")) throw invalid(pattern, "it has no closing brace");
  const tokens = tokenize(pattern.slice(1, -1), pattern);
  const test = parseOr(tokens, pattern);
  if (tokens.length > 0) throw invalid(pattern, `"${tokens[0]?.text}" is not expected`);
  return (message) => {
    const event = parsed(message);
    return event !== undefined && test(event);
  };
}

/** Reads a scalar by its selector, e.g. `$.ms`. */
export function jsonReader(selector: string): (message: string) => string | undefined {
  const path = pathOf(selector);
  return (message) => {
    const value = select(parsed(message), path);
    return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
  };
}

/** The JSON of a message, which may stand behind a prefix; undefined without any. */
function parsed(message: string): unknown {
  const start = message.indexOf("{");
  if (start < 0) return undefined;
  try {
    return JSON.parse(message.slice(start));
  } catch {
    return undefined;
  }
}

function tokenize(text: string, pattern: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const whole = text.trimEnd();
  while (TOKEN.lastIndex < whole.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(whole);
    if (!match) throw invalid(pattern, `cannot read "${whole.slice(at).trim()}"`);
    if (match[1] !== undefined) tokens.push({ kind: "operator", text: match[1] });
    else if (match[2] !== undefined) tokens.push({ kind: "string", text: match[2].replace(/\\(.)/g, "$1") });
    else if (match[3] !== undefined) tokens.push({ kind: "selector", text: match[3] });
    else tokens.push({ kind: "word", text: match[4] ?? "" });
  }
  return tokens;
}

function parseOr(tokens: Token[], pattern: string): Test {
  const tests = [parseAnd(tokens, pattern)];
  while (take(tokens, "||")) tests.push(parseAnd(tokens, pattern));
  return (event) => tests.some((test) => test(event));
}

function parseAnd(tokens: Token[], pattern: string): Test {
  const tests = [parseComparison(tokens, pattern)];
  while (take(tokens, "&&")) tests.push(parseComparison(tokens, pattern));
  return (event) => tests.every((test) => test(event));
}

function parseComparison(tokens: Token[], pattern: string): Test {
  if (take(tokens, "(")) {
    const inner = parseOr(tokens, pattern);
    if (!take(tokens, ")")) throw invalid(pattern, 'a ")" is missing');
    return inner;
  }
  const selector = tokens.shift();
  if (selector?.kind !== "selector") throw invalid(pattern, "a comparison starts with a selector such as $.level");
  const path = pathOf(selector.text);
  const operator = tokens.shift();
  if (operator?.kind === "word") return parseWordTest(operator.text, path, tokens, pattern);
  const operand = tokens.shift();
  if (operator?.kind !== "operator" || operand === undefined)
    throw invalid(pattern, "a comparison needs an operator and a value");
  return compare(path, operator.text, operand, pattern);
}

function parseWordTest(word: string, path: readonly string[], tokens: Token[], pattern: string): Test {
  const next = tokens.shift()?.text.toUpperCase();
  const test = `${word.toUpperCase()} ${next}`;
  if (test === "IS NULL") return (event) => select(event, path) === null;
  if (test === "IS TRUE") return (event) => select(event, path) === true;
  if (test === "IS FALSE") return (event) => select(event, path) === false;
  if (test === "NOT EXISTS") return (event) => select(event, path) === undefined;
  throw invalid(pattern, `"${word} ${next}" is not a test; IS NULL, IS TRUE, IS FALSE and NOT EXISTS are`);
}

function compare(path: readonly string[], operator: string, operand: Token, pattern: string): Test {
  const number = operand.kind === "word" ? Number(operand.text) : Number.NaN;
  const numeric = !Number.isNaN(number);
  if (operator === "=" || operator === "!=") {
    const wanted = operator === "=";
    const equals = numeric ? (value: unknown) => value === number : textTest(operand.text, pattern);
    return (event) => {
      const value = select(event, path);
      return value !== undefined && equals(value) === wanted;
    };
  }
  if (!numeric) throw invalid(pattern, `${operator} compares numbers, not "${operand.text}"`);
  return (event) => {
    const value = select(event, path);
    if (typeof value !== "number") return false;
    if (operator === ">") return value > number;
    if (operator === "<") return value < number;
    return operator === ">=" ? value >= number : value <= number;
  };
}

// "*" stands for any characters, and %…% is a regular expression, as in the service.
function textTest(text: string, pattern: string): (value: unknown) => boolean {
  const test = regexTest(text, pattern) ?? globTest(text);
  return (value) => typeof value !== "object" && test(String(value));
}

function pathOf(selector: string): string[] {
  return [...selector.matchAll(/\.([A-Za-z0-9_@-]+)|\[(\d+)\]|\["([^"]*)"\]/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? "",
  );
}

function select(event: unknown, path: readonly string[]): unknown {
  let value = event;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function take(tokens: Token[], operator: string): boolean {
  if (tokens[0]?.kind !== "operator" || tokens[0].text !== operator) return false;
  tokens.shift();
  return true;
}

const invalid = (pattern: string, why: string) =>
  new AwsError("InvalidParameterException", `Invalid filter pattern ${pattern}: ${why}`);
