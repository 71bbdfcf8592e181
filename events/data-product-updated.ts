/** A data product went through its lifecycle. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Data Product Updated";

export const dataProductUpdated = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  description: "A data product went through its lifecycle.",
  detail: z.object({
    product: z.string(),
    dataVersion: z.string(),
    /** What the lifecycle made of it. */
    outcome: z.enum(["unchanged", "recorded", "retrained", "stopped"]),
    reason: z.string(),
    executionArn: z.string(),
  }),
  sample: sampleOf(OWN_SOURCE, DETAIL_TYPE, [], {
    product: "credit-card",
    dataVersion: "0123456789abcdef",
    outcome: "retrained",
    reason: "age moved",
    executionArn: "arn:aws:states:eu-central-1:123456789012:execution:data-product-update:credit-card-0123456789abcdef",
  }),
});
