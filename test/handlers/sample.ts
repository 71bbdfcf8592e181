/** The sample product: its file, its curation, its configuration. */
import { readFileSync } from "node:fs";
import type { PublishedFile } from "../../handlers/curation/curate-files.ts";
import { parseCuration } from "../../handlers/curation/curation.ts";
import type { Product } from "../../handlers/products/config.ts";

const folder = new URL("../../models/credit-risk/", import.meta.url);

export const curationText = readFileSync(new URL("curation.json", folder), "utf8");
export const curation = parseCuration(curationText, "curation.json");
export const rawFile = readFileSync(new URL("data/kredit.asc", folder), "utf8");

export const product: Product = {
  product: "credit-card",
  database: "credit-card",
  table: "credit_card",
  bucket: "products",
  prefix: "credit_card/",
  crawler: "credit-card-crawler",
  curation: "s3://assets/curation.json",
  models: ["credit-risk"],
};

/** Text as the chunks it might arrive in. */
export async function* chunks(text: string | Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A published file of that text, arriving in chunks. */
export function published(text: string | Uint8Array, size?: number, name = "published.csv"): PublishedFile {
  return { name, open: async () => chunks(text, size) };
}
