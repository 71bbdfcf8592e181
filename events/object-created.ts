/** S3 tells of a new object, in buckets that have EventBridge switched on. Keys are not URL-encoded here. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.s3";
const DETAIL_TYPE = "Object Created";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "S3 stored an object; below a product's prefix it is new data.",
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.number(),
      etag: z.string(),
      "version-id": z.string().optional(),
      /** Orders the events of one key. */
      sequencer: z.string(),
    }),
    reason: z.string(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, ["arn:aws:s3:::credit-card-123456789012-eu-central-1"], {
    version: "0",
    bucket: { name: "credit-card-123456789012-eu-central-1" },
    object: {
      key: "credit_card/credit_card.csv",
      size: 5,
      etag: "b1946ac92492d2347c6235b4d2611184",
      "version-id": "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
      sequencer: "00617F08299329D189",
    },
    "request-id": "N4N7GDK58NMKJ12R",
    requester: "123456789012",
    "source-ip-address": "1.2.3.4",
    reason: "PutObject",
  }),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const objectCreated = {
  ...event,
  /** New objects of one bucket below a key prefix. */
  pattern: ({ bucket, prefix }: { bucket: string; prefix: string }): EventPattern =>
    event.matching({ bucket: { name: [bucket] }, object: { key: [{ prefix }] } }),
};
