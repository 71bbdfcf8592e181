/** `anything-but`: values, or an affix, wildcard or case-blind test, none of which may hold. */
import { comparableNumber } from "./comparable-number.ts";
import { InvalidEventPatternError } from "./invalid-event-pattern-error.ts";
import type { JsonTokens, TokenKind } from "./json-tokens.ts";
import type { AnythingButOperator, Predicate } from "./predicate.ts";
import { parseWildcard } from "./wildcard.ts";

// AWS uses the sentence for numbers here, too.
const TOO_MANY = "Too many elements in numeric expression";

/** Reads to the end of the match expression; its name was read. */
export function parseAnythingBut(tokens: JsonTokens): Predicate {
  let token = tokens.expect();
  let operator: AnythingButOperator = "equals";
  if (token === "{") {
    if (tokens.expect() !== "field") throw tokens.fail("Anything-But expression name not found");
    operator = operatorOf(tokens);
    token = tokens.expect();
  }
  if (token !== "[" && token !== "string" && token !== "number") {
    throw tokens.fail("Value of anything-but must be an array or single string/number value.");
  }
  const values = operator === "equals" ? readEquals(tokens, token) : readOperands(tokens, token, operator);
  if (tokens.expect() !== "}") throw tokens.fail(TOO_MANY);
  if (operator !== "equals" && tokens.expect() !== "}") throw tokens.fail(TOO_MANY);
  return { kind: "anything-but", operator, values };
}

function operatorOf(tokens: JsonTokens): AnythingButOperator {
  const name = tokens.text();
  switch (name) {
    case "equals-ignore-case":
    case "prefix":
    case "suffix":
    case "wildcard":
      return name;
    default:
      throw tokens.fail(`Unsupported anything-but pattern: ${name}`);
  }
}

function readEquals(tokens: JsonTokens, token: TokenKind): (string | number)[] {
  if (token === "string") return [tokens.text()];
  if (token === "number") {
    const value = comparableNumber(tokens.text());
    if (value === undefined) throw new InvalidEventPatternError(`Cannot compare number : ${tokens.text()}`);
    return [value];
  }
  const values: (string | number)[] = [];
  for (let item = tokens.expect(); item !== "]"; item = tokens.expect()) {
    if (item === "string") {
      values.push(tokens.text());
    } else if (item === "number") {
      const value = comparableNumber(tokens.text());
      if (value === undefined) throw tokens.fail(`Cannot compare number : ${tokens.text()}`);
      values.push(value);
    } else {
      throw tokens.fail("Inside anything but list, start|null|boolean is not supported.");
    }
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    throw tokens.fail("Inside anything but list, either all values are number or string, mixed type is not supported");
  }
  return values;
}

function readOperands(tokens: JsonTokens, token: TokenKind, operator: AnythingButOperator): string[] {
  if (token !== "[") return checkedWildcards(tokens, [readOperand(tokens, token, operator)], operator);
  const values: string[] = [];
  for (let item = tokens.expect(); item !== "]"; item = tokens.expect())
    values.push(readOperand(tokens, item, operator));
  return checkedWildcards(tokens, values, operator);
}

function readOperand(tokens: JsonTokens, token: TokenKind, operator: AnythingButOperator): string {
  if (token !== "string") {
    switch (operator) {
      case "equals-ignore-case":
        throw tokens.fail("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.");
      case "wildcard":
        throw tokens.fail("wildcard match pattern must be a string");
      default:
        throw tokens.fail("prefix/suffix match pattern must be a string");
    }
  }
  const text = tokens.text();
  if (text === "" && (operator === "prefix" || operator === "suffix"))
    throw tokens.fail("Null prefix/suffix not allowed");
  return text;
}

function checkedWildcards(tokens: JsonTokens, values: string[], operator: AnythingButOperator): string[] {
  if (operator !== "wildcard") return values;
  try {
    for (const value of values) parseWildcard(value);
  } catch (thrown) {
    throw tokens.fail(thrown instanceof Error ? thrown.message : String(thrown));
  }
  return values;
}
