/**
 * Extracts `data/` from botocore's service models: `node local/api-models/generate.ts FOLDER`, where FOLDER is an unpacked
 * botocore (`pip download botocore --no-deps`, then unzip). Documentation, patterns and wire traits are left behind.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";
import { z } from "zod";
import type { ApiModelSource, ApiShape } from "./api-model.ts";
import { memberName } from "./member-name.ts";

const Reference = z.object({ shape: z.string(), idempotencyToken: z.boolean().optional() });
const BotocoreShape = z.object({
  type: z.string(),
  members: z.record(z.string(), Reference).optional(),
  required: z.array(z.string()).optional(),
  member: Reference.optional(),
  value: Reference.optional(),
  enum: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  document: z.boolean().optional(),
});
const Botocore = z.object({
  metadata: z.object({ serviceId: z.string() }),
  operations: z.record(z.string(), z.object({ input: Reference.optional(), output: Reference.optional() })),
  shapes: z.record(z.string(), BotocoreShape),
});
type Botocore = z.infer<typeof Botocore>;
type BotocoreShape = z.infer<typeof BotocoreShape>;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node local/api-models/generate.ts FOLDER (an unpacked botocore)");
const target = join(import.meta.dirname, "data");
mkdirSync(target, { recursive: true });
for (const old of readdirSync(target)) if (old.endsWith(".json.br")) rmSync(join(target, old));
for (const service of readdirSync(join(folder, "botocore", "data"), { withFileTypes: true })) {
  if (service.isDirectory()) extract(join(folder, "botocore", "data", service.name));
}

function extract(path: string): void {
  const newest = readdirSync(path).sort().at(-1) ?? "";
  const model = Botocore.parse(
    JSON.parse(gunzipSync(readFileSync(join(path, newest, "service-2.json.gz"))).toString()),
  );
  const text = Buffer.from(JSON.stringify(compact(model)));
  // As AWS SDK for Java 2 names its packages, and Step Functions the services: `Config Service` is `config`.
  const key = model.metadata.serviceId
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/service$/, "");
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  writeFileSync(join(target, `${key}.json.br`), brotliCompressSync(text, { params }));
}

/** Keeps the shapes that operations lead to, each once. */
function compact(model: Botocore): ApiModelSource {
  const places = new Map<string, number>();
  const shapes: ApiShape[] = [];
  const place = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const at = shapes.push({ t: "document" }) - 1;
    places.set(name, at);
    const source = model.shapes[name];
    if (source !== undefined) shapes[at] = shapeOf(source, place);
    return at;
  };
  const operations: ApiModelSource["operations"] = {};
  for (const [name, { input, output }] of Object.entries(model.operations)) {
    operations[name] = {
      ...(input === undefined ? {} : { i: place(input.shape) }),
      ...(output === undefined ? {} : { o: place(output.shape) }),
    };
  }
  return { serviceId: model.metadata.serviceId, operations, shapes };
}

function shapeOf(source: BotocoreShape, place: (name: string) => number): ApiShape {
  const { min, max } = source;
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  if (source.document === true) return { t: "document" };
  switch (source.type) {
    case "structure": {
      const m = Object.fromEntries(
        Object.entries(source.members ?? {}).map(([name, { shape }]) => [memberName(name), place(shape)]),
      );
      const required = source.required ?? [];
      const r = required.map(memberName);
      const g = required.filter((name) => source.members?.[name]?.idempotencyToken === true).map(memberName);
      return { t: "structure", m, ...(r.length === 0 ? {} : { r }), ...(g.length === 0 ? {} : { g }) };
    }
    case "list":
      return { t: "list", v: place(source.member?.shape ?? ""), ...bounds };
    case "map":
      return { t: "map", v: place(source.value?.shape ?? ""), ...bounds };
    case "string":
      return source.enum === undefined ? { t: "string", ...bounds } : { t: "string", e: source.enum, ...bounds };
    case "character":
      return { t: "string", ...bounds };
    case "blob":
      return { t: "blob", ...bounds };
    case "integer":
    case "long":
    case "short":
    case "byte":
    case "bigInteger":
      return { t: "integer", ...bounds };
    case "float":
    case "double":
    case "bigDecimal":
      return { t: "float", ...bounds };
    case "boolean":
    case "timestamp":
      return { t: source.type };
    default:
      throw new Error(`Expected a shape type of botocore but found ${source.type}; extend generate.ts`);
  }
}
