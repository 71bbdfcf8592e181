import { describe, expect, it } from "vitest";
import { schemaDiff } from "../../../handlers/drift/schema-diff.ts";
import { createHandler } from "../../../handlers/drift-query/index.ts";
import { invoke } from "../invoke.ts";
import { curation, curationText, product } from "../sample.ts";

const COLUMNS = curation.columns.map(({ name, type }) => ({ name, type: type === "integer" ? "bigint" : "string" }));
const baseline = {
  format: 1,
  dataVersion: "v1",
  rows: 10,
  features: [
    { name: "age", type: "bigint", kind: "numeric", bins: [{ upTo: 30, count: 10 }], missing: 0 },
    {
      name: "job",
      type: "string",
      kind: "categorical",
      values: [{ value: "skilled", count: 10 }],
      other: 0,
      missing: 0,
    },
  ],
};
const files: Record<string, string> = {
  "assets/curation.json": curationText,
  "artifacts/baseline.json": JSON.stringify(baseline),
  "assets/query.sql": "SELECT * FROM credit_card",
  "assets/job.sql": "SELECT upper(job) AS job, t.risk FROM credit_card t -- not by age",
};
const handler = createHandler({ readText: async (bucket, key) => files[`${bucket}/${key}`] });
const plan = (
  columns: { name: string; type: string }[],
  uri = "s3://artifacts/baseline.json",
  used: string[] = [],
  query = "s3://assets/query.sql",
) => invoke(handler, { product, database: "tidemill-credit-card-0123", columns, used, query, baseline: uri });
const age = { name: "age", type: "bigint" };
const job = { name: "job", type: "string" };

describe("drift-query", () => {
  it("builds a query over the baseline's columns when the schema is the same", async () => {
    const { schema, sql } = await plan([job, { ...age, type: "double" }]);
    expect(schema).toMatchObject({ compatible: true, reason: "same schema" });
    expect(sql).toContain('FROM "tidemill-credit-card-0123"."credit_card"');
  });

  it("stops at a renamed column, naming it", async () => {
    expect(await plan([job, { name: "years", type: "bigint" }])).toEqual({
      schema: {
        compatible: false,
        reason: "incompatible schema change: missing: age; added: years",
        missing: ["age"],
        retyped: [],
        added: ["years"],
      },
      sql: "",
    });
  });

  it("stops at a column that turned from numbers to text", async () => {
    const { schema } = await plan([job, { ...age, type: "string" }]);
    expect(schema).toMatchObject({ compatible: false, retyped: [{ name: "age", before: "bigint", now: "string" }] });
  });

  it("takes an added column for a compatible change", async () => {
    const { schema, sql } = await plan([job, age, { name: "bonus", type: "bigint" }]);
    expect(schema).toMatchObject({ compatible: true, added: ["bonus"] });
    expect(sql).not.toContain("bonus");
  });

  it("looks only at the columns a model names", async () => {
    expect(await plan([job], undefined, ["job"])).toMatchObject({ schema: { compatible: true, added: [] } });
    expect((await plan([job], undefined, ["job"])).sql).not.toContain('"age"');
  });

  it("does not stop where what is gone or retyped is nothing the model's query reads", async () => {
    const gone = await plan([job], undefined, [], "s3://assets/job.sql");
    expect(gone.schema).toMatchObject({
      compatible: true,
      reason: "compatible schema change: gone, which the model does not use: age",
      missing: ["age"],
    });
    expect(gone.sql).toContain('"job"');
    expect(gone.sql).not.toContain('"age"');
    const retyped = await plan([job, { ...age, type: "string" }], undefined, [], "s3://assets/job.sql");
    expect(retyped.schema).toMatchObject({ compatible: true, retyped: [{ name: "age" }] });
    expect(retyped.sql).not.toContain('"age"');
    expect(await plan([age], undefined, [], "s3://assets/job.sql")).toMatchObject({
      schema: { compatible: false, reason: "incompatible schema change: missing: job" },
    });
  });

  it("measures a first version by the product's own columns", async () => {
    expect(await plan([...COLUMNS, { name: "bonus", type: "string" }], "")).toMatchObject({
      schema: { compatible: true, added: [] },
      sql: "",
    });
    expect(await plan(COLUMNS.slice(1), "")).toMatchObject({ schema: { compatible: false, missing: ["status"] } });
  });

  it("leaves it to the crawler what a first version's text looks like, not its numbers", async () => {
    const codes = COLUMNS.map((column) => (column.name === "status" ? { ...column, type: "bigint" } : column));
    expect(await plan(codes, "")).toMatchObject({ schema: { compatible: true } });
    const words = COLUMNS.map((column) => (column.name === "age" ? { ...column, type: "string" } : column));
    expect(await plan(words, "")).toMatchObject({ schema: { compatible: false, retyped: [{ name: "age" }] } });
  });

  it("says which baseline it cannot read", async () => {
    await expect(plan([age], "s3://artifacts/none.json")).rejects.toMatchObject({ name: "UnreadableDocumentError" });
  });
});

describe("schemaDiff", () => {
  it("does not mind the order of columns", () => {
    expect(schemaDiff([age, job], [job, age], [], () => true)).toMatchObject({
      compatible: true,
      reason: "same schema",
    });
  });
});
