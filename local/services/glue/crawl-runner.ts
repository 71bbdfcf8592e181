/**
 * The life of a crawl: begun durably, run as the crawler's role, ended in one transaction with its event.
 * A crawl that was in flight when the home died runs again under its id; its writes to the catalog are idempotent.
 */
import type { Crawler, LastCrawlInfo } from "@aws-sdk/client-glue";
import type { Glue } from "./context.ts";
import { type CrawlCounts, summaryOf } from "./crawl/counts.ts";
import { crawlTargets } from "./crawl/crawl-targets.ts";
import type { Crawl } from "./crawl-store.ts";
import { crawlerEvents } from "./crawler-events.ts";
import { roleArnOf } from "./role-arn.ts";

export interface CrawlRunner {
  begin(crawler: Crawler): void;
  stop(crawl: Crawl): void;
  /** Runs again what was in flight when the home ended. */
  recover(): void;
  /** Ends every crawl of this process without a trace, as a kill would. */
  abandon(): void;
}

export function createCrawlRunner(glue: Glue): CrawlRunner {
  const { home, crawls } = glue;
  const events = crawlerEvents(home);
  const inFlight = new Map<string, AbortController>();

  const attempt = async (crawl: Crawl) => {
    const aborted = new AbortController();
    inFlight.set(crawl.crawlId, aborted);
    try {
      const crawler = crawls.crawler(crawl.crawler);
      const roleArn = roleArnOf(crawler.Role ?? "", home.accountId);
      const principal = { kind: "role", roleArn, sessionName: "AWS-Crawler" } as const;
      const counts = await crawlTargets(glue, crawler, principal, aborted.signal);
      if (!aborted.signal.aborted) finish(crawl, { counts });
    } catch (thrown) {
      if (!aborted.signal.aborted) finish(crawl, { error: thrown instanceof Error ? thrown.message : String(thrown) });
    } finally {
      inFlight.delete(crawl.crawlId);
    }
  };

  // Only a failed store ends here: the crawl stays in flight, and the next process runs it again.
  const run = (crawl: Crawl) =>
    void attempt(crawl).catch((thrown) =>
      home.log("error", `the end of crawl ${crawl.crawlId} could not be kept`, { error: String(thrown) }),
    );

  const finish = (begun: Crawl, result: { counts: CrawlCounts } | { error: string }) => {
    const crawl = crawls.crawl(begun.crawlId);
    if (crawl === undefined || (crawl.state !== "RUNNING" && crawl.state !== "STOPPING")) return;
    const endedMs = home.clock.now();
    home.store.transaction(() => {
      if (crawl.state === "STOPPING") {
        settle({ ...crawl, state: "STOPPED", endedMs }, "CANCELLED");
      } else if ("error" in result) {
        settle({ ...crawl, state: "FAILED", endedMs, errorMessage: result.error }, "FAILED");
        events.failed(crawl, result.error);
      } else {
        settle({ ...crawl, state: "COMPLETED", endedMs, summary: summaryOf(result.counts) }, "SUCCEEDED");
        events.succeeded(crawl, endedMs, result.counts);
      }
    });
  };

  const settle = (crawl: Crawl, status: NonNullable<LastCrawlInfo["Status"]>) => {
    crawls.putCrawl(crawl);
    crawls.setLastCrawl(crawl.crawler, {
      Status: status,
      ...(crawl.errorMessage === undefined ? {} : { ErrorMessage: crawl.errorMessage }),
      LogGroup: "/aws-glue/crawlers",
      LogStream: crawl.logStream,
      MessagePrefix: crawl.crawlId,
      StartTime: new Date(crawl.startedMs),
    });
  };

  return {
    begin(crawler) {
      const name = crawler.Name ?? "";
      const crawl: Crawl = {
        crawlId: home.uuid(),
        crawler: name,
        state: "RUNNING",
        startedMs: home.clock.now(),
        logStream: name,
      };
      home.store.transaction(() => {
        crawls.putCrawl(crawl);
        events.started(crawl);
      });
      home.store.afterCommit(() => run(crawl));
    },
    stop(crawl) {
      crawls.putCrawl({ ...crawl, state: "STOPPING" });
      home.store.afterCommit(() => {
        inFlight.get(crawl.crawlId)?.abort();
        finish(crawl, { error: "stopped" });
      });
    },
    recover() {
      for (const crawl of crawls.unfinished()) {
        if (crawl.state === "STOPPING") finish(crawl, { error: "stopped" });
        else run(crawl);
      }
    },
    abandon() {
      for (const aborted of inFlight.values()) aborted.abort();
    },
  };
}
