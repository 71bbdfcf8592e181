/**
 * Columns of a service's own tables as typed values.
 *
 * What is in such a column the service put there itself, from a value it had checked, and tables change by migrations alone.
 * It is no edge, and it is read for every event and message: so beyond its form nothing is checked again.
 */
import type { Row } from "./store.ts";

type Column = Row[string];

/** The value whose JSON the service wrote. @throws SyntaxError for a column that is no JSON */
export function ownJson<T>(column: Column): T {
  return JSON.parse(String(column));
}

/** One of the words the column may have. @throws RangeError for any other */
export function ownWord<const Word extends string>(column: Column, words: readonly Word[]): Word {
  const found = words.find((word) => word === column);
  if (found === undefined) throw new RangeError(`expected one of ${words.join(", ")} in a column, found ${column}`);
  return found;
}
