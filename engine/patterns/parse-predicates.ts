/**
 * The array of a field: values and match expressions, one of which must hold. The order of checks is AWS's, so that the
 * first error told is the one AWS tells.
 */
import { comparableNumber } from "./comparable-number.ts";
import { InvalidEventPatternError } from "./invalid-event-pattern-error.ts";
import { parseCidr, parseIpAddress } from "./ip-address.ts";
import type { JsonTokens } from "./json-tokens.ts";
import { parseAnythingBut } from "./parse-anything-but.ts";
import { parseNumeric } from "./parse-numeric.ts";
import type { Predicate } from "./predicate.ts";
import { parseWildcard } from "./wildcard.ts";

const ONE_KEY = "Only one key allowed in match expression";

/** Reads to the closing bracket; the opening one was read. */
export function parseFieldPredicates(tokens: JsonTokens): Predicate[] {
  const predicates: Predicate[] = [];
  for (let token = tokens.expect(); token !== "]"; token = tokens.expect()) {
    switch (token) {
      case "{":
        predicates.push(parseMatchExpression(tokens));
        break;
      case "string":
        predicates.push(stringPredicate(tokens.text()));
        break;
      case "number":
        predicates.push({ kind: "number", value: comparableNumber(tokens.text()), digits: tokens.text() });
        break;
      case "true":
      case "false":
        predicates.push({ kind: "literal", value: token === "true" });
        break;
      case "null":
        predicates.push({ kind: "literal", value: null });
        break;
      default:
        throw tokens.fail("Match value must be String, number, true, false, or null");
    }
  }
  if (predicates.length === 0) throw tokens.fail("Empty arrays are not allowed");
  return predicates;
}

function parseMatchExpression(tokens: JsonTokens): Predicate {
  if (tokens.expect() !== "field") throw tokens.fail("Match expression name not found");
  const name = tokens.text();
  switch (name) {
    case "exactly":
      return closed(tokens, { kind: "string", value: stringOf(tokens, "exact match pattern must be a string") });
    case "prefix":
    case "suffix":
      return parseAffix(tokens, name);
    case "numeric":
      return parseNumeric(tokens);
    case "anything-but":
      return parseAnythingBut(tokens);
    case "exists":
      return parseExists(tokens);
    case "cidr":
      // AWS says "prefix" here, too.
      return closed(tokens, cidrPredicate(stringOf(tokens, "prefix match pattern must be a string")));
    case "equals-ignore-case":
      return closed(tokens, {
        kind: name,
        value: stringOf(tokens, "equals-ignore-case match pattern must be a string"),
      });
    case "wildcard":
      return closed(tokens, {
        kind: name,
        value: checkedWildcard(tokens, stringOf(tokens, "wildcard match pattern must be a string")),
      });
    default:
      throw tokens.fail(`Unrecognized match type ${name}`);
  }
}

function parseAffix(tokens: JsonTokens, kind: "prefix" | "suffix"): Predicate {
  const token = tokens.expect();
  if (token === "string") return closed(tokens, { kind, value: tokens.text(), ignoreCase: false });
  if (token !== "{") throw tokens.fail(`${kind} match pattern must be a string`);
  if (tokens.expect() !== "field")
    throw tokens.fail(`${kind === "prefix" ? "Prefix" : "Suffix"} expression name not found`);
  const inner = tokens.text();
  if (inner !== "equals-ignore-case") throw tokens.fail(`Unsupported ${kind} pattern: ${inner}`);
  const value = stringOf(tokens, "equals-ignore-case match pattern must be a string");
  return closed(tokens, closed(tokens, { kind, value, ignoreCase: true }));
}

function parseExists(tokens: JsonTokens): Predicate {
  const token = tokens.expect();
  if (token !== "true" && token !== "false") throw tokens.fail("exists match pattern must be either true or false.");
  return closed(tokens, { kind: "exists", present: token === "true" });
}

function stringPredicate(value: string): Predicate {
  const address = parseIpAddress(value);
  if (address === undefined) return { kind: "string", value };
  return { kind: "address", family: address.family, low: address.bits, high: address.bits, text: value };
}

function cidrPredicate(text: string): Predicate {
  try {
    return { kind: "address", ...parseCidr(text), text };
  } catch (thrown) {
    // AWS gives no place for these.
    throw new InvalidEventPatternError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function checkedWildcard(tokens: JsonTokens, text: string): string {
  try {
    parseWildcard(text);
  } catch (thrown) {
    throw tokens.fail(thrown instanceof Error ? thrown.message : String(thrown));
  }
  return text;
}

function stringOf(tokens: JsonTokens, otherwise: string): string {
  if (tokens.expect() !== "string") throw tokens.fail(otherwise);
  return tokens.text();
}

function closed(tokens: JsonTokens, predicate: Predicate): Predicate {
  if (tokens.expect() !== "}") throw tokens.fail(ONE_KEY);
  return predicate;
}
