/** Every event known: those AWS publishes, and this app's own, as far as their schemas and samples tell. */
import { z } from "zod";
import { type AwsEvent, awsEvents, type Shape } from "./aws-schemas/aws-events.ts";
import { OPEN_FIELDS } from "./aws-schemas/open-fields.ts";
import * as own from "./index.ts";

/** What JSON Schema says of a detail, as far as it matters here. */
interface Described {
  type?: string | string[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  properties?: Record<string, Described> | undefined;
  items?: Described | undefined;
  anyOf?: Described[] | undefined;
}

const Described: z.ZodType<Described> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), Described).optional(),
    items: Described.optional(),
    anyOf: z.array(Described).optional(),
  }),
);
const Sample = z.object({ detail: z.unknown() });

let known: readonly AwsEvent[] | undefined;

/** Made when first asked for. */
export function vocabulary(): readonly AwsEvent[] {
  known ??= joined([...awsEvents(), ...ownEvents()]);
  return known;
}

function ownEvents(): AwsEvent[] {
  return Object.values(own).flatMap((event) => {
    if (typeof event !== "object") return [];
    const described = Described.parse(z.toJSONSchema(event.detail, { io: "input", unrepresentable: "any" }));
    const sample = shapeOfValue(Sample.parse(event.sample).detail);
    return [{ source: event.source, detailType: event.detailType, detail: merged(shapeOfSchema(described), sample) }];
  });
}

/** Two descriptions of one event complete each other. */
function joined(events: readonly AwsEvent[]): AwsEvent[] {
  const byName = new Map<string, AwsEvent>();
  for (const event of events) {
    const name = `${event.source} ${event.detailType}`;
    const before = byName.get(name);
    byName.set(name, before === undefined ? event : { ...event, detail: merged(before.detail, event.detail) });
  }
  return [...byName.values()];
}

function merged(first: Shape, second: Shape): Shape {
  if (!("fields" in first && "fields" in second)) return first;
  const fields: Record<string, Shape> = { ...second.fields };
  for (const [name, shape] of Object.entries(first.fields)) {
    const other = Object.hasOwn(fields, name) ? fields[name] : undefined;
    fields[name] = other === undefined ? shape : merged(shape, other);
  }
  return { fields };
}

function shapeOfSchema({ type: types, const: only, enum: some, properties, items, anyOf }: Described): Shape {
  if (anyOf !== undefined) {
    const [shape, ...more] = anyOf.filter((one) => one.type !== "null").map(shapeOfSchema);
    return shape !== undefined && more.length === 0 ? shape : { type: "any" };
  }
  if (items !== undefined) return shapeOfSchema(items);
  const [type, ...others] = [types ?? []].flat().filter((one) => one !== "null");
  if (others.length > 0) return { type: "any" };
  const values = (some ?? [only]).filter((value) => typeof value === "string");
  if (values.length > 0) return { type: "string", values };
  if (type === "string" || type === "boolean" || type === "number") return { type };
  if (type === "integer") return { type: "number" };
  if (properties === undefined || Object.keys(properties).length === 0) return { type: "any" };
  return fieldsOf(properties, shapeOfSchema);
}

function shapeOfValue(value: unknown): Shape {
  if (Array.isArray(value)) return value.length === 0 ? { type: "any" } : shapeOfValue(value[0]);
  if (typeof value === "string") return { type: "string" };
  if (typeof value === "number") return { type: "number" };
  if (typeof value === "boolean") return { type: "boolean" };
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return { type: "any" };
  return fieldsOf({ ...value }, shapeOfValue);
}

function fieldsOf<Inner>(object: Record<string, Inner>, shapeOf: (inner: Inner) => Shape): Shape {
  const fields = Object.entries(object).map(([name, inner]): [string, Shape] => [
    name,
    OPEN_FIELDS.has(name) ? { type: "any" } : shapeOf(inner),
  ]);
  return { fields: Object.fromEntries(fields) };
}
