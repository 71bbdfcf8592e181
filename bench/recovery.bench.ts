/**
 * Time to ready after a restart, of a home whose states service holds 10,000 parked executions (each in a long Wait), and of
 * one whose single execution has 25,000 events of history behind it. Ready: `openHome` and `start` are through.
 * An empty home's time stands beside each, so that the difference is recovery alone. To reach: at most 50 ms for the latter.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Home, openHome } from "../local/home.ts";
import { states } from "../local/services/states/index.ts";
import { type BenchResult, median } from "./bench-result.ts";

const RUNS = 5;
const PARKED = 10_000;
const PARKED_AT_ONCE = 500;
const MOST_MS = 50;
const ACCOUNT = "000000000000";
const CALLER = { kind: "home", accountId: ACCOUNT } as const;
const YEAR_SECONDS = 31_536_000;
const WAIT = { Type: "Wait", Seconds: YEAR_SECONDS, End: true };
const PARKED_MACHINE = { StartAt: "Park", States: { Park: WAIT } };
/** A loop of a Choice and a Pass, 4 events a turn, that parks just below the limit of 25,000 events. */
const LONG_MACHINE = {
  StartAt: "Enough",
  States: {
    Enough: { Type: "Choice", Choices: [{ Variable: "$.n", NumericLessThan: 6_240, Next: "Count" }], Default: "Park" },
    Count: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "Enough" },
    Park: WAIT,
  },
};

export async function run(): Promise<BenchResult> {
  const empty = await measure(async () => undefined);
  const parked = await measure((home) => startAll(home, PARKED_MACHINE, PARKED, "{}"));
  const long = await measure((home) => startAll(home, LONG_MACHINE, 1, '{"n": 0}'));
  const row = (name: string, readyMs: number) => ({
    name,
    readyMs,
    emptyMs: empty,
    recoveryMs: Math.round(10 * (readyMs - empty)) / 10,
  });
  const rows = [row("10,000 parked executions", parked), row("one execution of 25,000 events", long)];
  const missed = rows
    .slice(1)
    .filter(({ recoveryMs }) => recoveryMs > MOST_MS)
    .map(({ name, recoveryMs }) => `${name}: ${recoveryMs} ms, at most ${MOST_MS}`);
  return { rows, missed };
}

/** The middle time to ready of a home that `fill` has filled, in milliseconds. */
async function measure(fill: (home: Home) => Promise<void>): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const open = async () => {
    const home = await openHome({ directory, services: [states] });
    await home.start();
    return home;
  };
  try {
    const first = await open();
    await fill(first);
    await first.close();
    const times: number[] = [];
    for (let index = 0; index < RUNS; index++) {
      const began = performance.now();
      const home = await open();
      times.push(performance.now() - began);
      await home.close();
    }
    return Math.round(10 * median(times)) / 10;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function startAll(home: Home, definition: object, count: number, input: string): Promise<void> {
  const stateMachineArn = `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:bench`;
  const create = {
    name: "bench",
    definition: JSON.stringify(definition),
    roleArn: `arn:aws:iam::${ACCOUNT}:role/bench`,
  };
  await home.ports.call("states", "CreateStateMachine", create, CALLER);
  for (let started = 0; started < count; started += PARKED_AT_ONCE) {
    const names = Array.from(
      { length: Math.min(PARKED_AT_ONCE, count - started) },
      (_, index) => `r${started + index}`,
    );
    await Promise.all(
      names.map((name) => home.ports.call("states", "StartExecution", { stateMachineArn, name, input }, CALLER)),
    );
  }
  // A long run steps in turns of the event loop; it is parked once its last batch is written.
  if (count === 1) await untilParked(home, `arn:aws:states:us-east-1:${ACCOUNT}:execution:bench:r0`);
}

async function untilParked(home: Home, executionArn: string): Promise<void> {
  for (;;) {
    const ask = { executionArn, reverseOrder: true, maxResults: 1 };
    const answer = await home.ports.call("states", "GetExecutionHistory", ask, CALLER);
    const { events } = answer as { events?: { type: string }[] };
    if (events?.[0]?.type === "WaitStateEntered") return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
