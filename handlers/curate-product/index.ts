/** Takes published files into a data product as one table: checked, curated, written where it changed; what is unfit is quarantined. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import type { ListedObject } from "../aws/s3.ts";
import { locate } from "../aws/s3-uri.ts";
import { type CuratedTable, curateFiles } from "../curation/curate-files.ts";
import { parseCuration } from "../curation/curation.ts";
import { type Position, RefusedFileError } from "../curation/refused.ts";
import { PRODUCTS_PATH, type Product, ProductName, parseProduct } from "../products/config.ts";
import { HEADER_BYTES, productState } from "../products/data-version.ts";
import { soon } from "../step/soon.ts";
import { type StepLog, step } from "../step/step.ts";
import { MissingObjectError, UnknownProductError } from "./errors.ts";
import { keyOf, Landed, landedFiles, whereIs } from "./landed-files.ts";
import { openAhead } from "./open-ahead.ts";

const LINE_FEED = 0x0a;

const Input = z.strictObject({
  product: ProductName,
  bucket: z.string(),
  /** The parts of the table, in their order in it. */
  keys: z.array(Landed).check(z.minLength(1)),
});
type Input = z.infer<typeof Input>;

const Output = z.discriminatedUnion("accepted", [
  z.strictObject({
    accepted: z.literal(true),
    dataVersion: z.string(),
    /** The table as it was written: an object of another ETag there is another publishing's. */
    table: z.strictObject({ bucket: z.string(), key: z.string(), etag: z.string() }),
    changed: z.boolean(),
    rows: z.int(),
    unreadableRows: z.int(),
    /** Why the first of them is left out, and where it is. */
    firstUnreadable: z.optional(
      z.strictObject({
        reason: z.string(),
        file: z.optional(z.string()),
        line: z.optional(z.int()),
        column: z.optional(z.int()),
      }),
    ),
    columns: z.array(z.string()),
  }),
  z.strictObject({
    accepted: z.literal(false),
    reason: z.string(),
    /** The name of the file at fault, its key where it has no other; none where only all together are. */
    file: z.optional(z.string()),
    line: z.optional(z.int()),
    column: z.optional(z.int()),
    quarantinedKey: z.optional(z.string()),
  }),
]);
export type Output = z.infer<typeof Output>;

export type Adapters = Readonly<{
  readParameter: (name: string) => Promise<string | undefined>;
  readText: (bucket: string, key: string, range?: string) => Promise<string | undefined>;
  openObject: (bucket: string, key: string, range?: string) => Promise<AsyncIterable<Uint8Array> | undefined>;
  /** @returns the object's ETag */
  writeObject: (bucket: string, key: string, body: Uint8Array | string, contentType: string) => Promise<string>;
  copyObject: (bucket: string, from: string, to: string) => Promise<void>;
  listObjects: (bucket: string, prefix: string) => Promise<readonly ListedObject[]>;
}>;

/** The handler on given adapters; answers a refusal as a value, throws only what is not the file's fault. */
export const createHandler = (adapters: Adapters) =>
  step<Input, Output>({
    name: "curate-product",
    input: Input,
    output: Output,
    work: async (input, { log }) => {
      const product = await readProduct(input.product, adapters);
      const current = await currentTable(product, adapters);
      try {
        const file = await curate(input, product, current?.rows, adapters);
        return await accept(file, product, current, adapters);
      } catch (error) {
        if (error instanceof RefusedFileError) return await quarantine(input, error, adapters, log);
        throw error;
      }
    },
  });

async function readProduct(name: string, { readParameter }: Adapters): Promise<Product> {
  const parameter = `${PRODUCTS_PATH}/${name}`;
  const text = await readParameter(parameter);
  if (text === undefined) throw new UnknownProductError(name, parameter);
  return parseProduct(text, parameter);
}

async function curate(
  { bucket, keys }: Input,
  product: Product,
  currentRows: number | undefined,
  adapters: Adapters,
): Promise<CuratedTable> {
  const at = locate(product.curation);
  const curationText = await adapters.readText(at.bucket, at.key);
  if (curationText === undefined) throw new MissingObjectError(product.curation);
  const open = async (key: string) => {
    const bytes = await adapters.openObject(bucket, key);
    if (bytes === undefined) throw new MissingObjectError(`s3://${bucket}/${key}`);
    return bytes;
  };
  const { files: objects, close: closeAhead } = openAhead(keys.map(keyOf), open);
  const { files, close } = landedFiles(keys, objects);
  const curation = parseCuration(curationText, product.curation);
  const minRows = product.minRows ?? curation.quality.minRows;
  try {
    return await curateFiles(files, { ...curation, quality: { ...curation.quality, minRows } }, currentRows);
  } finally {
    await close();
    await closeAhead();
  }
}

async function accept(
  file: CuratedTable,
  product: Product,
  current: CurrentTable | undefined,
  adapters: Adapters,
): Promise<Output> {
  const { bucket } = product;
  const key = dataKey(product);
  const changed = current === undefined || current.digest !== createHash("sha256").update(file.csv).digest("hex");
  const written = changed ? await adapters.writeObject(bucket, key, file.csv, "text/csv") : undefined;
  let etag = written;
  // Somebody else may have published since; the version is that of what was written here all the same.
  const state = await productState(product, {
    listObjects: async (...at) =>
      (await adapters.listObjects(...at)).map((object) => {
        if (object.key !== key) return object;
        etag ??= object.etag;
        return { ...object, size: file.csv.length, etag };
      }),
    readText: async (from, name, range) =>
      name === key ? file.csv.toString("utf8", 0, HEADER_BYTES) : adapters.readText(from, name, range),
  });
  if (state === undefined || etag === undefined) throw new MissingObjectError(`s3://${bucket}/${key}`);
  const { rows, unreadableRows, firstUnreadable: first, columns } = file;
  const firstUnreadable = first === undefined ? {} : { firstUnreadable: { reason: first.reason, ...first.position } };
  const { dataVersion } = state;
  const table = { bucket, key, etag };
  return {
    accepted: true,
    dataVersion,
    table,
    changed,
    rows,
    unreadableRows,
    ...firstUnreadable,
    columns: [...columns],
  };
}

/** Keeps the file at fault, with the reason beside it. */
async function quarantine(
  input: Input,
  { message: reason, position }: RefusedFileError,
  adapters: Adapters,
  log: StepLog,
): Promise<Output> {
  const refused = { accepted: false, reason, ...position } as const;
  if (position.file === undefined) {
    log.warn("files refused", refused);
    return refused;
  }
  const quarantinedKey = await keep(input, position.file, adapters);
  const { file: _name, ...place }: Position = position;
  const kept = JSON.stringify({ reason, ...place });
  await adapters.writeObject(input.bucket, `${quarantinedKey}.reason.json`, kept, "application/json");
  log.warn("file refused", { ...refused, quarantinedKey });
  return { ...refused, quarantinedKey };
}

/** @returns the key of the copy */
async function keep({ bucket, product, keys }: Input, file: string, adapters: Adapters): Promise<string> {
  const { key, start, end } = whereIs(file, keys);
  const [object] = (await adapters.listObjects(bucket, key)).filter((listed) => listed.key === key);
  const name = file.startsWith("incoming/") ? file.slice("incoming/".length) : `${product}/${file}`;
  const quarantinedKey = `quarantine/${object?.etag.slice(0, 16) ?? "unknown"}/${name}`;
  // What is a whole object need not come through here.
  if (end === undefined) await adapters.copyObject(bucket, key, quarantinedKey);
  else {
    // A range of no bytes is the whole object.
    const bytes = end > start ? await adapters.openObject(bucket, key, `bytes=${start}-${end - 1}`) : undefined;
    await adapters.writeObject(bucket, quarantinedKey, await whole(bytes ?? []), "text/plain");
  }
  return quarantinedKey;
}

async function whole(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const dataKey = ({ prefix, table }: Product): string => `${prefix}${table}.csv`;

type CurrentTable = Readonly<{ rows: number; digest: string }>;

/** Read as it arrives: beside the new table in memory there is no room for the old one. */
async function currentTable(product: Product, { openObject }: Adapters): Promise<CurrentTable | undefined> {
  const bytes = await openObject(product.bucket, dataKey(product));
  if (bytes === undefined) return undefined;
  const digest = createHash("sha256");
  // All lines but the header are rows: no field of a curated file holds a line break, and it ends in one.
  let rows = -1;
  for await (const chunk of bytes) {
    digest.update(chunk);
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) rows++;
  }
  return { rows, digest: digest.digest("hex") };
}

const s3 = soon(() => import("../aws/s3.ts"));
const ssm = soon(() => import("../aws/ssm.ts"));
export const handler = createHandler({
  readParameter: async (name) => (await ssm()).readParameter(name),
  readText: async (...at) => (await s3()).readText(...at),
  openObject: async (...at) => (await s3()).openObject(...at),
  writeObject: async (...what) => (await s3()).writeObject(...what),
  copyObject: async (...what) => (await s3()).copyObject(...what),
  listObjects: async (...at) => (await s3()).listObjects(...at),
});
