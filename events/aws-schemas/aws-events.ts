/** The events AWS services publish, as the EventBridge schema registry describes them. See NOTICE. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { z } from "zod";
import { KNOWN_VALUES } from "./known-values.ts";

/** A field: a value of a type, with all it takes where that is known, or an object. An array is its elements. */
export type Shape =
  | Readonly<{ type: "string" | "number" | "boolean" | "any"; values?: readonly string[] | undefined }>
  | Readonly<{ fields: Readonly<Record<string, Shape>> }>;

export type AwsEvent = Readonly<{ source: string; detailType: string; detail: Shape }>;

const Shape: z.ZodType<Shape> = z.lazy(() =>
  z.union([
    z.object({ type: z.enum(["string", "number", "boolean", "any"]) }),
    z.object({ fields: z.record(z.string(), Shape) }),
  ]),
);
const Events = z.array(z.object({ source: z.string(), detailType: z.string(), detail: Shape }));

let read: readonly AwsEvent[] | undefined;

/** Read when first asked for. */
export function awsEvents(): readonly AwsEvent[] {
  read ??= Events.parse(
    JSON.parse(brotliDecompressSync(readFileSync(join(import.meta.dirname, "schemas.json.br"))).toString("utf8")),
  ).map(withValues);
  return read;
}

function withValues(event: AwsEvent): AwsEvent {
  const { source, detailType, detail } = event;
  if (!("fields" in detail)) return event;
  const valued = KNOWN_VALUES.filter((known) => known.source === source && known.detailType === detailType);
  const fields = valued.map(({ field, values }): [string, Shape] => [field, { type: "string", values }]);
  return { ...event, detail: { fields: { ...detail.fields, ...Object.fromEntries(fields) } } };
}
