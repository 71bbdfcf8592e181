/** A lifecycle failed anywhere: where, with what, and where to look. */
import { z } from "zod";
import { defineEvent, OWN_SOURCE, sampleOf } from "./define-event.ts";

const DETAIL_TYPE = "Model Lifecycle Failed";

export const modelLifecycleFailed = defineEvent({
  source: OWN_SOURCE,
  detailType: DETAIL_TYPE,
  description: "A lifecycle failed: where, with what, and where to look.",
  detail: z.object({
    product: z.string().optional(),
    model: z.string().optional(),
    dataVersion: z.string().optional(),
    executionArn: z.string(),
    state: z.string().optional(),
    error: z.string(),
    cause: z.string(),
    link: z.string(),
  }),
  sample: sampleOf(OWN_SOURCE, DETAIL_TYPE, [], {
    product: "credit-card",
    model: "credit-risk",
    dataVersion: "0123456789abcdef",
    executionArn: "arn:aws:states:eu-central-1:123456789012:execution:train-model:credit-card-0123456789abcdef",
    state: "Train",
    error: "States.TaskFailed",
    cause: "AlgorithmError: exit code 1",
    link: "https://eu-central-1.console.aws.amazon.com/states/home",
  }),
});
