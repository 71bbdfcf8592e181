/**
 * The identity of what a data product holds: a digest of its objects and its header.
 *
 * The crawl's own catalog event, a repeated event and a schedule all find the same version, so none of them starts a second run.
 */
import { createHash } from "node:crypto";
import type { ListedObject } from "../aws/s3.ts";
import { delimiterOf, splitLine } from "../curation/lines.ts";
import type { Product } from "./config.ts";

/** Enough of a file to hold its header: 64 KiB. */
export const HEADER_BYTES = 65_536;
const HEX_DIGITS = 16;

export type ProductObjects = Readonly<{
  listObjects: (bucket: string, prefix: string) => Promise<readonly ListedObject[]>;
  readText: (bucket: string, key: string, range?: string) => Promise<string | undefined>;
}>;

export type ProductState = Readonly<{
  dataVersion: string;
  header: readonly string[];
  objects: readonly ListedObject[];
  /** When the last of the objects was written: a version that was replaced and came back is the same, but later. */
  changedAt: string;
}>;

/** What the product holds now; undefined where it holds no data. */
export async function productState(
  { bucket, prefix }: Pick<Product, "bucket" | "prefix">,
  store: ProductObjects,
): Promise<ProductState | undefined> {
  const objects = (await store.listObjects(bucket, prefix)).filter(({ key, size }) => size > 0 && isData(key));
  const first = objects[0];
  if (first === undefined) return undefined;
  const start = (await store.readText(bucket, first.key, `bytes=0-${HEADER_BYTES - 1}`)) ?? "";
  const line = start.split(/\r?\n/, 1)[0] ?? "";
  const header = splitLine(line, delimiterOf(line) ?? ",").map(({ text }) => text);
  return {
    dataVersion: dataVersion(
      objects.map((object) => ({ ...object, key: object.key.slice(prefix.length) })),
      header,
    ),
    header,
    objects,
    changedAt: objects.reduce((latest, { modified }) => (modified > latest ? modified : latest), ""),
  };
}

/** 16 hexadecimal digits, the same for the same objects and header in whatever order they are listed. */
export function dataVersion(
  objects: readonly Pick<ListedObject, "key" | "size" | "etag">[],
  header: readonly string[],
): string {
  const lines = objects.map(({ key, size, etag }) => JSON.stringify([key, size, etag])).sort();
  return createHash("sha256")
    .update(JSON.stringify([lines, header]))
    .digest("hex")
    .slice(0, HEX_DIGITS);
}

/** Glue's crawlers pass over names that begin with a dot or an underscore; so does the version. */
function isData(key: string): boolean {
  return !/(^|\/)[._][^/]*$/.test(key);
}
