/** By what a predicate is looked up in the index. */
import type { Predicate, Scalar } from "./predicate.ts";
import { parseWildcard } from "./wildcard.ts";

export type IndexKey =
  /** The value itself. */
  | Readonly<{ by: "exact"; value: Scalar; isWhole: true }>
  /** A piece of text the value starts with, ends with, or has somewhere. */
  | Readonly<{ by: TextPart; text: string; isWhole: boolean }>
  | Readonly<{ by: "range"; low: number; high: number; isWhole: false }>
  | Readonly<{ by: "address"; low: bigint; high: bigint; isWhole: false }>
  /** Nothing but that there is a value. */
  | Readonly<{ by: "presence"; isWhole: false }>;

/** Folded: the text's letters A to Z are in lower case, and so is what is looked up. */
export type TextPart = "prefix" | "suffix" | "gram" | "folded-prefix" | "folded-suffix";

/** Letters of a piece that is looked up anywhere in a text. */
export const GRAM_LETTERS = 3;

const IPV6_BASE = 1n << 128n;
const PRESENCE: readonly IndexKey[] = [{ by: "presence", isWhole: false }];

/**
 * The keys `predicate` can be looked up by, one of which is enough: each value it accepts has all of them. A key `isWhole`
 * where the predicate accepts each value that has it, so that there is nothing left to check.
 */
export function keysOf(predicate: Predicate): readonly IndexKey[] {
  switch (predicate.kind) {
    case "string":
    case "literal":
      return [{ by: "exact", value: predicate.value, isWhole: true }];
    case "number":
      return [{ by: "exact", value: predicate.value ?? Number(predicate.digits), isWhole: true }];
    case "prefix":
    case "suffix":
      if (predicate.ignoreCase) return foldedKeys(`folded-${predicate.kind}`, predicate.value);
      return predicate.value === "" ? PRESENCE : [{ by: predicate.kind, text: predicate.value, isWhole: true }];
    case "equals-ignore-case":
      return foldedKeys("folded-prefix", predicate.value);
    case "wildcard":
      return wildcardKeys(parseWildcard(predicate.value));
    case "range":
      return [{ by: "range", low: predicate.low, high: predicate.high, isWhole: false }];
    case "address": {
      const { family, low, high } = predicate;
      return [{ by: "address", low: numbered(family, low), high: numbered(family, high), isWhole: false }];
    }
    case "exists":
    case "anything-but":
      return PRESENCE;
  }
}

/** One line of numbers for both families: IPv6 comes after all of IPv4. */
export function numbered(family: 4 | 6, bits: bigint): bigint {
  return family === 4 ? bits : IPV6_BASE + bits;
}

// Letters beyond ASCII have cases of other lengths and forms: what stands before or after them is enough to look up.
function foldedKeys(by: "folded-prefix" | "folded-suffix", value: string): readonly IndexKey[] {
  const text = (by === "folded-prefix" ? /^[\0-\x7f]*/ : /[\0-\x7f]*$/).exec(value)?.[0] ?? "";
  return text === "" ? PRESENCE : [{ by, text: text.toLowerCase(), isWhole: false }];
}

function wildcardKeys(pieces: readonly string[]): readonly IndexKey[] {
  const first = pieces[0] ?? "";
  const last = pieces[pieces.length - 1] ?? "";
  if (pieces.length === 1) return [{ by: "exact", value: first, isWhole: true }];
  const keys: IndexKey[] = [];
  if (first !== "") keys.push({ by: "prefix", text: first, isWhole: false });
  if (last !== "") keys.push({ by: "suffix", text: last, isWhole: false });
  for (const piece of pieces) {
    for (let at = 0; at + GRAM_LETTERS <= piece.length; at++) {
      keys.push({ by: "gram", text: piece.slice(at, at + GRAM_LETTERS), isWhole: false });
    }
  }
  return keys.length === 0 ? PRESENCE : keys;
}
