/** SageMaker tells of any change of a model package, its approval among them. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.sagemaker";
const DETAIL_TYPE = "SageMaker Model Package State Change";
const ARN = "arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit-risk/2";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "A model package changed; an approved one is released.",
  detail: z.object({
    ModelPackageArn: z.string(),
    ModelPackageGroupName: z.string().optional(),
    ModelPackageVersion: z.number().optional(),
    ModelPackageStatus: z.string().optional(),
    ModelApprovalStatus: z.string().optional(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, [ARN], {
    ModelPackageGroupName: "credit-risk",
    ModelPackageVersion: 2,
    ModelPackageArn: ARN,
    CreationTime: "2026-01-16T17:00:14Z",
    ModelPackageStatus: "Completed",
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: false,
    ModelApprovalStatus: "Approved",
    LastModifiedTime: "2026-01-16T18:08:48Z",
  }),
});

/** https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
export const modelPackageStateChange = {
  ...event,
  /** Packages of these groups that are Approved. The event also comes when something else of an approved package changes. */
  approved: (groups: readonly string[]): EventPattern =>
    event.matching({ ModelPackageGroupName: groups, ModelApprovalStatus: ["Approved"] }),
};
