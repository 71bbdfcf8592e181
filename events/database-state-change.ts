/** Glue tells, on a best-effort basis, that tables of a database were made or dropped. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.glue";
const DETAIL_TYPE = "Glue Data Catalog Database State Change";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "Tables of a database were made or dropped; Glue tells on a best-effort basis.",
  detail: z.object({
    databaseName: z.string(),
    typeOfChange: z.string(),
    changedTables: z.array(z.string()).optional(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, ["arn:aws:glue:eu-central-1:123456789012:table/credit-card/credit_card"], {
    databaseName: "credit-card",
    typeOfChange: "CreateTable",
    changedTables: ["credit_card"],
  }),
});

/** https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html */
export const databaseStateChange = {
  ...event,
  /** Changes of one database. */
  pattern: ({ database }: { database: string }): EventPattern => event.matching({ databaseName: [database] }),
};
