/** Crawlers and their crawls. A crawl that is RUNNING or STOPPING in here when the home starts is run again. */
import type { Crawler, LastCrawlInfo } from "@aws-sdk/client-glue";
import type { HomePorts } from "../../define-service.ts";
import { decodeBody, encodeBody } from "./catalog-json.ts";
import { entityNotFound } from "./errors.ts";

export type CrawlState = "RUNNING" | "STOPPING" | "COMPLETED" | "FAILED" | "STOPPED";

export interface Crawl {
  crawlId: string;
  crawler: string;
  state: CrawlState;
  startedMs: number;
  endedMs?: number;
  /** JSON text as ListCrawls gives it. */
  summary?: string;
  errorMessage?: string;
  logStream: string;
}

export interface CrawlStore {
  /** @throws AwsError EntityNotFoundException */
  crawler(name: string): Crawler;
  find(name: string): Crawler | undefined;
  crawlers(): Crawler[];
  putCrawler(crawler: Crawler): void;
  deleteCrawler(name: string): void;
  setLastCrawl(name: string, last: LastCrawlInfo): void;
  putCrawl(crawl: Crawl): void;
  crawl(crawlId: string): Crawl | undefined;
  /** Newest first. */
  crawlsOf(crawler: string): Crawl[];
  /** The crawl in flight, if any. */
  current(crawler: string): Crawl | undefined;
  unfinished(): Crawl[];
}

export function createCrawlStore({ store, clock }: HomePorts): CrawlStore {
  const one = store.prepare("SELECT body, last_crawl FROM glue_crawlers WHERE name = ?");
  const all = store.prepare("SELECT body, last_crawl FROM glue_crawlers ORDER BY name");
  const put = store.prepare(
    "INSERT INTO glue_crawlers (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
  );
  const remove = store.prepare("DELETE FROM glue_crawlers WHERE name = ?");
  const setLast = store.prepare("UPDATE glue_crawlers SET last_crawl = ? WHERE name = ?");
  const putCrawl = store.prepare("INSERT OR REPLACE INTO glue_crawls VALUES (?, ?, ?, ?, ?)");
  const byId = store.prepare("SELECT body FROM glue_crawls WHERE crawl_id = ?");
  const byCrawler = store.prepare(
    "SELECT body FROM glue_crawls WHERE crawler = ? ORDER BY started_ms DESC, rowid DESC",
  );
  const open = store.prepare("SELECT body FROM glue_crawls WHERE state IN ('RUNNING', 'STOPPING') ORDER BY started_ms");
  const openOf = store.prepare(
    "SELECT body FROM glue_crawls WHERE crawler = ? AND state IN ('RUNNING', 'STOPPING') LIMIT 1",
  );
  const crawlOf = (row: { body?: unknown } | undefined) => (row ? decodeBody<Crawl>(row.body) : undefined);
  const current = (name: string) => crawlOf(openOf.get(name));
  const read = (row: { body?: unknown; last_crawl?: unknown }): Crawler => {
    const crawler = decodeBody<Crawler>(row.body);
    const crawl = current(crawler.Name ?? "");
    return {
      ...crawler,
      State: crawl === undefined ? "READY" : crawl.state === "STOPPING" ? "STOPPING" : "RUNNING",
      CrawlElapsedTime: crawl === undefined ? 0 : clock.now() - crawl.startedMs,
      ...(typeof row.last_crawl === "string" ? { LastCrawl: decodeBody<LastCrawlInfo>(row.last_crawl) } : {}),
    };
  };
  const find = (name: string) => {
    const row = one.get(name);
    return row === undefined ? undefined : read(row);
  };
  return {
    find,
    current,
    crawler(name) {
      const found = find(name);
      if (found === undefined) throw entityNotFound(`Crawler entry with name ${name} does not exist`);
      return found;
    },
    crawlers: () => all.all().map(read),
    putCrawler: (crawler) => void put.run(crawler.Name ?? "", encodeBody(crawler)),
    deleteCrawler: (name) => void remove.run(name),
    setLastCrawl: (name, last) => void setLast.run(encodeBody(last), name),
    putCrawl(crawl) {
      putCrawl.run(crawl.crawlId, crawl.crawler, crawl.state, crawl.startedMs, encodeBody(crawl));
    },
    crawl: (crawlId) => crawlOf(byId.get(crawlId)),
    crawlsOf: (crawler) => byCrawler.all(crawler).map(({ body }) => decodeBody<Crawl>(body)),
    unfinished: () => open.all().map(({ body }) => decodeBody<Crawl>(body)),
  };
}
