/** The statistics of a table in one query, in SQL that Trino and DuckDB read alike: rows of (feature, value, n). */
import type { Baseline, BaselineFeature } from "./baseline.ts";
import { type Column, kindOf } from "./columns.ts";
import { identifier, literal } from "./sql-text.ts";

/** Deciles: with more bins a hundred rows would differ from themselves. */
const NUMERIC_BINS = 10;
const LISTED_VALUES = 50;
/** No column has this name: the catalog's have at least one character. */
const ALL_ROWS = "";

/**
 * The query of a table's statistics.
 *
 * A numeric column gives the greatest value of each tenth of its rows (equal values share a tenth); any other its
 * commonest values.
 */
export function baselineQuery(database: string, table: string, columns: readonly Column[]): string {
  const from = `${identifier(database)}.${identifier(table)}`;
  const parts = columns.flatMap(({ name, type }) =>
    kindOf(type) === "numeric" ? numericParts(name, from) : [categoricalPart(name, from)],
  );
  const total = `SELECT ${literal(ALL_ROWS)} AS feature, CAST(NULL AS varchar) AS value, count(*) AS n FROM ${from}`;
  return [total, ...parts].join("\nUNION ALL\n");
}

function numericParts(name: string, from: string): string[] {
  const column = identifier(name);
  const binned = `SELECT CAST(${column} AS double) AS x, ceil(cume_dist() OVER (ORDER BY ${column}) * ${NUMERIC_BINS}) AS bin FROM ${from} WHERE ${column} IS NOT NULL`;
  return [
    `SELECT ${literal(name)} AS feature, CAST(max(x) AS varchar) AS value, count(*) AS n FROM (${binned}) AS binned GROUP BY bin`,
    `SELECT ${literal(name)} AS feature, CAST(NULL AS varchar) AS value, count(*) AS n FROM ${from} WHERE ${column} IS NULL`,
  ];
}

function categoricalPart(name: string, from: string): string {
  const column = identifier(name);
  const counted = `SELECT CAST(${column} AS varchar) AS value, count(*) AS n FROM ${from} GROUP BY ${column} ORDER BY n DESC, value LIMIT ${LISTED_VALUES}`;
  return `SELECT ${literal(name)} AS feature, value, n FROM (${counted}) AS counted`;
}

/** The baseline of the query's rows, columns in the order given. */
export function baselineOf(
  rows: readonly (readonly (string | undefined)[])[],
  columns: readonly Column[],
  dataVersion: string,
): Baseline {
  const total = rows.find(([feature]) => (feature ?? ALL_ROWS) === ALL_ROWS)?.[2];
  const count = Number(total ?? 0);
  const features = columns.map((column) =>
    featureOf(
      column,
      rows.filter(([feature]) => feature === column.name),
      count,
    ),
  );
  return { format: 1, dataVersion, rows: count, features };
}

function featureOf(
  { name, type }: Column,
  rows: readonly (readonly (string | undefined)[])[],
  total: number,
): BaselineFeature {
  const counts = rows.map(([, value, n]) => ({ value, count: Number(n) }));
  const missing = counts.filter(({ value }) => value === undefined).reduce((sum, { count }) => sum + count, 0);
  const present = counts.flatMap(({ value, count }) => (value === undefined ? [] : [{ value, count }]));
  if (kindOf(type) === "numeric") {
    const bins = present.map(({ value, count }) => ({ upTo: Number(value), count })).sort((a, b) => a.upTo - b.upTo);
    return { name, type, kind: "numeric", bins, missing };
  }
  const listed = present.reduce((sum, { count }) => sum + count, 0);
  const values = present.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { name, type, kind: "categorical", values, other: Math.max(0, total - listed - missing), missing };
}
