/** A model passed the gate, or lost there, and is in the registry; a pending one waits for a person. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Model Registered";

export const modelRegistered = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  description: "A model is in the registry; a pending one waits for a person.",
  detail: z.object({
    model: z.string(),
    product: z.string(),
    dataVersion: z.string(),
    modelPackageArn: z.string(),
    approvalStatus: z.string(),
    metrics: z.record(z.string(), z.number()),
    reason: z.string(),
    executionArn: z.string(),
  }),
  sample: sampleOf(OWN_SOURCE, DETAIL_TYPE, [], {
    model: "credit-risk",
    product: "credit-card",
    dataVersion: "0123456789abcdef",
    modelPackageArn: "arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit-risk/2",
    approvalStatus: "PendingManualApproval",
    metrics: { auc: 0.79 },
    reason: "first version",
    executionArn: "arn:aws:states:eu-central-1:123456789012:execution:train-model:credit-card-0123456789abcdef",
  }),
});
