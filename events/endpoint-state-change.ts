/** SageMaker tells that an endpoint changed its state. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.sagemaker";
const DETAIL_TYPE = "SageMaker Endpoint State Change";
const ARN = "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/credit-risk";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "An endpoint changed its state; the change completes the waiting release.",
  detail: z.object({
    EndpointName: z.string(),
    EndpointArn: z.string(),
    EndpointConfigName: z.string().optional(),
    /** CREATING, UPDATING, IN_SERVICE, FAILED …: not the spelling DescribeEndpoint has. */
    EndpointStatus: z.string(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, [ARN], {
    EndpointName: "credit-risk",
    EndpointArn: ARN,
    EndpointConfigName: "credit-risk-2",
    ProductionVariants: [{ DesiredWeight: 1, DesiredInstanceCount: 1 }],
    EndpointStatus: "IN_SERVICE",
    CreationTime: 1592411992203,
    LastModifiedTime: 1592411994287,
    Tags: {},
  }),
});

/** https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
export const endpointStateChange = {
  ...event,
  /** Any change of these endpoints. */
  pattern: ({ endpoints }: { endpoints: readonly string[] }): EventPattern =>
    event.matching({ EndpointName: endpoints }),
};
