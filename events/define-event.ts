/** An event the app emits or answers to: its schema, a sample as AWS sends it, and its pattern. */
import { z } from "zod";

/** Source of the app's own events, which go on the default bus and start no workflow. */
export const OWN_SOURCE = "tidemill";

/** An EventBridge event pattern, as far as the app's rules need one. */
export type EventPattern = Readonly<{
  source: readonly string[];
  "detail-type": readonly string[];
  detail?: Readonly<Record<string, unknown>>;
}>;

/** The envelope every event has: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const Envelope = z.object({
  version: z.string(),
  id: z.string(),
  account: z.string(),
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
});

export type EventParts<Detail extends z.ZodType> = Readonly<{
  source: string;
  detailType: string;
  /** One sentence for the reference. */
  description: string;
  /** The `detail` alone, for who emits it. */
  detail: Detail;
  /** The event as it arrives. */
  sample: unknown;
}>;

/**
 * Names an event once, for its rule, its handler and its tests.
 *
 * @returns the parts, `schema` of the whole event (fields AWS adds later pass), and `matching`, which makes a pattern of
 *   the source, the detail type and further conditions on the detail
 */
export function defineEvent<Detail extends z.ZodType>(parts: EventParts<Detail>) {
  const { source, detailType, detail } = parts;
  return {
    ...parts,
    schema: Envelope.extend({ source: z.literal(source), "detail-type": z.literal(detailType), detail }),
    matching: (conditions?: Readonly<Record<string, unknown>>): EventPattern => ({
      source: [source],
      "detail-type": [detailType],
      ...(conditions === undefined ? {} : { detail: conditions }),
    }),
  };
}

/** The envelope of a sample, so that a sample's file shows what is particular to it. */
export function sampleOf(source: string, detailType: string, resources: readonly string[], detail: unknown): unknown {
  return {
    version: "0",
    id: "17793124-05d4-b198-2fde-7ededc63b103",
    "detail-type": detailType,
    source,
    account: "123456789012",
    time: "2026-01-16T18:08:48Z",
    region: "eu-central-1",
    resources,
    detail,
  };
}
