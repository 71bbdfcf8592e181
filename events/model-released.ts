/** An approved model passed the smoke test and serves. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Model Released";

export const modelReleased = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  description: "An approved model passed the smoke test and serves.",
  detail: z.object({
    product: z.string(),
    model: z.string(),
    dataVersion: z.string(),
    modelPackageArn: z.string(),
    endpointName: z.string(),
    reason: z.string(),
    executionArn: z.string(),
  }),
  sample: sampleOf(OWN_SOURCE, DETAIL_TYPE, [], {
    product: "credit-card",
    model: "credit-risk",
    dataVersion: "0123456789abcdef",
    modelPackageArn: "arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit-risk/2",
    endpointName: "credit-risk",
    reason: "20 of 20 held-out rows got a probability",
    executionArn: "arn:aws:states:eu-central-1:123456789012:execution:release-model:credit-card-0123456789abcdef",
  }),
});
