/**
 * The distance of a table from a baseline in one query: rows of (feature, psi, ks, n).
 *
 * PSI is Σ (actual − expected) · ln(actual ÷ expected) over the baseline's bins, each share at least {@link LEAST_SHARE};
 * KS, for numeric columns, the greatest distance of the two cumulative shares at the baseline's quantiles. The table is read
 * once: Athena is paid for by what it reads.
 */
import type { Baseline, BaselineFeature } from "./baseline.ts";
import { fieldsOf } from "./fields-query.ts";
import { double, identifier, literal } from "./sql-text.ts";

/** A bin empty on one side would make PSI infinite. */
const LEAST_SHARE = 0.0001;
const MISSING = -1;

/** The query; the table must have every column of the baseline. */
export function driftQuery(database: string, table: string, { features, rows }: Baseline): string {
  const from = `${identifier(database)}.${identifier(table)}`;
  const expected = features.flatMap((feature) =>
    binsOf(feature).map(({ bin, count }) => `(${literal(feature.name)}, ${bin}, ${double(count / rows)})`),
  );
  const observed = fieldsOf(from, features, { bin: { type: "integer", of: binCase } });
  const numeric = features.filter(({ kind }) => kind === "numeric").map(({ name }) => literal(name));
  const ks =
    numeric.length === 0
      ? "CAST(NULL AS double)"
      : `CASE WHEN feature IN (${numeric.join(", ")}) THEN max(distance) END`;
  const least = double(LEAST_SHARE);
  return `WITH baseline (feature, bin, share) AS (VALUES
${expected.join(",\n")}),
observed AS (SELECT feature, bin, count(*) AS n FROM (${observed}) AS binned GROUP BY feature, bin),
counts AS (SELECT b.feature, b.bin, b.share AS expected, coalesce(CAST(o.n AS double), 0E0) AS n, sum(o.n) OVER (PARTITION BY b.feature) AS total
FROM baseline b LEFT JOIN observed o ON o.feature = b.feature AND o.bin = b.bin),
shares AS (SELECT feature, bin, expected, n / total AS actual, total FROM counts WHERE total > 0),
distances AS (SELECT feature, total,
(greatest(actual, ${least}) - greatest(expected, ${least})) * ln(greatest(actual, ${least}) / greatest(expected, ${least})) AS psi,
abs(sum(actual - expected) OVER (PARTITION BY feature ORDER BY bin)) AS distance FROM shares)
SELECT feature, sum(psi) AS psi, ${ks} AS ks, CAST(max(total) AS bigint) AS n FROM distances GROUP BY feature ORDER BY feature`;
}

function binsOf(feature: BaselineFeature): { bin: number; count: number }[] {
  const listed = feature.kind === "numeric" ? feature.bins : feature.values;
  const last = { bin: listed.length, count: feature.kind === "numeric" ? 0 : feature.other };
  return [{ bin: MISSING, count: feature.missing }, ...listed.map(({ count }, bin) => ({ bin, count })), last];
}

/** Which bin a row's value is in; what the baseline never saw is in the one after its last. */
function binCase(feature: BaselineFeature, column: string): string {
  const tests =
    feature.kind === "numeric"
      ? feature.bins.map(({ upTo }, bin) => `WHEN CAST(${column} AS double) <= ${double(upTo)} THEN ${bin}`)
      : feature.values.map(({ value }, bin) => `WHEN CAST(${column} AS varchar) = ${literal(value)} THEN ${bin}`);
  const last = feature.kind === "numeric" ? feature.bins.length : feature.values.length;
  return `CASE WHEN ${column} IS NULL THEN ${MISSING} ${tests.join(" ")} ELSE ${last} END`;
}
