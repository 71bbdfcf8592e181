/**
 * One distributed map over an object of N items, in this process: `node --expose-gc map-runs-workload.ts ITEMS` prints its row as
 * JSON. Live memory is what is left after a collection, looked at every 50 ms; peak is the process's, garbage included.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHome } from "../local/home.ts";
import { s3 } from "../local/services/s3/index.ts";
import { states } from "../local/services/states/index.ts";

export type MapRunRow = { name: string; seconds: number; childrenPerSecond: number; liveMb: number; peakMb: number };

const ACCOUNT = "000000000000";
const CALLER = { kind: "home", accountId: ACCOUNT } as const;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/bench`;
/** Characters of an item: 10,000 of them are some 10 MB. */
const ITEM_CHARACTERS = 1_000;
const LOOK_MS = 50;
const MACHINE = {
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      MaxConcurrency: 100,
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSONL" },
        Arguments: { Bucket: "bench", Key: "items.jsonl" },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Pass",
        States: { Pass: { Type: "Pass", End: true } },
      },
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "bench", Prefix: "out" } },
      End: true,
    },
  },
};

process.stdout.write(JSON.stringify(await measure(Number(process.argv[2]))));

async function measure(items: number): Promise<MapRunRow> {
  const directory = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const home = await openHome({ directory, services: [states, s3] });
  try {
    const all = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    home.ports.policies.setRoleSource((roleArn) => ({
      roleArn,
      policies: [{ name: "all", document: all }],
      trust: {},
    }));
    await home.start();
    const call = (service: string, operation: string, input: object) =>
      home.ports.call(service, operation, input, CALLER);
    await call("s3", "CreateBucket", { Bucket: "bench" });
    await call("s3", "PutObject", { Bucket: "bench", Key: "items.jsonl", Body: itemsOf(items) });
    await call("states", "CreateStateMachine", { name: "bench", definition: JSON.stringify(MACHINE), roleArn: ROLE });
    const ended = new Promise<string>((resolve) => {
      home.ports.listen(({ detail }) => {
        const { status, cause } = detail as { status: string; cause: string | null };
        if (status !== "RUNNING") resolve(`${status} ${cause ?? ""}`.trim());
      });
    });
    let liveBytes = 0;
    const look = setInterval(() => {
      global.gc?.();
      const { heapUsed, external } = process.memoryUsage();
      liveBytes = Math.max(liveBytes, heapUsed + external);
    }, LOOK_MS);
    const began = performance.now();
    await call("states", "StartExecution", {
      stateMachineArn: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:bench`,
    });
    const end = await ended;
    if (end !== "SUCCEEDED") throw new Error(`the map over ${items} items: ${end}`);
    clearInterval(look);
    const seconds = (performance.now() - began) / 1000;
    return {
      name: `${items} items of 1 kB`,
      seconds: Math.round(100 * seconds) / 100,
      childrenPerSecond: Math.round(items / seconds),
      liveMb: Math.round(liveBytes / 1024 / 1024),
      peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await home.close();
    rmSync(directory, { recursive: true });
  }
}

function itemsOf(count: number): Buffer {
  const line = (n: number) => `${JSON.stringify({ n, text: "x".repeat(ITEM_CHARACTERS) })}\n`;
  return Buffer.from(Array.from({ length: count }, (_, n) => line(n)).join(""));
}
