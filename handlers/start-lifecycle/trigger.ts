/**
 * What asked for a lifecycle: which products an event is about.
 *
 * Catalog events carry names only, CloudTrail's records of Lake Formation are not documented in every field: both are read leniently,
 * by the members that name something, and an event that names nothing of ours is about no product.
 */
import * as z from "zod/mini";
import { type Product, ProductName } from "../products/config.ts";

const Event = z.looseObject({ source: z.string(), "detail-type": z.string(), detail: z.looseObject({}) });
const Request = z.strictObject({
  product: z.optional(ProductName),
  model: z.optional(z.string()),
  trigger: z.enum(["manual", "schedule", "reconciliation"]),
  force: z.optional(z.boolean()),
});
/** An event of the bus, or a request by hand or by the clock. */
export const Trigger = z.union([Event, Request]);
export type Trigger = z.infer<typeof Trigger>;

const S3Detail = z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) });
const GlueDetail = z.object({
  databaseName: z.string(),
  tableName: z.optional(z.string()),
  changedTables: z.optional(z.array(z.string())),
});
const LakeFormationDetail = z.object({
  errorCode: z.optional(z.string()),
  requestParameters: z.nullish(
    z.object({
      resourceArn: z.optional(z.string()),
      resource: z.optional(
        z.object({
          database: z.optional(z.object({ name: z.optional(z.string()) })),
          table: z.optional(z.object({ databaseName: z.optional(z.string()), name: z.optional(z.string()) })),
        }),
      ),
    }),
  ),
});

export type TriggerKind = "event" | "manual" | "schedule" | "reconciliation";

/** How the run will say it was started. */
export function kindOf(trigger: Trigger): TriggerKind {
  return "source" in trigger ? "event" : Request.parse(trigger).trigger;
}

/** Whether the version is to be worked on again although it was before. */
export function isForced(trigger: Trigger): boolean {
  return "trigger" in trigger && trigger.force === true;
}

/** The products the trigger is about. */
export function productsOf(trigger: Trigger, products: readonly Product[]): Product[] {
  const event = Event.safeParse(trigger);
  if (!event.success) {
    const { product: name } = Request.parse(trigger);
    return products.filter(({ product }) => name === undefined || product === name);
  }
  const { source, detail } = event.data;
  if (source === "aws.s3") return ofObject(detail, products);
  if (source === "aws.glue") return ofCatalog(detail, products);
  if (source === "aws.lakeformation") return ofGrant(detail, products);
  return [];
}

function ofObject(detail: unknown, products: readonly Product[]): Product[] {
  const parsed = S3Detail.safeParse(detail);
  if (!parsed.success) return [];
  const { bucket, object } = parsed.data;
  return products.filter((product) => product.bucket === bucket.name && object.key.startsWith(product.prefix));
}

function ofCatalog(detail: unknown, products: readonly Product[]): Product[] {
  const parsed = GlueDetail.safeParse(detail);
  if (!parsed.success) return [];
  const { databaseName, tableName, changedTables } = parsed.data;
  const tables = tableName === undefined ? changedTables : [tableName];
  return products.filter(
    ({ database, table }) => database === databaseName && (tables === undefined || tables.includes(table)),
  );
}

function ofGrant(detail: unknown, products: readonly Product[]): Product[] {
  const parsed = LakeFormationDetail.safeParse(detail);
  if (!parsed.success || parsed.data.errorCode !== undefined) return [];
  const { resource, resourceArn } = parsed.data.requestParameters ?? {};
  const bucket = resourceArn?.replace(/^arn:[^:]*:s3:::/, "").split("/", 1)[0];
  const database = resource?.table?.databaseName ?? resource?.database?.name;
  const table = resource?.table?.name;
  return products.filter(
    (product) =>
      (bucket !== undefined && product.bucket === bucket) ||
      (database !== undefined && product.database === database && (table === undefined || product.table === table)),
  );
}
