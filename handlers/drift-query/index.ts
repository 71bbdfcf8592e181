/** Compares a product's schema with what a model was trained on, and builds the query that compares the rest. */
import * as z from "zod/mini";
import { locate } from "../aws/s3-uri.ts";
import { parseCuration } from "../curation/curation.ts";
import { type Baseline, parseBaseline } from "../drift/baseline.ts";
import { Column } from "../drift/columns.ts";
import { driftQuery } from "../drift/drift-query.ts";
import { mayRead } from "../drift/query-columns.ts";
import { SchemaDiff, schemaDiff } from "../drift/schema-diff.ts";
import { Product } from "../products/config.ts";
import { UnreadableDocumentError } from "../step/errors.ts";
import { soon } from "../step/soon.ts";
import { step } from "../step/step.ts";

const Input = z.strictObject({
  product: Product,
  /** Where the table lies with the rows of the version in question. */
  database: z.string().check(z.minLength(1)),
  columns: z.array(Column),
  /** The columns the model names; empty: all. */
  used: z.array(z.string()),
  /** URI of the query the model is made by, which tells what it cannot do without where it names no columns. */
  query: z.string(),
  /** URI of the champion's baseline; empty where there is none. */
  baseline: z.string(),
});
type Input = z.infer<typeof Input>;
/** `sql` is empty where there is nothing to compare with, or the schemas do not fit. */
const Output = z.strictObject({ schema: SchemaDiff, sql: z.string() });

export type Adapters = Readonly<{ readText: (bucket: string, key: string) => Promise<string | undefined> }>;

/** The handler on given adapters. */
export const createHandler = (adapters: Adapters) =>
  step<Input, z.infer<typeof Output>>({
    name: "drift-query",
    input: Input,
    output: Output,
    work: async ({ product, database, columns, used, query, baseline: uri }) => {
      const wanted = ({ name }: { name: string }) => used.length === 0 || used.includes(name);
      const baseline = uri === "" ? undefined : parseBaseline(await read(uri, adapters), uri);
      const expected = (baseline?.features ?? (await curatedColumns(product, columns, adapters))).filter(wanted);
      // Without a baseline nothing was trained on: a column more than the product promises is no news to anyone.
      const concerned = baseline === undefined ? expected.map(({ name }) => name) : used;
      const needs = used.length > 0 ? () => true : mayRead(await read(query, adapters));
      const schema = schemaDiff(expected, columns, concerned, needs);
      if (!schema.compatible || baseline === undefined) return { schema, sql: "" };
      const incomparable = new Set([...schema.missing, ...schema.retyped.map(({ name }) => name)]);
      const features = baseline.features.filter((feature) => wanted(feature) && !incomparable.has(feature.name));
      const compared: Baseline = { ...baseline, features };
      return { schema, sql: driftQuery(database, product.table, compared) };
    },
  });

/** The product's columns as the catalog must have them; what kind a text's values look like is the crawler's to say. */
async function curatedColumns({ curation }: Product, actual: readonly Column[], adapters: Adapters): Promise<Column[]> {
  const { columns } = parseCuration(await read(curation, adapters), curation);
  const found = new Map(actual.map(({ name, type }) => [name, type]));
  return columns.map(({ name, type }) => {
    if (type === "integer") return { name, type: "bigint" };
    if (type === "number") return { name, type: "double" };
    return { name, type: found.get(name) ?? "string" };
  });
}

async function read(uri: string, { readText }: Adapters): Promise<string> {
  const { bucket, key } = locate(uri);
  const text = await readText(bucket, key);
  if (text === undefined) throw new UnreadableDocumentError(uri, "a file, found none");
  return text;
}

const s3 = soon(() => import("../aws/s3.ts"));
export const handler = createHandler({ readText: async (...at) => (await s3()).readText(...at) });
