/** Filter predicates: `[?(@.price < 10 && @.tags contains 'new')]`. */
import { deepEqual } from "../deep-equal.ts";
import { isArray, isObject, type JsonValue } from "../json.ts";
import { BoundedRegExp } from "../regex/bounded-regexp.ts";
import { UnboundedRegexError } from "../regex/match-plan.ts";
import { runtimeError } from "../state-error.ts";
import { JsonPathSyntaxError, type ParsedPath, parsePathPrefix } from "./parse.ts";

export type Operand =
  | Readonly<{ kind: "path"; path: ParsedPath }>
  | Readonly<{ kind: "literal"; value: JsonValue }>
  | RegexOperand;
type RegexOperand = Readonly<{ kind: "regex"; regex: RegExp }>;

export type Filter =
  | Readonly<{ kind: "or"; left: Filter; right: Filter }>
  | Readonly<{ kind: "and"; left: Filter; right: Filter }>
  | Readonly<{ kind: "not"; filter: Filter }>
  | Readonly<{ kind: "exists"; path: ParsedPath }>
  | Readonly<{ kind: "compare"; operator: string; left: Operand; right: Operand }>;

/** What a filter asks of the data. */
export interface FilterData {
  /** The value a path in the filter finds: `undefined` when there is none. */
  read(path: ParsedPath): JsonValue | undefined;
  includes(list: readonly JsonValue[], value: JsonValue): boolean;
}

const OPERATOR = /\s*(==|!=|<=|>=|=~|<|>|in\b|nin\b|contains\b|size\b|empty\b|anyof\b|noneof\b|subsetof\b)\s*/iy;

/** Reads `(…)` starting at `start`; `end` is behind the closing parenthesis. */
export function parseFilter(text: string, start: number): { filter: Filter; end: number } {
  const reader = new FilterReader(text, start);
  reader.expect("(");
  const filter = reader.readOr();
  reader.expect(")");
  return { filter, end: reader.at };
}

class FilterReader {
  readonly text: string;
  at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  expect(token: string): void {
    if (!this.take(token)) throw new JsonPathSyntaxError(this.text, this.at, `'${token}'`);
  }

  take(token: string): boolean {
    while (this.text[this.at] === " ") this.at += 1;
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  readOr(): Filter {
    let left = this.readAnd();
    while (this.take("||")) left = { kind: "or", left, right: this.readAnd() };
    return left;
  }

  readAnd(): Filter {
    let left = this.readUnary();
    while (this.take("&&")) left = { kind: "and", left, right: this.readUnary() };
    return left;
  }

  readUnary(): Filter {
    if (this.take("!")) return { kind: "not", filter: this.readUnary() };
    if (this.take("(")) {
      const filter = this.readOr();
      this.expect(")");
      return filter;
    }
    const left = this.readOperand();
    OPERATOR.lastIndex = this.at;
    const operator = OPERATOR.exec(this.text);
    if (operator === null) {
      if (left.kind !== "path") throw new JsonPathSyntaxError(this.text, this.at, "a comparison operator");
      return { kind: "exists", path: left.path };
    }
    this.at += operator[0].length;
    return { kind: "compare", operator: (operator[1] ?? "").toLowerCase(), left, right: this.readOperand() };
  }

  readOperand(): Operand {
    while (this.text[this.at] === " ") this.at += 1;
    const head = this.text[this.at];
    if (head === "@" || head === "$") {
      const { path, end } = parsePathPrefix(this.text, this.at);
      this.at = end;
      return { kind: "path", path };
    }
    const rest = this.text.slice(this.at);
    const regex = /^\/((?:[^/\\]|\\.)*)\/(i?)/.exec(rest);
    if (regex !== null) {
      const compiled = this.compileRegex(regex[1] ?? "", regex[2] ?? "");
      this.at += regex[0].length;
      return { kind: "regex", regex: compiled };
    }
    return { kind: "literal", value: this.readLiteral(rest) };
  }

  compileRegex(source: string, flags: string): RegExp {
    try {
      return new BoundedRegExp(`^(?:${source})$`, flags);
    } catch (cause) {
      throw new JsonPathSyntaxError(this.text, this.at, `a regular expression (${String(cause)})`);
    }
  }

  readLiteral(rest: string): JsonValue {
    const quoted = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/.exec(rest);
    if (quoted !== null) {
      this.at += quoted[0].length;
      return (quoted[1] ?? quoted[2] ?? "").replace(/\\(.)/g, "$1");
    }
    const plain = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\[[^\]]*\])/.exec(rest);
    if (plain === null)
      throw new JsonPathSyntaxError(this.text, this.at, "a path, a string, a number, true, false or null");
    this.at += plain[0].length;
    try {
      return JSON.parse(plain[0].replaceAll("'", '"'));
    } catch (cause) {
      throw new JsonPathSyntaxError(this.text, this.at, `a list of literals (${String(cause)})`);
    }
  }
}

/** Whether the filter holds. */
export function holds(filter: Filter, data: FilterData): boolean {
  if (filter.kind === "or" || filter.kind === "and") {
    const left = holds(filter.left, data);
    return left === (filter.kind === "or") ? left : holds(filter.right, data);
  }
  if (filter.kind === "not") return !holds(filter.filter, data);
  if (filter.kind === "exists") return data.read(filter.path) !== undefined;
  const left = operandValue(filter.left, data);
  if (filter.right.kind === "regex") return typeof left === "string" && matches(filter.right.regex, left);
  return compare(filter.operator, left, operandValue(filter.right, data), data);
}

function operandValue(operand: Operand, data: FilterData): JsonValue | undefined {
  if (operand.kind === "path") return data.read(operand.path);
  return operand.kind === "literal" ? operand.value : undefined;
}

function compare(
  operator: string,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
  data: FilterData,
): boolean {
  if (operator === "!=") return left === undefined || right === undefined ? left !== right : !deepEqual(left, right);
  if (left === undefined || right === undefined) return false;
  switch (operator) {
    case "==":
      return deepEqual(left, right);
    case "in":
      return isArray(right) && data.includes(right, left);
    case "nin":
      return isArray(right) && !data.includes(right, left);
    case "contains":
      if (typeof left === "string") return typeof right === "string" && left.includes(right);
      return isArray(left) && data.includes(left, right);
    case "size":
      return sizeOf(left) === right;
    case "empty":
      return (sizeOf(left) === 0) === right;
    case "anyof":
      return isArray(left) && isArray(right) && left.some((item) => data.includes(right, item));
    case "noneof":
      return isArray(left) && isArray(right) && !left.some((item) => data.includes(right, item));
    case "subsetof":
      return isArray(left) && isArray(right) && left.every((item) => data.includes(right, item));
    default:
      return inOrder(operator, left, right);
  }
}

function sizeOf(value: JsonValue): number | undefined {
  return isArray(value) || typeof value === "string" ? value.length : undefined;
}

function inOrder(operator: string, left: JsonValue, right: JsonValue): boolean {
  const comparable =
    (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string");
  if (!comparable || isObject(left) || isObject(right) || left === null || right === null) return false;
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

function matches(regex: RegExp, text: string): boolean {
  try {
    return regex.test(text);
  } catch (thrown) {
    throw thrown instanceof UnboundedRegexError ? runtimeError(thrown.message) : thrown;
  }
}
