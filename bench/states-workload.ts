/** One workload of the states bench, measured in this process: `node states-workload.ts LETTER` prints its row as JSON. */
import { compile, parseDefinition } from "../engine/states/index.ts";
import { simulateMachine } from "../engine/states/simulate.ts";
import { openBenchHome } from "./bench-home.ts";
import { WORKLOADS, type Workload } from "./states-workloads.ts";

export type WorkloadRow = {
  name: string;
  durablePerSecond: number;
  memoryPerSecond: number;
  peerPerSecond: number;
  ratio: number;
  peakMb: number;
};

type Once = () => Promise<unknown>;

const WARM_UP_ROUNDS = 3;
const ROUNDS = 10;

const workload = WORKLOADS.find(({ name }) => name.startsWith(`${process.argv[2] ?? ""}:`));
if (workload === undefined) throw new Error(`no workload '${process.argv[2] ?? ""}'`);
process.stdout.write(JSON.stringify(await measure(workload)));

async function measure(workload: Workload): Promise<WorkloadRow> {
  const home = await openBenchHome();
  try {
    const durable = await home.runner(workload);
    for (let index = 0; index < WARM_UP_ROUNDS; index++) await rate(workload, durable);
    const peakKb = process.resourceUsage().maxRSS;
    const kinds = [durable, inMemory(workload), await byPeer(workload)];
    const best = [0, 0, 0];
    for (let round = -1; round < ROUNDS; round++) {
      for (const [index, once] of kinds.entries()) {
        const found = await rate(workload, once);
        if (round >= 0) best[index] = Math.max(best[index] ?? 0, found);
      }
    }
    const [durablePerSecond = 0, memoryPerSecond = 0, peerPerSecond = 0] = best.map(Math.round);
    const ratio = Math.round((10 * durablePerSecond) / peerPerSecond) / 10;
    const peakMb = Math.round(peakKb / 1024);
    return { name: workload.name, durablePerSecond, memoryPerSecond, peerPerSecond, ratio, peakMb };
  } finally {
    await home.close();
  }
}

/** Transitions per second of one round, with all its executions in flight at once. */
async function rate({ concurrency, transitions }: Workload, once: Once): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, once));
  return (concurrency * transitions * 1000) / (performance.now() - start);
}

function inMemory({ name, definition, input }: Workload): Once {
  const parsed = parseDefinition(JSON.stringify(definition), { type: "STANDARD" });
  if (parsed.definition === undefined) throw new Error(`${name}: ${JSON.stringify(parsed.diagnostics)}`);
  const machine = compile(parsed.definition);
  return async () => {
    const { status, cause } = await simulateMachine(machine, { input });
    if (status !== "SUCCEEDED") throw new Error(`${name}: ${status} ${cause ?? ""}`);
  };
}

/** Loaded only now, so that the durable part's peak memory is its own. */
async function byPeer({ definition, peerDefinition, input, tasks }: Workload): Promise<Once> {
  const { StateMachine } = await import("aws-local-stepfunctions");
  const text = JSON.stringify(peerDefinition ?? definition);
  const machine = new StateMachine(JSON.parse(text), { validationOptions: { checkPaths: false, checkArn: false } });
  const taskResourceLocalHandlers = Object.fromEntries(tasks.map((task) => [task, async () => ({ done: true })]));
  const given: object = input;
  return () => machine.run({ ...given }, { overrides: { taskResourceLocalHandlers } }).result;
}
