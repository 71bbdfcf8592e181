/**
 * "Glue Crawler State Change", with every counter as text, as Glue writes it.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-glue.html
 */
import type { HomePorts } from "../../define-service.ts";
import type { Foreseen } from "../../readiness.ts";
import type { CrawlCounts } from "./crawl/counts.ts";
import type { Crawl } from "./crawl-store.ts";

export interface CrawlerEvents {
  started(crawl: Crawl): void;
  succeeded(crawl: Crawl, endedMs: number, counts: CrawlCounts): void;
  failed(crawl: Crawl, errorMessage: string): void;
}

const STATE_CHANGE = "Glue Crawler State Change";
const ITS_END: readonly Foreseen[] = [{ service: "events", name: STATE_CHANGE }];

export function crawlerEvents(home: HomePorts): CrawlerEvents {
  const emit = (crawl: Crawl, detail: object) =>
    home.emit({
      source: "aws.glue",
      "detail-type": STATE_CHANGE,
      resources: [],
      detail: { accountId: home.accountId, crawlerName: crawl.crawler, ...detail },
    });
  const cloudWatchLogLink = (crawl: Crawl) =>
    `https://console.aws.amazon.com/cloudwatch/home?region=${home.region}#logEventViewer:group=/aws-glue/crawlers;stream=${encodeURIComponent(crawl.logStream)}`;
  return {
    started(crawl) {
      emit(crawl, { startTime: second(crawl.startedMs), state: "Started", message: "Crawler Started" });
      home.foresee(ITS_END);
    },
    succeeded: (crawl, endedMs, counts) =>
      emit(crawl, {
        tablesCreated: String(counts.tablesCreated),
        tablesUpdated: String(counts.tablesUpdated),
        tablesDeleted: String(counts.tablesDeleted),
        partitionsCreated: String(counts.partitionsCreated),
        partitionsUpdated: String(counts.partitionsUpdated),
        partitionsDeleted: String(counts.partitionsDeleted),
        "runningTime (sec)": String(Math.ceil((endedMs - crawl.startedMs) / 1000)),
        completionDate: second(endedMs),
        warningMessage: counts.warnings.length > 0 ? counts.warnings.join("; ") : "N/A",
        cloudWatchLogLink: cloudWatchLogLink(crawl),
        state: "Succeeded",
        message: "Crawler Succeeded",
      }),
    failed: (crawl, errorMessage) =>
      emit(crawl, {
        errorMessage,
        cloudWatchLogLink: cloudWatchLogLink(crawl),
        state: "Failed",
        message: "Crawler Failed",
      }),
  };
}

function second(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, "Z");
}
