/** `numeric`: an equality, one bound, or a lower bound followed by an upper one. */
import { comparableNumber } from "./comparable-number.ts";
import type { JsonTokens, TokenKind } from "./json-tokens.ts";
import type { Predicate } from "./predicate.ts";

const TOO_MANY = "Too many elements in numeric expression";

interface Bound {
  operator: string;
  digits: string;
  value: number;
}

/** Reads to the end of the match expression; its name was read. */
export function parseNumeric(tokens: JsonTokens): Predicate {
  if (tokens.expect() !== "[") throw tokens.fail("Value of numeric must be an array.");
  const predicate = parseTerms(tokens);
  if (tokens.expect() !== "}") throw tokens.fail(TOO_MANY);
  return predicate;
}

function parseTerms(tokens: JsonTokens): Predicate {
  const first = tokens.expect();
  if (first !== "string") throw tokens.fail(`Invalid member in numeric match: ${textOf(tokens, first)}`);
  const operator = tokens.text();
  const value = tokens.expect();
  switch (operator) {
    case "=": {
      const { digits } = lastTerm(tokens, operator, value);
      return { kind: "number", value: comparable(tokens, digits), digits };
    }
    case "<":
    case "<=": {
      const upper = lastTerm(tokens, operator, value);
      return range(tokens, undefined, { ...upper, value: comparable(tokens, upper.digits) });
    }
    case ">":
    case ">=":
      return parseLowerBound(tokens, operator, value);
    default:
      throw tokens.fail(`Unrecognized numeric range operator: ${operator}`);
  }
}

function parseLowerBound(tokens: JsonTokens, operator: string, value: TokenKind): Predicate {
  const digits = digitsOf(tokens, operator, value);
  const next = tokens.expect();
  if (next === "]") return range(tokens, { operator, digits, value: comparable(tokens, digits) }, undefined);
  if (next !== "string") throw tokens.fail(`Bad value in numeric range: ${textOf(tokens, next)}`);
  const second = tokens.text();
  if (second !== "<" && second !== "<=") throw tokens.fail(`Bad numeric range operator: ${second}`);
  const top = digitsOf(tokens, second, tokens.expect());
  if (tokens.expect() !== "]") throw tokens.fail("Too many terms in numeric range expression");
  return range(
    tokens,
    { operator, digits, value: comparable(tokens, digits) },
    { operator: second, digits: top, value: comparable(tokens, top) },
  );
}

function range(tokens: JsonTokens, low: Bound | undefined, high: Bound | undefined): Predicate {
  const bottom = low?.value ?? Number.NEGATIVE_INFINITY;
  const top = high?.value ?? Number.POSITIVE_INFINITY;
  if (bottom >= top) throw tokens.fail("Bottom must be less than top");
  const terms = [low, high].flatMap((bound) => (bound ? [`${JSON.stringify(bound.operator)},${bound.digits}`] : []));
  const open = { openLow: low?.operator === ">", openHigh: high?.operator === "<" };
  return { kind: "range", low: bottom, high: top, ...open, text: `[${terms.join()}]` };
}

function lastTerm(tokens: JsonTokens, operator: string, token: TokenKind): { operator: string; digits: string } {
  const digits = digitsOf(tokens, operator === "=" ? "equals" : operator, token);
  if (tokens.expect() !== "]") throw tokens.fail(TOO_MANY);
  return { operator, digits };
}

function digitsOf(tokens: JsonTokens, operator: string, token: TokenKind): string {
  if (token !== "number") throw tokens.fail(`Value of ${operator} must be numeric`);
  return tokens.text();
}

function comparable(tokens: JsonTokens, digits: string): number {
  const value = comparableNumber(digits);
  if (value === undefined) throw tokens.fail(`Cannot compare number : ${digits}`);
  return value;
}

function textOf(tokens: JsonTokens, token: TokenKind): string {
  return token === "string" || token === "number" || token === "field" ? tokens.text() : token;
}
