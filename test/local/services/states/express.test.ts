import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { StatesHome } from "./states-home.ts";

const EXPRESS = { type: "EXPRESS" } as const;
const ADD = {
  QueryLanguage: "JSONata",
  StartAt: "Add",
  States: { Add: { Type: "Pass", Output: "{% $states.input.a + $states.input.b %}", End: true } },
};

describe("Express executions", () => {
  let states: StatesHome;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = manualClock("2026-03-01T00:00:00Z");
    states = await new StatesHome([], clock).open();
  });
  afterEach(() => states.close());

  it("answers a synchronous start with the execution's end", async () => {
    const stateMachineArn = await states.create(ADD, EXPRESS);
    const answer = await states.client.send(
      new StartSyncExecutionCommand({ stateMachineArn, name: "sum", input: '{"a":1,"b":2}', traceHeader: "Root=1-2" }),
    );
    expect(answer).toMatchObject({
      stateMachineArn,
      name: "sum",
      status: "SUCCEEDED",
      output: "3",
      outputDetails: { included: true },
      input: '{"a":1,"b":2}',
      inputDetails: { included: true },
      traceHeader: "Root=1-2",
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 100 },
    });
    expect(answer.executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:express:m:sum:[0-9a-f-]{36}$/);
  });

  it("answers a failure with its error and cause", async () => {
    const fail = { StartAt: "F", States: { F: { Type: "Fail", Error: "Bad", Cause: "by design" } } };
    const stateMachineArn = await states.create(fail, EXPRESS);
    const answer = await states.client.send(new StartSyncExecutionCommand({ stateMachineArn }));
    expect(answer).toMatchObject({ status: "FAILED", error: "Bad", cause: "by design" });
    expect(answer.output).toBeUndefined();
  });

  it("ends after five minutes at the latest", async () => {
    const wait = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 3_600, End: true } } };
    const stateMachineArn = await states.create(wait, EXPRESS);
    let answer: unknown;
    const call = states.client.send(new StartSyncExecutionCommand({ stateMachineArn })).then((end) => {
      answer = end;
    });
    await clock.until(() => answer !== undefined, 10_000);
    await call;
    expect(answer).toMatchObject({ status: "TIMED_OUT", billingDetails: { billedDurationInMilliseconds: 300_000 } });
  });

  it("ends after as long as the child of a Standard execution's Map Run, which counts it as timed out", async () => {
    const each = {
      Type: "Map",
      Items: [1, 2],
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        StartAt: "W",
        States: { W: { Type: "Wait", Seconds: "{% $states.input = 1 ? 3600 : 1 %}", End: true } },
      },
      End: true,
    };
    const stateMachineArn = await states.create({ QueryLanguage: "JSONata", StartAt: "Each", States: { Each: each } });
    const { executionArn = "" } = await states.client.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));
    let status: string | undefined;
    const end = states.ended(executionArn).then((found) => {
      status = found;
    });
    await clock.until(() => status !== undefined, 10_000);
    await end;
    expect(status).toBe("SUCCEEDED");
    const { mapRuns = [] } = await states.client.send(new ListMapRunsCommand({ executionArn }));
    const run = await states.client.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn ?? "" }));
    expect(run).toMatchObject({ status: "SUCCEEDED", executionCounts: { timedOut: 1, succeeded: 1, failed: 0 } });
    expect(run.itemCounts).toMatchObject({ timedOut: 1, succeeded: 1, failed: 0 });
  });

  it("starts a name as often as one likes, and neither lists nor describes what it started", async () => {
    const stateMachineArn = await states.create(ADD, EXPRESS);
    const start = () =>
      states.client.send(new StartExecutionCommand({ stateMachineArn, name: "x", input: '{"a":1,"b":1}' }));
    const [first, second] = [await start(), await start()];
    expect(first.executionArn).not.toBe(second.executionArn);
    await expect(states.client.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: "StateMachineTypeNotSupported",
      message: "This operation is not supported by this type of state machine",
    });
    await expect(
      states.client.send(new DescribeExecutionCommand({ executionArn: first.executionArn })),
    ).rejects.toMatchObject({
      name: "InvalidArn",
      message: "Invalid Arn: 'Resource type not valid in this context: express'",
    });
  });

  it("leaves nothing in the store once it has ended", async () => {
    const stateMachineArn = await states.create(ADD, EXPRESS);
    await states.client.send(new StartExecutionCommand({ stateMachineArn, input: '{"a":1,"b":1}' }));
    await states.client.send(new StartSyncExecutionCommand({ stateMachineArn, input: '{"a":1,"b":1}' }));
    const { store } = states.home.ports;
    await store.committed();
    for (const table of ["states_executions", "states_histories"])
      expect(store.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).get()).toEqual({ rows: 0 });
  });

  it("goes on after a restart when it was started asynchronously", async () => {
    const wait = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 60, End: true } } };
    const stateMachineArn = await states.create(wait, EXPRESS);
    await states.client.send(new StartExecutionCommand({ stateMachineArn }));
    await states.reopen();
    const running = () =>
      Number(states.home.ports.store.prepare("SELECT COUNT(*) AS n FROM states_executions").get()?.n);
    expect(running()).toBe(1);
    await clock.until(() => running() === 0, 30_000);
  });

  it("refuses a synchronous start of a Standard state machine", async () => {
    const stateMachineArn = await states.create(ADD);
    await expect(states.client.send(new StartSyncExecutionCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: "StateMachineTypeNotSupported",
    });
  });
});
