/** An approved model failed the smoke test; the endpoint serves what it served before. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Model Release Rolled Back";

export const modelReleaseRolledBack = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  description: "An approved model failed the smoke test; the endpoint serves what it served before.",
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
    reason: "3 of 20 held-out rows got no probability",
    executionArn: "arn:aws:states:eu-central-1:123456789012:execution:release-model:credit-card-0123456789abcdef",
  }),
});
