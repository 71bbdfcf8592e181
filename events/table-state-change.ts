/** Glue tells, on a best-effort basis, that a table of the catalog changed: names only, what changed must be asked for. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.glue";
const DETAIL_TYPE = "Glue Data Catalog Table State Change";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "A table of the catalog changed; Glue tells on a best-effort basis.",
  detail: z.object({
    databaseName: z.string(),
    tableName: z.string(),
    typeOfChange: z.string(),
    /** Each one a string such as "[C.pdf, dir3]", not a list. */
    changedPartitions: z.array(z.string()).optional(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, ["arn:aws:glue:eu-central-1:123456789012:table/credit-card/credit_card"], {
    databaseName: "credit-card",
    changedPartitions: [],
    typeOfChange: "UpdateTable",
    tableName: "credit_card",
  }),
});

/** https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html */
export const tableStateChange = {
  ...event,
  /** Changes of one table. */
  pattern: ({ database, table }: { database: string; table: string }): EventPattern =>
    event.matching({ databaseName: [database], tableName: [table] }),
};
