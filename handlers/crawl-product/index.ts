/**
 * Starts a product's crawler for a task that waits for its end.
 *
 * A crawl that runs already may have read the data before it changed, so it does not count: the task is queued, and
 * complete-task starts its crawl when that one ends.
 */
import * as z from "zod/mini";
import type { CrawlerState } from "../aws/glue.ts";
import { soon } from "../step/soon.ts";
import { step } from "../step/step.ts";
import { finishCrawl, type TaskEnds } from "../tokens/finish.ts";
import { lazyEnds, lazyTable } from "../tokens/lazy-table.ts";
import { crawlerKey, type TokenStore } from "../tokens/token-store.ts";

const Input = z.strictObject({ crawler: z.string(), taskToken: z.string() });
const Output = z.strictObject({ state: z.enum(["started", "queued", "finished"]) });
type Output = z.infer<typeof Output>;

export type Adapters = TaskEnds &
  Readonly<{
    tokens: TokenStore;
    startCrawler: (name: string) => Promise<boolean>;
    crawlerState: (name: string) => Promise<CrawlerState>;
  }>;

/** The handler on given adapters. */
export const createHandler = (adapters: Adapters) =>
  step<z.infer<typeof Input>, Output>({
    name: "crawl-product",
    input: Input,
    output: Output,
    work: async ({ crawler, taskToken }) => {
      const { tokens, startCrawler } = adapters;
      const waiting = { awaited: crawlerKey(crawler), token: taskToken, state: "starting", detail: crawler } as const;
      await tokens.put(waiting);
      const state = await startOrForget(
        () => startCrawler(crawler),
        () => tokens.remove(waiting.awaited, taskToken),
      );
      const before = await tokens.move(waiting.awaited, taskToken, state);
      if (before !== "seen") return { state };
      return { state: await catchUp(state, crawler, taskToken, adapters) };
    },
  });

async function startOrForget(
  start: () => Promise<boolean>,
  forget: () => Promise<void>,
): Promise<"started" | "queued"> {
  try {
    return (await start()) ? "started" : "queued";
  } catch (error) {
    // The state will be retried with another token: this one would wait for ever.
    await forget();
    throw error;
  }
}

/** An end was announced while this one was starting: it was either its own, or that of the crawl before. */
async function catchUp(
  state: "started" | "queued",
  crawler: string,
  token: string,
  adapters: Adapters,
): Promise<Output["state"]> {
  const { tokens, crawlerState, startCrawler } = adapters;
  const waiting = { awaited: crawlerKey(crawler), token, state, detail: crawler };
  const now = await crawlerState(crawler);
  if (now.running) return state;
  if (state === "started") {
    await finishCrawl(waiting, crawler, now, adapters, tokens);
    return "finished";
  }
  if (!(await startCrawler(crawler))) return "queued";
  await tokens.move(waiting.awaited, token, "started");
  return "started";
}

const glue = soon(() => import("../aws/glue.ts"));
export const handler = createHandler({
  ...lazyEnds,
  tokens: lazyTable,
  startCrawler: async (name) => (await glue()).startCrawler(name),
  crawlerState: async (name) => (await glue()).crawlerState(name),
});
