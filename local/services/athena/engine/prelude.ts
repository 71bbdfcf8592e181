/**
 * Trino's functions that the translation leaves as they are, as DuckDB macros. A macro of the name of a built-in one wins,
 * which is wanted where the two differ (concat with NULL, greatest, element_at out of range).
 */
export const PRELUDE: readonly string[] = [
  // Exact quantiles stand for the approximate ones: same contract, no error, and the same answer every time.
  `CREATE MACRO approx_percentile
     (x, p) AS quantile_disc(x, p),
     (x, w, p) AS list_extract(list_transform([list_sort(list({v: x, w: w}))], rows -> list_extract(list_transform(list_filter(
       list_transform(range(1, len(rows) + 1), i -> {v: rows[i].v, c: list_sum(list_transform(rows[1:i], r -> r.w))}),
       s -> s.c >= p * list_sum(list_transform(rows, r -> r.w))), s -> s.v), 1)), 1)`,
  `CREATE MACRO width_bucket
     (x, bins) AS CASE WHEN x IS NULL THEN NULL ELSE CAST(len(list_filter(bins, b -> x >= b)) AS BIGINT) END,
     (x, low, high, n) AS CAST(CASE WHEN low < high
       THEN CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE 1 + floor(CAST(x - low AS DOUBLE) * n / (high - low)) END
       ELSE CASE WHEN x > low THEN 0 WHEN x <= high THEN n + 1 ELSE 1 + floor(CAST(low - x AS DOUBLE) * n / (low - high)) END
       END AS BIGINT)`,
  // At most n buckets, each the mean of its values and their count; distinct values are kept apart while they fit.
  `CREATE MACRO tm_bucket(chunk) AS {key: list_avg(chunk), value: CAST(len(chunk) AS DOUBLE)}`,
  `CREATE MACRO tm_histogram(n, xs, distinct_xs) AS map_from_entries(CASE WHEN len(distinct_xs) <= n
     THEN list_transform(distinct_xs, d -> {key: d, value: CAST(len(list_filter(xs, x -> x = d)) AS DOUBLE)})
     ELSE list_transform(range(0, n), i -> tm_bucket(xs[1 + i * len(xs) // n : (i + 1) * len(xs) // n])) END)`,
  `CREATE MACRO numeric_histogram(n, x) AS tm_histogram(CAST(n AS BIGINT),
     list_sort(list(CAST(x AS DOUBLE)) FILTER (x IS NOT NULL)),
     list_sort(list(DISTINCT CAST(x AS DOUBLE)) FILTER (x IS NOT NULL)))`,
  "CREATE MACRO concat(a, b) AS a || b, (a, b, c) AS a || b || c, (a, b, c, d) AS a || b || c || d, (a, b, c, d, e) AS a || b || c || d || e",
  `CREATE MACRO greatest
     (a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a >= b THEN a ELSE b END,
     (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL WHEN a >= b AND a >= c THEN a WHEN b >= c THEN b ELSE c END`,
  `CREATE MACRO least
     (a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a <= b THEN a ELSE b END,
     (a, b, c) AS CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL WHEN a <= b AND a <= c THEN a WHEN b <= c THEN b ELSE c END`,
  "CREATE MACRO element_at(x, k) AS x[k]",
  "CREATE MACRO reduce(xs, s, f, g) AS error('NOT_SUPPORTED: reduce with an output function is not built in this home')",
  "CREATE MACRO sequence(a, b) AS generate_series(a, b), (a, b, step) AS generate_series(a, b, step)",
  "CREATE MACRO array_join(xs, d) AS array_to_string(list_filter(xs, x -> x IS NOT NULL), d), (xs, d, n) AS array_to_string(list_transform(xs, x -> coalesce(CAST(x AS VARCHAR), n)), d)",
  "CREATE MACRO array_max(xs) AS list_max(xs)",
  "CREATE MACRO array_min(xs) AS list_min(xs)",
  "CREATE MACRO map_agg(k, v) AS map_from_entries(list({key: k, value: v}))",
  "CREATE MACRO geometric_mean(x) AS exp(avg(ln(x)))",
  "CREATE MACRO truncate(x) AS trunc(x)",
  "CREATE MACRO is_nan(x) AS isnan(x)",
  "CREATE MACRO is_finite(x) AS isfinite(x)",
  "CREATE MACRO is_infinite(x) AS isinf(x)",
  "CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE)",
  "CREATE MACRO nan() AS CAST('NaN' AS DOUBLE)",
  "CREATE MACRO e() AS exp(1)",
  "CREATE MACRO log(b, x) AS ln(x) / ln(b)",
  "CREATE MACRO normal_cdf(m, sd, v) AS error('NOT_SUPPORTED: normal_cdf is not built in this home')",
  "CREATE MACRO from_iso8601_date(s) AS CAST(s AS DATE)",
  "CREATE MACRO from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)",
  "CREATE MACRO to_iso8601(x) AS CASE WHEN typeof(x) = 'DATE' THEN CAST(x AS VARCHAR) ELSE strftime(x, '%Y-%m-%dT%H:%M:%S.%g') END",
  "CREATE MACRO at_timezone(ts, zone) AS timezone(zone, ts)",
  "CREATE MACRO last_day_of_month(d) AS last_day(d)",
  "CREATE MACRO day_of_month(d) AS day(d)",
  "CREATE MACRO day_of_year(d) AS dayofyear(d)",
  "CREATE MACRO week_of_year(d) AS week(d)",
  "CREATE MACRO from_utf8(b) AS decode(b)",
  "CREATE MACRO from_hex(s) AS unhex(s)",
  "CREATE MACRO codepoint(s) AS unicode(s)",
  "CREATE MACRO regexp_count(s, p) AS len(regexp_extract_all(s, p))",
  "CREATE MACRO levenshtein_distance(a, b) AS levenshtein(a, b)",
];
