/** A data product has a new version, and its lifecycle began. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Data Product Updated";

export const dataProductUpdated = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  detail: z.object({
    product: z.string(),
    dataVersion: z.string(),
  }),
  sample: sampleOf(OWN_SOURCE, DETAIL_TYPE, [], {
    product: "credit-card",
    dataVersion: "0123456789abcdef",
  }),
});
