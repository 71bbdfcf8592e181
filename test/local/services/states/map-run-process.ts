/**
 * `node map-run-process.ts HOME ITEMS [READS]`: a home that runs one distributed map, goes on with it, and prints what came of it.
 * With READS it ends as by `kill -9` when the home has asked for the time so often: a moment that comes however fast the machine is.
 */
import { toAwsError } from "../../../../local/aws-error.ts";
import { type Clock, systemClock } from "../../../../local/clock.ts";
import { openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { states } from "../../../../local/services/states/index.ts";

const [, , directory = "", items = "0", reads] = process.argv;
const ROLE = "arn:aws:iam::000000000000:role/r";
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
const EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:m:run";
const definition = {
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      MaxConcurrency: 20,
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSONL" },
        Arguments: { Bucket: "items", Key: "items.jsonl" },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "W",
        States: { W: { Type: "Wait", Seconds: 0, Next: "P" }, P: { Type: "Pass", End: true } },
      },
      End: true,
    },
  },
};

let left = Number.POSITIVE_INFINITY;
const clock: Clock = {
  ...systemClock,
  now() {
    if (--left < 0) process.kill(process.pid, "SIGKILL");
    return systemClock.now();
  },
};
const home = await openHome({ directory, services: [states, s3], clock });
const all = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
home.ports.policies.setRoleSource((roleArn) => ({ roleArn, policies: [{ name: "all", document: all }], trust: {} }));
const call = (service: string, operation: string, input: object) =>
  home.ports.call(service, operation, input, { kind: "home", accountId: "000000000000" });

const ended = new Promise<void>((resolve) => {
  home.ports.listen(({ detail }) => {
    const { status } = detail as { status: string };
    if (status !== "RUNNING") resolve();
  });
});
await home.start();
await prepare();
if (reads !== undefined) left = Number(reads);
if (
  ((await call("states", "DescribeExecution", { executionArn: EXECUTION })) as { status: string }).status === "RUNNING"
)
  await ended;
const { status, output } = (await call("states", "DescribeExecution", { executionArn: EXECUTION })) as {
  status: string;
  output?: string;
};
const { mapRuns } = (await call("states", "ListMapRuns", { executionArn: EXECUTION })) as {
  mapRuns: { mapRunArn: string }[];
};
const { executionCounts } = (await call("states", "DescribeMapRun", { mapRunArn: mapRuns[0]?.mapRunArn })) as {
  executionCounts: object;
};
process.stdout.write(
  `${JSON.stringify({ status, output: JSON.parse(output ?? "null"), runs: mapRuns.length, executionCounts })}\n`,
);
await home.close();

/** All of it may have been done before, by a process that was killed. */
async function prepare(): Promise<void> {
  const lines = Array.from({ length: Number(items) }, (_, n) => `${n}\n`).join("");
  await again(() => call("s3", "CreateBucket", { Bucket: "items" }));
  await call("s3", "PutObject", { Bucket: "items", Key: "items.jsonl", Body: Buffer.from(lines) });
  const machine = { name: "m", roleArn: ROLE, definition: JSON.stringify(definition) };
  await call("states", "CreateStateMachine", machine);
  await again(() => call("states", "StartExecution", { stateMachineArn: MACHINE, name: "run", input: "{}" }));
}

async function again(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!["BucketAlreadyOwnedByYou", "ExecutionAlreadyExists"].includes(toAwsError(thrown).code)) throw thrown;
  }
}
