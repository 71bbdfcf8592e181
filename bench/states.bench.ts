/**
 * Transitions per second of the states engine: durable, through the states service with its store on disk (every start
 * acknowledged after its fsync), in memory, the engine alone, and of aws-local-stepfunctions, which keeps nothing.
 * All three run the same executions with the same number in flight, in one process, one after the other; the middle of
 * several rounds. To reach: durable 5 times the peer on (a) to (e).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StateMachine } from "aws-local-stepfunctions";
import { compile, parseDefinition } from "../engine/states/index.ts";
import { simulateMachine } from "../engine/states/simulate.ts";
import { defineService } from "../local/define-service.ts";
import { type Home, openHome } from "../local/home.ts";
import { states } from "../local/services/states/index.ts";
import { type BenchResult, median } from "./bench-result.ts";
import { WORKLOADS, type Workload } from "./states-workloads.ts";

const ROUNDS = 5;
const LEAST_RATIO = 5;
/** Without a figure to reach: its tasks pass through authorisation and dispatch, the peer's are bare functions. */
const UNBOUND = "f:";
const ACCOUNT = "000000000000";
const CALLER = { kind: "home", accountId: ACCOUNT } as const;

export async function run(rest: readonly string[]): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const home = await openHome({ directory, services: [states, instantLambda()] });
  await home.start();
  const rows = [];
  try {
    const wanted = WORKLOADS.filter(({ name }) => rest.length === 0 || rest.includes(name.slice(0, 1)));
    for (const workload of wanted) rows.push(await measure(home, workload));
  } finally {
    await home.close();
    rmSync(directory, { recursive: true });
  }
  const missed = rows
    .filter(({ name, ratio }) => !name.startsWith(UNBOUND) && ratio < LEAST_RATIO)
    .map(({ name, ratio }) => `${name}: ${ratio} times the peer, at least ${LEAST_RATIO}`);
  return { rows, missed };
}

async function measure(home: Home, workload: Workload) {
  let peakBytes = 0;
  const durable = await durably(home, workload);
  const durablePerSecond = await rate(workload, async () => {
    await durable();
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  });
  const memoryPerSecond = await rate(workload, inMemory(workload));
  const peerPerSecond = await rate(workload, byPeer(workload));
  return {
    name: workload.name,
    durablePerSecond,
    memoryPerSecond,
    peerPerSecond,
    ratio: Math.round((10 * durablePerSecond) / peerPerSecond) / 10,
    peakMb: Math.round(peakBytes / 2 ** 20),
  };
}

/** Transitions per second of rounds with `concurrency` executions each; the first round warms up. */
async function rate({ concurrency, transitions }: Workload, once: () => Promise<unknown>): Promise<number> {
  const round = async () => {
    const start = performance.now();
    await Promise.all(Array.from({ length: concurrency }, once));
    return (concurrency * transitions * 1000) / (performance.now() - start);
  };
  await round();
  const rates: number[] = [];
  for (let index = 0; index < ROUNDS; index++) rates.push(await round());
  return Math.round(median(rates));
}

async function durably(home: Home, { name, definition, input }: Workload): Promise<() => Promise<void>> {
  const text = JSON.stringify(input);
  const machine = `bench-${name.slice(0, 1)}`;
  const stateMachineArn = `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${machine}`;
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/bench`;
  const create = { name: machine, definition: JSON.stringify(definition), roleArn };
  await home.ports.call("states", "CreateStateMachine", create, CALLER);
  const waiting = new Map<string, { succeeded: () => void; failed: (reason: Error) => void }>();
  home.ports.listen(({ detail }) => {
    const { executionArn, status, cause } = detail as { executionArn: string; status: string; cause: string | null };
    if (status === "RUNNING") return;
    if (status === "SUCCEEDED") waiting.get(executionArn)?.succeeded();
    else waiting.get(executionArn)?.failed(new Error(`${name}: ${status} ${cause ?? ""}`));
    waiting.delete(executionArn);
  });
  let runs = 0;
  return async () => {
    const run = `r${++runs}`;
    const arn = `arn:aws:states:us-east-1:${ACCOUNT}:execution:${machine}:${run}`;
    const ended = new Promise<void>((succeeded, failed) => waiting.set(arn, { succeeded, failed }));
    await home.ports.call("states", "StartExecution", { stateMachineArn, name: run, input: text }, CALLER);
    await ended;
  };
}

function inMemory({ name, definition, input }: Workload): () => Promise<void> {
  const parsed = parseDefinition(JSON.stringify(definition), { type: "STANDARD" });
  if (parsed.definition === undefined) throw new Error(`${name}: ${JSON.stringify(parsed.diagnostics)}`);
  const machine = compile(parsed.definition);
  return async () => {
    const { status, cause } = await simulateMachine(machine, { input });
    if (status !== "SUCCEEDED") throw new Error(`${name}: ${status} ${cause ?? ""}`);
  };
}

function byPeer({ definition, peerDefinition, input, tasks }: Workload): () => Promise<unknown> {
  const text = JSON.stringify(peerDefinition ?? definition);
  const machine = new StateMachine(JSON.parse(text), { validationOptions: { checkPaths: false, checkArn: false } });
  const taskResourceLocalHandlers = Object.fromEntries(tasks.map((task) => [task, async () => ({ done: true })]));
  const given: object = input;
  return () => machine.run({ ...given }, { overrides: { taskResourceLocalHandlers } }).result;
}

/** A Lambda that answers its payload at once. */
function instantLambda() {
  return defineService<typeof import("@aws-sdk/client-lambda")>({
    name: "lambda",
    signingName: "lambda",
    iamPrefix: "lambda",
    sdk: () => import("@aws-sdk/client-lambda"),
    create: () => ({
      operations: {
        Invoke: {
          authorize: () => [],
          handle: ({ Payload }) => ({ StatusCode: 200, Payload: Payload as never }),
        },
      },
    }),
  });
}
