/** One crawl: list, classify, find the tables, write the catalog. */
import type { Crawler, Table } from "@aws-sdk/client-glue";
import type { Principal } from "../../../principal.ts";
import type { Glue } from "../context.ts";
import { planCrawl } from "../crawler-definition.ts";
import { classifyFile } from "./classify.ts";
import { type CrawlCounts, noCounts } from "./counts.ts";
import { type CrawledFile, findTables } from "./find-tables.ts";
import { listFiles, parseTarget, type S3Access } from "./s3-target.ts";
import { retireTables, type Writing, writeTable } from "./write-catalog.ts";

/** Parallel reads of one crawl. */
const READERS = 4;

/** @throws AwsError what S3 or the catalog refused the crawler's role */
export async function crawlTargets(
  { home }: Pick<Glue, "home">,
  crawler: Crawler,
  principal: Principal,
  signal: AbortSignal,
): Promise<CrawlCounts> {
  const access: S3Access = { home, principal, signal };
  const { Schedule: _schedule, ...definition } = crawler;
  const plan = planCrawl(definition);
  const counts = noCounts();
  await home.call("glue", "GetDatabase", { Name: crawler.DatabaseName }, principal, signal);
  const writing: Writing = { access, crawler, plan, counts, known: await tablesOf(access, crawler) };
  const kept = new Set<string>();
  for (const { Path, Exclusions, SampleSize } of plan.targets) {
    const target = parseTarget(Path);
    const files = await listFiles(access, target, Exclusions ?? []);
    const crawled = await classifyAll(access, sample(files, SampleSize));
    for (const found of findTables(target, crawled, plan.tableLevel)) {
      signal.throwIfAborted();
      if (found.schema.classification === "UNKNOWN") {
        counts.warnings.push(`s3://${target.bucket}/${found.prefix} is not CSV, JSON lines or Parquet`);
      }
      kept.add(await writeTable(writing, target, found));
    }
  }
  await retireTables(writing, kept);
  return counts;
}

async function tablesOf({ home, principal, signal }: S3Access, crawler: Crawler): Promise<Table[]> {
  const tables: Table[] = [];
  let NextToken: string | undefined;
  do {
    const input = { DatabaseName: crawler.DatabaseName, ...(NextToken === undefined ? {} : { NextToken }) };
    const page = (await home.call("glue", "GetTables", input, principal, signal)) as {
      TableList?: Table[];
      NextToken?: string;
    };
    tables.push(...(page.TableList ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return tables;
}

async function classifyAll(access: S3Access, files: readonly CrawledFile["file"][]): Promise<CrawledFile[]> {
  const crawled: CrawledFile[] = [];
  for (let at = 0; at < files.length; at += READERS) {
    access.signal.throwIfAborted();
    const batch = files.slice(at, at + READERS);
    crawled.push(
      ...(await Promise.all(batch.map(async (file) => ({ file, schema: await classifyFile(access, file) })))),
    );
  }
  return crawled;
}

/** SampleSize: that many files of each leaf folder. */
function sample<T extends { key: string }>(files: readonly T[], size: number | undefined): readonly T[] {
  if (size === undefined) return files;
  const byFolder = Map.groupBy(files, ({ key }) => key.slice(0, key.lastIndexOf("/") + 1));
  return [...byFolder.values()].flatMap((members) => members.slice(0, size));
}
