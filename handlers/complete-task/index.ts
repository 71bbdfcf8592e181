/** Ends the tasks that wait for a crawler or an endpoint, woken by its state change event. */
import * as z from "zod/mini";
import type { EndpointState } from "../aws/endpoints.ts";
import type { CrawlerState } from "../aws/glue.ts";
import { step } from "../step/step.ts";
import { finishCrawl, finishDeployment, type TaskEnds } from "../tokens/finish.ts";
import { lazyEnds, lazyTable } from "../tokens/lazy-table.ts";
import { crawlerKey, endpointKey, type TokenStore, type WaitingToken } from "../tokens/token-store.ts";

const CrawlerEvent = z.looseObject({
  source: z.literal("aws.glue"),
  detail: z.looseObject({ crawlerName: z.string() }),
});
const EndpointEvent = z.looseObject({
  source: z.literal("aws.sagemaker"),
  detail: z.looseObject({ EndpointName: z.string() }),
});
const Input = z.union([CrawlerEvent, EndpointEvent]);
const Output = z.strictObject({ waiting: z.int(), ended: z.int() });

export type Adapters = TaskEnds &
  Readonly<{
    tokens: TokenStore;
    startCrawler: (name: string) => Promise<boolean>;
    crawlerState: (name: string) => Promise<CrawlerState>;
    describeEndpoint: (name: string) => Promise<EndpointState | undefined>;
  }>;

/** The handler on given adapters; an event nobody waits for ends nothing. */
export const createHandler = (adapters: Adapters) =>
  step<z.infer<typeof Input>, z.infer<typeof Output>>({
    name: "complete-task",
    input: Input,
    output: Output,
    work: async (event) => {
      const crawler = CrawlerEvent.safeParse(event);
      if (crawler.success) return crawlerEnded(crawler.data.detail.crawlerName, adapters);
      return endpointChanged(EndpointEvent.parse(event).detail.EndpointName, adapters);
    },
  });

async function crawlerEnded(crawler: string, adapters: Adapters): Promise<z.infer<typeof Output>> {
  const { tokens } = adapters;
  const listed = await tokens.list(crawlerKey(crawler));
  if (listed.length === 0) return { waiting: 0, ended: 0 };
  const waiting: WaitingToken[] = [];
  for (const token of listed) {
    const now = token.state === "starting" ? await markSeen(token.awaited, token.token, tokens) : token.state;
    waiting.push({ ...token, state: now });
  }
  // Asked after the marks: what was started by then is in this answer.
  const state = await adapters.crawlerState(crawler);
  // The next crawl runs already: its own end will wake this again, and then nothing is left out.
  const started = state.running ? [] : waiting.filter((token) => token.state === "started");
  for (const token of started) await finishCrawl(token, crawler, state, adapters, tokens);
  await startQueued(
    crawler,
    waiting.filter((token) => token.state === "queued"),
    state,
    adapters,
  );
  return { waiting: waiting.length, ended: started.length };
}

/** One crawl serves all that were queued before it began. */
async function startQueued(
  crawler: string,
  queued: readonly WaitingToken[],
  state: CrawlerState,
  { startCrawler, tokens }: Adapters,
): Promise<void> {
  if (queued.length === 0 || state.running || !(await startCrawler(crawler))) return;
  for (const { awaited, token } of queued) await tokens.move(awaited, token, "started");
}

/**
 * Leaves word for the starter, who then looks for itself.
 *
 * @returns the token's state: the starter's own mark may have come in between; it did not find the word, so it is put back
 *   and this event is its end to deal with
 */
async function markSeen(awaited: string, token: string, tokens: TokenStore): Promise<WaitingToken["state"]> {
  const before = await tokens.move(awaited, token, "seen");
  if (before === undefined || before === "starting" || before === "seen") return "seen";
  await tokens.move(awaited, token, before);
  return before;
}

async function endpointChanged(
  name: string,
  { tokens, describeEndpoint, ...ends }: Adapters,
): Promise<z.infer<typeof Output>> {
  const waiting = await tokens.list(endpointKey(name));
  if (waiting.length === 0) return { waiting: 0, ended: 0 };
  const endpoint = await describeEndpoint(name);
  let ended = 0;
  for (const token of waiting) {
    if (token.state === "starting") await markSeen(token.awaited, token.token, tokens);
    else if (await finishDeployment(token, name, endpoint, ends, tokens)) ended++;
  }
  return { waiting: waiting.length, ended };
}

const glue = () => import("../aws/glue.ts");
export const handler = createHandler({
  ...lazyEnds,
  tokens: lazyTable,
  startCrawler: async (name) => (await glue()).startCrawler(name),
  crawlerState: async (name) => (await glue()).crawlerState(name),
  describeEndpoint: async (name) => (await import("../aws/endpoints.ts")).describeEndpoint(name),
});
