/** The statistics of a table in one query, in SQL that Trino and DuckDB read alike: rows of (feature, value, n, total). */
import type { Baseline, BaselineFeature } from "./baseline.ts";
import { type Column, kindOf } from "./columns.ts";
import { fieldsOf } from "./fields-query.ts";
import { identifier } from "./sql-text.ts";

/** Deciles: with more bins a hundred rows would differ from themselves. */
const NUMERIC_BINS = 10;
const LISTED_VALUES = 50;

/**
 * The query of a table's statistics, which reads the table once: Athena is paid for by what it reads.
 *
 * A numeric column gives the greatest value of each tenth of its rows (equal values share a tenth); any other its
 * commonest values; each the number of its rows without a value, where there are any.
 */
export function baselineQuery(database: string, table: string, columns: readonly Column[]): string {
  const fields = fieldsOf(`${identifier(database)}.${identifier(table)}`, columns, {
    x: { type: "double", of: ({ type }, value) => (isNumeric(type) ? `CAST(${value} AS double)` : undefined) },
    value: { type: "varchar", of: ({ type }, value) => (isNumeric(type) ? undefined : `CAST(${value} AS varchar)`) },
  });
  const values = "PARTITION BY feature, value IS NULL, x IS NULL";
  return `SELECT feature, coalesce(CAST(max(x) AS varchar), max(value)) AS value, CAST(sum(n) AS bigint) AS n, CAST(max(total) AS bigint) AS total
FROM (SELECT feature, value, x, n, sum(n) OVER (PARTITION BY feature) AS total,
CASE WHEN x IS NOT NULL THEN ceil(CAST(sum(n) OVER (${values} ORDER BY x) AS double) * ${NUMERIC_BINS} / sum(n) OVER (${values}))
WHEN value IS NOT NULL THEN row_number() OVER (${values} ORDER BY n DESC, value) ELSE 0 END AS bin
FROM (SELECT feature, value, x, count(*) AS n FROM (${fields}) AS fields GROUP BY feature, value, x) AS counted) AS binned
WHERE x IS NOT NULL OR bin <= ${LISTED_VALUES} GROUP BY feature, bin`;
}

const isNumeric = (type: string): boolean => kindOf(type) === "numeric";

/** The baseline of the query's rows, columns in the order given. */
export function baselineOf(
  rows: readonly (readonly (string | undefined)[])[],
  columns: readonly Column[],
  dataVersion: string,
): Baseline {
  const count = Number(rows[0]?.[3] ?? 0);
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
