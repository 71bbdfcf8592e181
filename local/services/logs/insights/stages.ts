/** The commands of a query at work: each takes rows one by one and hands on what it lets through. */
import type { RE2JS } from "re2js";
import { type Evaluate, isTrue, ordered, type Row, textOf, type Value } from "./expression.ts";
import type { Slot } from "./parse-expression.ts";

/** A row that takes further fields. */
export interface OpenRow extends Row {
  set(field: string, value: Value): void;
}

export interface Stage {
  /** @returns false when no further row can change anything */
  push(row: OpenRow): boolean;
  /** What was held back goes on. */
  end(): void;
}

/** Makes a command's stage in front of the next one. */
export type MakeStage = (next: Stage) => Stage;

export interface Column {
  name: string;
  value: Evaluate;
}

/** The query holds more rows than it may; `message` says what to do. */
export class TooManyRowsError extends Error {
  override readonly name = "TooManyRowsError";
}

/** Rows or groups a command may hold: what it takes grows with them. */
const MOST_HELD = 200_000;

export const filter =
  (test: Evaluate): MakeStage =>
  (next) => ({ push: (row) => !isTrue(test(row)) || next.push(row), end: () => next.end() });

export const compute =
  (columns: readonly Column[]): MakeStage =>
  (next) => ({
    push(row) {
      const values = columns.map(({ value }) => value(row));
      columns.forEach(({ name }, index) => void row.set(name, values[index]));
      return next.push(row);
    },
    end: () => next.end(),
  });

export const parse =
  (value: Evaluate, pattern: RE2JS, names: readonly string[]): MakeStage =>
  (next) => ({
    push(row) {
      const matcher = pattern.matcher(textOf(value(row)));
      if (matcher.find()) names.forEach((name, index) => void row.set(name, matcher.group(index + 1) ?? undefined));
      return next.push(row);
    },
    end: () => next.end(),
  });

export const limit =
  (most: number): MakeStage =>
  (next) => {
    let seen = 0;
    return {
      push: (row) => seen < most && next.push(row) && ++seen < most,
      end: () => next.end(),
    };
  };

export const dedup =
  (fields: readonly Evaluate[]): MakeStage =>
  (next) => {
    const known = new Set<string>();
    return {
      push(row) {
        const values = fields.map((field) => field(row));
        // A row without one of the fields has nothing it could be the same by.
        if (values.includes(undefined)) return next.push(row);
        const key = JSON.stringify(values);
        if (known.has(key)) return true;
        known.add(key);
        refuseBeyond(known.size, "dedup");
        return next.push(row);
      },
      end: () => next.end(),
    };
  };

export const sort =
  (keys: readonly { value: Evaluate; descending: boolean }[]): MakeStage =>
  (next) => {
    const held: { row: OpenRow; values: Value[] }[] = [];
    return {
      push(row) {
        held.push({ row, values: keys.map(({ value }) => value(row)) });
        refuseBeyond(held.length, "sort");
        return true;
      },
      end() {
        held.sort((left, right) => {
          for (const [index, { descending }] of keys.entries()) {
            const order = ordered(left.values[index], right.values[index]);
            if (order !== 0) return descending ? -order : order;
          }
          return 0;
        });
        held.every(({ row }) => next.push(row));
        next.end();
      },
    };
  };

/** One row a group: its keys, and what the aggregates of its events make. */
export const stats =
  (columns: readonly Column[], slots: readonly Slot[], keys: readonly Column[]): MakeStage =>
  (next) => {
    const groups = new Map<string, { row: Map<string, Value>; accumulators: ReturnType<Slot["make"]>[] }>();
    const groupOf = (values: readonly Value[]) => {
      const key = JSON.stringify(values.map((value) => value ?? null));
      const known = groups.get(key);
      if (known !== undefined) return known;
      const row = new Map(keys.map(({ name }, index) => [name, values[index]]));
      const group = { row, accumulators: slots.map(({ make }) => make()) };
      groups.set(key, group);
      refuseBeyond(groups.size, "stats");
      return group;
    };
    return {
      push(row) {
        const { accumulators } = groupOf(keys.map(({ value }) => value(row)));
        const atMs = Number(row.get("@timestamp") ?? 0);
        for (const [index, { inputs }] of slots.entries())
          accumulators[index]?.add(
            inputs.map((input) => input(row)),
            atMs,
          );
        return true;
      },
      end() {
        if (keys.length === 0) groupOf([]);
        for (const { row, accumulators } of groups.values()) {
          slots.forEach(({ name }, index) => void row.set(name, accumulators[index]?.result()));
          for (const { name, value } of columns) row.set(name, value(row));
          if (!next.push(row)) break;
        }
        next.end();
      },
    };
  };

function refuseBeyond(count: number, command: string): void {
  if (count > MOST_HELD)
    throw new TooManyRowsError(
      `${command} would hold more than ${MOST_HELD} rows; filter before it, or ask for a shorter time`,
    );
}
