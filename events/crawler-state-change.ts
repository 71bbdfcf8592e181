/** Glue tells that a crawler started, succeeded or failed. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.glue";
const DETAIL_TYPE = "Glue Crawler State Change";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "A Glue crawler started, succeeded or failed; the end completes the waiting lifecycle.",
  detail: z.object({ crawlerName: z.string(), state: z.string(), message: z.string().optional() }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, [], {
    accountId: "123456789012",
    crawlerName: "credit-card-crawler",
    startTime: "2026-01-16T18:08:46Z",
    state: "Succeeded",
    message: "Crawler Succeeded",
  }),
});

/** https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html */
export const crawlerStateChange = {
  ...event,
  /** The end, good or bad, of these crawlers. */
  pattern: ({ crawlers }: { crawlers: readonly string[] }): EventPattern =>
    event.matching({ crawlerName: crawlers, state: ["Succeeded", "Failed"] }),
};
