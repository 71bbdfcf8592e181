/** What a pattern may ask of one leaf of an event. */

/** A leaf of an event. Objects and arrays are not leaves: a pattern only ever sees what is inside them. */
export type Scalar = string | number | boolean | null;

/** One test of a leaf. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export type Predicate =
  | Readonly<{ kind: "string"; value: string }>
  | Readonly<{ kind: "literal"; value: boolean | null }>
  /** `value` is undefined where the digits are more than a double holds: then only the same digits are equal. */
  | Readonly<{ kind: "number"; value: number | undefined; digits: string }>
  | Readonly<{ kind: "prefix" | "suffix"; value: string; ignoreCase: boolean }>
  | Readonly<{ kind: "equals-ignore-case"; value: string }>
  | Readonly<{ kind: "wildcard"; value: string }>
  | Readonly<{ kind: "range"; low: number; openLow: boolean; high: number; openHigh: boolean; text: string }>
  /** Addresses `low` to `high` of one family, both included; an exact address has low = high. */
  | Readonly<{ kind: "address"; family: 4 | 6; low: bigint; high: bigint; text: string }>
  | Readonly<{ kind: "exists"; present: boolean }>
  | Readonly<{ kind: "anything-but"; operator: AnythingButOperator; values: readonly (string | number)[] }>;

/** What none of the values may be to the leaf. */
export type AnythingButOperator = "equals" | "equals-ignore-case" | "prefix" | "suffix" | "wildcard";

/** The predicates of one field, one of which must hold. */
export type Field = Readonly<{ path: string; predicates: readonly Predicate[] }>;

/**
 * One way to satisfy a pattern: all its fields hold, for one consistent choice of array elements. A pattern without
 * `$or` has one. Fields are sorted by path.
 */
export type SubRule = Readonly<{ fields: readonly Field[] }>;

/** A predicate as it would be written in a pattern, for messages. */
export function describePredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case "string":
    case "literal":
      return JSON.stringify(predicate.value);
    case "number":
      return predicate.digits;
    case "prefix":
    case "suffix": {
      const value = predicate.ignoreCase ? { "equals-ignore-case": predicate.value } : predicate.value;
      return JSON.stringify({ [predicate.kind]: value });
    }
    case "equals-ignore-case":
    case "wildcard":
      return JSON.stringify({ [predicate.kind]: predicate.value });
    case "range":
      return `{"numeric":${predicate.text}}`;
    case "address":
      return predicate.low === predicate.high
        ? JSON.stringify(predicate.text)
        : JSON.stringify({ cidr: predicate.text });
    case "exists":
      return JSON.stringify({ exists: predicate.present });
    case "anything-but": {
      const values = predicate.values.length === 1 ? predicate.values[0] : predicate.values;
      return JSON.stringify({
        "anything-but": predicate.operator === "equals" ? values : { [predicate.operator]: values },
      });
    }
  }
}
