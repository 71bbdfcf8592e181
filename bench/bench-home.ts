/** A home in this process with the states service, and a Lambda that answers its payload at once, for benches. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Uint8ArrayBlobAdapter } from "@smithy/core/serde";
import { openHome } from "../local/home.ts";
import { states } from "../local/services/states/index.ts";
import { standInLambda } from "../test/local/stand-in-services.ts";
import type { Workload } from "./states-workloads.ts";

const ACCOUNT = "000000000000";
const CALLER = { kind: "home", accountId: ACCOUNT } as const;

export interface BenchHome {
  /** Calls the states service as the home's own user. */
  call(operation: string, input: object): Promise<unknown>;
  /** Creates a state machine and gives its ARN. */
  create(name: string, definition: object): Promise<string>;
  /** What starts one execution of the workload and resolves when its end is durable. */
  runner(workload: Workload): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export async function openBenchHome(): Promise<BenchHome> {
  const directory = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const home = await openHome({ directory, services: [states, instantLambda()] });
  await home.start();
  const call = (operation: string, input: object) => home.ports.call("states", operation, input, CALLER);
  const waiting = new Map<string, { succeeded: () => void; failed: (reason: Error) => void }>();
  home.ports.listen(({ detail }) => {
    const { executionArn, status, cause } = detail as { executionArn: string; status: string; cause: string | null };
    if (status === "RUNNING") return;
    if (status === "SUCCEEDED") waiting.get(executionArn)?.succeeded();
    else waiting.get(executionArn)?.failed(new Error(`${executionArn}: ${status} ${cause ?? ""}`));
    waiting.delete(executionArn);
  });
  const create = async (name: string, definition: object) => {
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/bench`;
    await call("CreateStateMachine", { name, definition: JSON.stringify(definition), roleArn });
    return `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${name}`;
  };
  return {
    call,
    create,
    async runner({ name, definition, input }) {
      const stateMachineArn = await create(`bench-${name.slice(0, 1)}`, definition);
      const text = JSON.stringify(input);
      let runs = 0;
      return async () => {
        const run = `r${++runs}`;
        const arn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${run}`;
        const ended = new Promise<void>((succeeded, failed) => waiting.set(arn, { succeeded, failed }));
        await call("StartExecution", { stateMachineArn, name: run, input: text });
        await ended;
      };
    },
    async close() {
      await home.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function instantLambda() {
  return standInLambda({
    authorize: () => [],
    handle: ({ Payload }) => ({
      StatusCode: 200,
      ...(Payload instanceof Uint8Array && { Payload: Uint8ArrayBlobAdapter.mutate(Payload) }),
    }),
  });
}
