import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { curateFiles } from "../../../handlers/curation/curate-files.ts";
import type { Baseline } from "../../../handlers/drift/baseline.ts";
import { baselineOf, baselineQuery } from "../../../handlers/drift/baseline-query.ts";
import { driftQuery } from "../../../handlers/drift/drift-query.ts";
import { createHandler as verdictHandler } from "../../../handlers/drift-verdict/index.ts";
import { invoke } from "../invoke.ts";
import { curation, published, rawFile } from "../sample.ts";

const COLUMNS = curation.columns.map(({ name, type }) => ({ name, type: type === "integer" ? "bigint" : "string" }));
const schema = { compatible: true, reason: "same schema", missing: [], retyped: [], added: [] };
let run: (sql: string) => Promise<(string | undefined)[][]>;
let baseline: Baseline;

async function judge(table: string, from = baseline, test: "psi" | "ks" = "psi") {
  const rows = await run(driftQuery("credit-card", table, from));
  const values = rows.map((row) => ({ values: row.map((value) => value ?? "") }));
  return invoke(verdictHandler(), {
    rows: [{ values: ["feature", "psi", "ks", "n"] }, ...values],
    test,
    threshold: 0.2,
    schema,
  });
}

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  run = async (sql) => {
    const rows = (await connection.runAndReadAll(sql)).getRows();
    return rows.map((row) => row.map((value) => (value === null ? undefined : String(value))));
  };
  const { csv, columns } = await curateFiles([published(rawFile)], curation);
  const rows = csv.toString().trimEnd().split("\n").slice(1);
  const numeric = new Set(COLUMNS.flatMap(({ name, type }) => (type === "bigint" ? [name] : [])));
  const literals = rows.map(
    (row) =>
      `(${row
        .split(",")
        .map((value, at) => (numeric.has(columns[at] ?? "") ? value : `'${value}'`))
        .join(",")})`,
  );
  await run('CREATE SCHEMA "credit-card"');
  await run(
    `CREATE TABLE "credit-card".credit_card (${COLUMNS.map(({ name, type }) => `"${name}" ${type === "bigint" ? "BIGINT" : "VARCHAR"}`).join(",")})`,
  );
  await run(`INSERT INTO "credit-card".credit_card VALUES ${literals.join(",")}`);
  baseline = baselineOf(await run(baselineQuery("credit-card", "credit_card", COLUMNS)), COLUMNS, "v1");
});

describe("drift in SQL", () => {
  it("makes a baseline that counts every row of every column once", () => {
    expect(baseline.rows).toBe(1000);
    for (const feature of baseline.features) {
      const listed = feature.kind === "numeric" ? feature.bins : feature.values;
      const other = feature.kind === "numeric" ? 0 : feature.other;
      expect(
        listed.reduce((sum, { count }) => sum + count, other + feature.missing),
        feature.name,
      ).toBe(1000);
    }
  });

  it("finds no distance between a table and its own baseline", async () => {
    const verdict = await judge("credit_card");
    expect(verdict.features.map(({ psi, ks }) => psi + (ks ?? 0))).toEqual(COLUMNS.map(() => 0));
    expect(verdict).toMatchObject({ verdict: "stable", rows: 1000, moved: [] });
  });

  it("takes ten rows more for what they are", async () => {
    await run(
      'CREATE TABLE "credit-card".more AS SELECT * FROM "credit-card".credit_card UNION ALL (SELECT * FROM "credit-card".credit_card LIMIT 10)',
    );
    expect(await judge("more")).toMatchObject({ verdict: "stable", rows: 1010 });
  });

  it("names the feature that moved, with PSI and KS", async () => {
    await run('CREATE TABLE "credit-card".older AS SELECT * REPLACE (age + 15 AS age) FROM "credit-card".credit_card');
    const verdict = await judge("older");
    expect(verdict).toMatchObject({ verdict: "drifted", moved: ["age"], reason: expect.stringContaining("age moved") });
    expect(verdict.features[0]?.ks).toBeGreaterThan(0.3);
    const byDistance = await judge("older", baseline, "ks");
    expect(byDistance).toMatchObject({ verdict: "drifted", moved: ["age"], test: "ks" });
    expect(byDistance.reason).toBe(`age moved (ks ${verdict.features[0]?.ks}); threshold 0.2`);
  });

  it("agrees with PSI computed by hand for a category", async () => {
    const categories = {
      format: 1,
      dataVersion: "v",
      rows: 100,
      features: [
        {
          name: "c",
          type: "string",
          kind: "categorical",
          values: [
            { value: "a'b", count: 80 },
            { value: "x", count: 20 },
          ],
          other: 0,
          missing: 0,
        },
      ],
    } as const;
    await run(
      `CREATE TABLE "credit-card".hand AS SELECT CASE WHEN range < 5 THEN 'a''b' ELSE 'x' END AS c FROM range(10)`,
    );
    const verdict = await judge("hand", {
      ...categories,
      features: categories.features.map((feature) => ({ ...feature, values: [...feature.values] })),
    });
    const psi = (0.5 - 0.8) * Math.log(0.5 / 0.8) + (0.5 - 0.2) * Math.log(0.5 / 0.2);
    expect(verdict.features[0]?.psi).toBeCloseTo(psi, 3);
  });

  it("lets no column name or value out of its quotes", async () => {
    const name = `x" FROM y; DROP TABLE "credit-card".credit_card; --'`;
    await run(
      `CREATE TABLE "credit-card".hostile AS SELECT 'v''); --' AS "${name.replaceAll('"', '""')}" FROM range(3)`,
    );
    const columns = [{ name, type: "string" }];
    const hostile = baselineOf(await run(baselineQuery("credit-card", "hostile", columns)), columns, "v");
    expect(await judge("hostile", hostile)).toMatchObject({ verdict: "stable", rows: 3 });
    expect(() => baselineQuery("d", "t", [{ name: "a\nb", type: "string" }])).toThrow("control character");
  });

  it("counts as one would by hand, whatever the columns are called", async () => {
    const columns = [
      { name: "feature", type: "double" },
      { name: "field", type: "string" },
      { name: "total", type: "bigint" },
    ];
    await run(`CREATE TABLE "credit-card".names AS SELECT
      CASE WHEN range % 7 = 0 THEN NULL ELSE (range % 23) / 4.0 END AS feature,
      CASE WHEN range % 5 = 0 THEN NULL ELSE 'k' || lpad(CAST(range % 61 AS VARCHAR), 2, '0') END AS field, range % 3 - 1 AS total FROM range(600)`);
    const found = baselineOf(await run(baselineQuery("credit-card", "names", columns)), columns, "v");

    const rows = Array.from({ length: 600 }, (_, at) => at);
    const numbers = rows.filter((at) => at % 7 !== 0).map((at) => (at % 23) / 4);
    expect(found.rows).toBe(600);
    expect(found.features[0]).toMatchObject({ kind: "numeric", missing: 600 - numbers.length, bins: tenths(numbers) });
    const names = rows.filter((at) => at % 5 !== 0).map((at) => `k${String(at % 61).padStart(2, "0")}`);
    const commonest = [...Map.groupBy(names, (name) => name)]
      .map(([value, { length: count }]) => ({ value, count }))
      .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
      .slice(0, 50);
    const other = names.length - commonest.reduce((sum, { count }) => sum + count, 0);
    expect(found.features[1]).toMatchObject({ kind: "categorical", missing: 120, values: commonest, other });
    expect(found.features[2]).toMatchObject({ bins: [-1, 0, 1].map((upTo) => ({ upTo, count: 200 })), missing: 0 });
    expect(await judge("names", found)).toMatchObject({ verdict: "stable", rows: 600 });
  });

  it("knows an empty table", async () => {
    await run('CREATE TABLE "credit-card".none AS SELECT * FROM "credit-card".credit_card LIMIT 0');
    const none = baselineOf(await run(baselineQuery("credit-card", "none", COLUMNS)), COLUMNS, "v");
    expect(none).toMatchObject({ rows: 0, features: COLUMNS.map(() => ({ missing: 0 })) });
    expect(await run(driftQuery("credit-card", "none", baseline))).toEqual([]);
  });

  it("reads the table once", () => {
    for (const sql of [baselineQuery("d", "the_table", COLUMNS), driftQuery("d", "the_table", baseline)])
      expect(sql.match(/the_table/g)).toHaveLength(1);
  });
});

/** The greatest value of each tenth, equal values sharing one. */
function tenths(numbers: number[]): { upTo: number; count: number }[] {
  const bins = Map.groupBy(numbers, (value) =>
    Math.ceil((numbers.filter((one) => one <= value).length * 10) / numbers.length),
  );
  return [...bins.values()]
    .map((values) => ({ upTo: Math.max(...values), count: values.length }))
    .sort((one, other) => one.upTo - other.upTo);
}
