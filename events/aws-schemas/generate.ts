/**
 * Extracts `schemas.json.br` from published schemas: `node events/aws-schemas/generate.ts FILE`, where FILE is JSON, an array of
 * `{ source, detailType, detail }`. In a detail, a name that ends in `?` is optional, an array holds its element's shape.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { z } from "zod";
import type { AwsEvent, Shape } from "./aws-events.ts";
import { OPEN_FIELDS } from "./open-fields.ts";

const Published = z.array(z.object({ source: z.string(), detailType: z.string(), detail: z.unknown() }));

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("usage: node events/aws-schemas/generate.ts FILE (published schemas as JSON)");
const events: AwsEvent[] = Published.parse(JSON.parse(readFileSync(file, "utf8"))).map(
  ({ source, detailType, detail }) => ({ source, detailType, detail: shapeOf(detail) }),
);
writeFileSync(join(import.meta.dirname, "schemas.json.br"), brotliCompressSync(JSON.stringify(events)));

function shapeOf(published: unknown): Shape {
  if (Array.isArray(published)) return published.length === 0 ? { type: "any" } : shapeOf(published[0]);
  if (published === "string" || published === "number" || published === "boolean") return { type: published };
  if (typeof published !== "object" || published === null || Object.keys(published).length === 0)
    return { type: "any" };
  const fields = Object.entries(published).map(([name, inner]): [string, Shape] => {
    const plain = name.replace(/\?$/, "");
    return [plain, OPEN_FIELDS.has(plain) ? { type: "any" } : shapeOf(inner)];
  });
  return { fields: Object.fromEntries(fields) };
}
