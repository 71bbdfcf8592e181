import { beforeEach, describe, expect, it } from "vitest";
import { createHandler as completeHandler } from "../../../handlers/complete-task/index.ts";
import { createHandler as crawlHandler } from "../../../handlers/crawl-product/index.ts";
import { invoke } from "../invoke.ts";
import { memoryTokens, recordedEnds } from "./fakes.ts";

/** A crawler that runs until it is told to end. */
function fakeCrawler() {
  const crawler = {
    running: false,
    crawls: 0,
    lastStatus: "SUCCEEDED",
    startCrawler: async () => {
      if (crawler.running) return false;
      crawler.running = true;
      crawler.crawls++;
      return true;
    },
    crawlerState: async () => ({ running: crawler.running, lastStatus: crawler.lastStatus }),
  };
  return crawler;
}

let crawler: ReturnType<typeof fakeCrawler>;
let tokens: ReturnType<typeof memoryTokens>;
let ends: ReturnType<typeof recordedEnds>;
const adapters = () => ({
  tokens,
  ...ends,
  startCrawler: crawler.startCrawler,
  crawlerState: crawler.crawlerState,
  describeEndpoint: async () => undefined,
});
const ask = (taskToken: string) => invoke(crawlHandler(adapters()), { crawler: "c", taskToken });
const announce = () =>
  invoke(completeHandler(adapters()), {
    source: "aws.glue",
    "detail-type": "Glue Crawler State Change",
    detail: { crawlerName: "c", state: "Succeeded" },
  });
const end = () => {
  crawler.running = false;
  return announce();
};

describe("crawl-product and complete-task", () => {
  beforeEach(() => {
    crawler = fakeCrawler();
    tokens = memoryTokens();
    ends = recordedEnds();
  });

  it("ends the task when its starter marks it between the event's look and the event's own mark", async () => {
    expect(await ask("a")).toEqual({ state: "started" });
    const asLooked = async () => [...tokens.kept.values()].map((token) => ({ ...token, state: "starting" as const }));
    tokens = { ...tokens, list: asLooked };
    expect(await end()).toEqual({ waiting: 1, ended: 1 });
    expect(ends.ended).toEqual(["a: success"]);
  });

  it("ends the task when its crawl ends, once however often that is announced", async () => {
    expect(await ask("a")).toEqual({ state: "started" });
    expect(await end()).toEqual({ waiting: 1, ended: 1 });
    await announce();
    expect(ends.ended).toEqual(["a: success"]);
    expect(tokens.kept.size).toBe(0);
  });

  it("does not count a crawl that ran before: the task gets one of its own", async () => {
    crawler.running = true;
    expect(await ask("a")).toEqual({ state: "queued" });
    await end();
    expect(ends.ended).toEqual([]);
    expect(crawler).toMatchObject({ running: true, crawls: 1 });
    await end();
    expect(ends.ended).toEqual(["a: success"]);
  });

  it("lets one crawl serve all that were queued", async () => {
    crawler.running = true;
    await ask("a");
    await ask("b");
    await end();
    await end();
    expect(ends.ended).toEqual(["a: success", "b: success"]);
    expect(crawler.crawls).toBe(1);
  });

  it("T1: is not lost on an end that is announced before the start was answered", async () => {
    const start = crawler.startCrawler;
    crawler.startCrawler = async () => {
      const started = await start();
      await end();
      return started;
    };
    expect(await ask("a")).toEqual({ state: "finished" });
    expect(ends.ended).toEqual(["a: success"]);
  });

  it("T1: starts its own crawl when the one before ends just as it is refused", async () => {
    crawler.running = true;
    let refusals = 0;
    const start = crawler.startCrawler;
    crawler.startCrawler = async () => {
      const started = await start();
      if (!started && refusals++ === 0) await end();
      return started;
    };
    expect(await ask("a")).toEqual({ state: "started" });
    expect(ends.ended).toEqual([]);
    await end();
    expect(ends.ended).toEqual(["a: success"]);
  });

  it("fails the task when the crawl failed", async () => {
    await ask("a");
    crawler.lastStatus = "FAILED";
    await end();
    expect(ends.ended).toEqual(["a: CrawlerFailedError"]);
  });

  it("keeps no token of a start that failed", async () => {
    crawler.startCrawler = async () => Promise.reject(new Error("throttled"));
    await expect(ask("a")).rejects.toThrow("throttled");
    expect(tokens.kept.size).toBe(0);
  });

  it("ends nothing for an event nobody waits for", async () => {
    expect(await announce()).toEqual({ waiting: 0, ended: 0 });
  });
});
