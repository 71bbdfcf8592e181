/** Takes a published file into a data product: checked, curated, written where it changed; what is unfit is quarantined. */
import * as z from "zod/mini";
import type { ListedObject } from "../aws/s3.ts";
import { locate } from "../aws/s3-uri.ts";
import { type CuratedFile, curateFile } from "../curation/curate-file.ts";
import { parseCuration } from "../curation/curation.ts";
import { RefusedFileError } from "../curation/refused.ts";
import { PRODUCTS_PATH, type Product, ProductName, parseProduct } from "../products/config.ts";
import { productState } from "../products/data-version.ts";
import { soon } from "../step/soon.ts";
import { type StepLog, step } from "../step/step.ts";
import { MissingObjectError, UnknownProductError } from "./errors.ts";

const Input = z.strictObject({
  product: ProductName,
  bucket: z.string(),
  key: z.string().check(z.startsWith("incoming/")),
});
type Input = z.infer<typeof Input>;

const Output = z.discriminatedUnion("accepted", [
  z.strictObject({
    accepted: z.literal(true),
    dataVersion: z.string(),
    changed: z.boolean(),
    rows: z.int(),
    unreadableRows: z.int(),
    columns: z.array(z.string()),
  }),
  z.strictObject({
    accepted: z.literal(false),
    reason: z.string(),
    line: z.optional(z.int()),
    column: z.optional(z.int()),
    quarantinedKey: z.string(),
  }),
]);
export type Output = z.infer<typeof Output>;

export type Adapters = Readonly<{
  readParameter: (name: string) => Promise<string | undefined>;
  readText: (bucket: string, key: string, range?: string) => Promise<string | undefined>;
  openObject: (bucket: string, key: string) => Promise<AsyncIterable<Uint8Array> | undefined>;
  writeObject: (bucket: string, key: string, body: Uint8Array | string, contentType: string) => Promise<void>;
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
      const current = await currentFile(product, adapters);
      try {
        const file = await curate(input, product, current === undefined ? undefined : countRows(current), adapters);
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
  { bucket, key }: Input,
  product: Product,
  currentRows: number | undefined,
  adapters: Adapters,
): Promise<CuratedFile> {
  const at = locate(product.curation);
  const [curationText, bytes] = await Promise.all([
    adapters.readText(at.bucket, at.key),
    adapters.openObject(bucket, key),
  ]);
  if (curationText === undefined) throw new MissingObjectError(product.curation);
  if (bytes === undefined) throw new MissingObjectError(`s3://${bucket}/${key}`);
  const curation = parseCuration(curationText, product.curation);
  const minRows = product.minRows ?? curation.quality.minRows;
  return curateFile(bytes, { ...curation, quality: { ...curation.quality, minRows } }, currentRows);
}

async function accept(
  file: CuratedFile,
  product: Product,
  current: Buffer | undefined,
  adapters: Adapters,
): Promise<Output> {
  const changed = current === undefined || !current.equals(file.csv);
  if (changed) await adapters.writeObject(product.bucket, dataKey(product), file.csv, "text/csv");
  const state = await productState(product, adapters);
  if (state === undefined) throw new MissingObjectError(`s3://${product.bucket}/${dataKey(product)}`);
  const { rows, unreadableRows, columns } = file;
  return { accepted: true, dataVersion: state.dataVersion, changed, rows, unreadableRows, columns: [...columns] };
}

async function quarantine(
  { bucket, key }: Input,
  refused: RefusedFileError,
  adapters: Adapters,
  log: StepLog,
): Promise<Output> {
  const [object] = (await adapters.listObjects(bucket, key)).filter((listed) => listed.key === key);
  const quarantinedKey = key.replace("incoming/", `quarantine/${object?.etag.slice(0, 16) ?? "unknown"}/`);
  const reason = { reason: refused.message, ...refused.position };
  await adapters.copyObject(bucket, key, quarantinedKey);
  await adapters.writeObject(bucket, `${quarantinedKey}.reason.json`, JSON.stringify(reason), "application/json");
  log.warn("file refused", { key, quarantinedKey, ...reason });
  return { accepted: false, ...reason, quarantinedKey };
}

const dataKey = ({ prefix, table }: Product): string => `${prefix}${table}.csv`;

async function currentFile(product: Product, { openObject }: Adapters): Promise<Buffer | undefined> {
  const bytes = await openObject(product.bucket, dataKey(product));
  if (bytes === undefined) return undefined;
  const chunks = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Lines of a curated file but the header: it has no line breaks within fields, and ends in one. */
function countRows(csv: Buffer): number {
  let lines = 0;
  for (const byte of csv) if (byte === 0x0a) lines++;
  return lines - 1;
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
