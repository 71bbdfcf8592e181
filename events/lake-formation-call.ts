/**
 * Lake Formation has no events of its own: CloudTrail records its API calls, refused ones too.
 *
 * What a record's request looks like is published for few calls only, so only the call's name is relied on.
 */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.lakeformation";
const DETAIL_TYPE = "AWS API Call via CloudTrail";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "A data product was registered, tagged or granted, as CloudTrail records it.",
  detail: z.object({
    eventName: z.string(),
    requestParameters: z.looseObject({}).nullish(),
    errorCode: z.string().optional(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, [], {
    eventVersion: "1.08",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/steward", accountId: "123456789012" },
    eventTime: "2026-01-16T18:08:48Z",
    eventSource: "lakeformation.amazonaws.com",
    eventName: "AddLFTagsToResource",
    awsRegion: "eu-central-1",
    requestParameters: {
      resource: { table: { databaseName: "credit-card", name: "credit_card" } },
      lFTags: [{ tagKey: "ml", tagValues: ["train"] }],
    },
    responseElements: { failures: [] },
    eventID: "8d2ccef0-55f3-42d3-9ede-3a6faedaa5c1",
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    eventCategory: "Management",
    recipientAccountId: "123456789012",
  }),
});

/** By CloudTrail: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
export const lakeFormationCall = {
  ...event,
  /** Calls that succeeded and may have changed what a data product is or who sees it. */
  pattern: (): EventPattern =>
    event.matching({
      eventName: ["AddLFTagsToResource", "RegisterResource", "GrantPermissions"],
      errorCode: [{ exists: false }],
    }),
};
