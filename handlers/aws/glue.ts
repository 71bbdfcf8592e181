/** Crawls. Loaded when first used. */
import { env } from "node:process";
import { GetCrawlerCommand, GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { assumedRole } from "./assumed-role.ts";

export type CrawlerState = Readonly<{ running: boolean; lastStatus?: string; lastMessage?: string }>;

// Set where the crawlers lie in another account than the function.
const client = new GlueClient(env.CRAWLER_ROLE_ARN ? { credentials: assumedRole(env.CRAWLER_ROLE_ARN) } : {});

/** Starts a crawl; false where one is running already. */
export async function startCrawler(name: string): Promise<boolean> {
  try {
    await client.send(new StartCrawlerCommand({ Name: name }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "CrawlerRunningException") return false;
    throw error;
  }
}

/** What the crawler does now and how its last crawl ended. */
export async function crawlerState(name: string): Promise<CrawlerState> {
  const { Crawler } = await client.send(new GetCrawlerCommand({ Name: name }));
  const { Status, ErrorMessage } = Crawler?.LastCrawl ?? {};
  return {
    running: Crawler?.State !== "READY",
    ...(Status !== undefined && { lastStatus: Status }),
    ...(ErrorMessage !== undefined && { lastMessage: ErrorMessage }),
  };
}
