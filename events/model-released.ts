/** An approved model passed the smoke test and serves. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Model Released";

export const modelReleased = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  detail: z.object({
    model: z.string(),
    modelPackageArn: z.string(),
    endpointName: z.string(),
  }),
  sample: sampleOf(OWN_SOURCE, DETAIL_TYPE, [], {
    model: "credit-risk",
    modelPackageArn: "arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit-risk/2",
    endpointName: "credit-risk",
  }),
});
