import { describe, expect, it } from "vitest";
import { simulate } from "../../../engine/index.ts";
import { executionOf } from "./execution-of.ts";

const RESOURCE = "arn:aws:states:::sagemaker:createTrainingJob.sync";
const CALL = { Type: "Task", Resource: RESOURCE, Parameters: { TrainingJobName: "t" }, End: true };
const text = (states: object, more: object = {}) => JSON.stringify({ StartAt: "First", States: states, ...more });

describe("a distributed Map's batches", () => {
  it.each([
    { what: "as many bytes as two items have with what is around them", limit: 21, sizes: [2, 1] },
    { what: "a byte less", limit: 20, sizes: [1, 1, 1] },
  ])("hold $what, and at least one item", async ({ limit, sizes }) => {
    const Resource = "arn:aws:lambda:us-east-1:123456789012:function:work";
    const flow = { StartAt: "T", States: { T: { Type: "Task", Resource, End: true } } };
    const All = {
      Type: "Map",
      ItemBatcher: { MaxInputBytesPerBatch: limit },
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...flow },
      End: true,
    };
    const { calls } = await simulate({ StartAt: "All", States: { All } }, { input: ["aa", "bb", "cc"] });
    expect(JSON.stringify({ Items: ["aa", "bb"] })).toHaveLength(21);
    expect(calls.map(({ parameters }) => Object(parameters).Items.length)).toEqual(sizes);
  });
});

describe("simulate", () => {
  it("passes a year in no time", async () => {
    const { status, durationMs } = await simulate(text({ First: { Type: "Wait", Seconds: 31_536_000, End: true } }));
    expect({ status, durationMs }).toEqual({ status: "SUCCEEDED", durationMs: 31_536_000_000 });
  });

  it("tells expressions the time of its clock", async () => {
    const times = "{% [$now('[Y0001]-[M01]-[D01]'), $fromMillis($millis())] %}";
    const states = {
      First: { Type: "Wait", Seconds: 86_400, Next: "Then" },
      // The evaluator's path: what is hashed is no literal date.
      Then: { Type: "Pass", Output: { times, hash: "{% $hash($now(), 'SHA-1') %}" }, End: true },
    };
    const once = await simulate(text(states, { QueryLanguage: "JSONata" }));
    const [began, ended] = [once.history.at(0), once.history.at(-1)].map((event) => event?.timestamp.getTime() ?? 0);
    const day = new Date((began ?? 0) + 86_400_000).toISOString();
    expect(ended).toBe((began ?? 0) + 86_400_000);
    expect(once.output).toMatchObject({ times: [day.slice(0, 10), day] });
    expect(once.output).toEqual((await simulate(text(states, { QueryLanguage: "JSONata" }))).output);
  });

  it.each([
    [Date.UTC(2026, 0, 1), "2026-01-01T00:00:00Z"],
    [Date.UTC(2026, 0, 1) + 120, "2026-01-01T00:00:00.120Z"],
  ])("writes the context object's times without empty fractions of a second", async (startTimeMs, written) => {
    const times = { "began.$": "$$.Execution.StartTime", "entered.$": "$$.State.EnteredTime" };
    const { output } = await simulate(text({ First: { Type: "Pass", Parameters: times, End: true } }), { startTimeMs });
    expect(output).toEqual({ began: written, entered: written });
  });

  it("retries with the delays of the retrier and then catches", async () => {
    const delays: number[] = [];
    let last = 0;
    const { output } = await simulate(
      text({
        First: {
          ...CALL,
          Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 }],
          Catch: [{ ErrorEquals: ["States.TaskFailed"], ResultPath: "$.problem", Next: "Handled" }],
        },
        Handled: { Type: "Succeed" },
      }),
      { input: { job: 1 }, task: () => ({ failed: true, error: "Busy", cause: "later" }) },
    ).then((run) => {
      for (const event of run.history.filter(({ type }) => type === "TaskScheduled")) {
        delays.push(event.timestamp.getTime() - last);
        last = event.timestamp.getTime();
      }
      return run;
    });
    expect(delays.slice(1)).toEqual([2000, 6000, 10_000]);
    expect(output).toEqual({ job: 1, problem: { Error: "Busy", Cause: "later" } });
  });

  it("gives the pattern and a token to a task that waits for its token", async () => {
    const seen: unknown[] = [];
    const { output } = await simulate(
      text({
        First: {
          Type: "Task",
          QueryLanguage: "JSONata",
          Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
          Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
          End: true,
        },
      }),
      {
        task: ({ integration, parameters, taskToken }) => {
          seen.push(integration, parameters);
          return { output: { same: JSON.stringify(parameters).includes(String(taskToken)) } };
        },
      },
    );
    expect(seen[0]).toMatchObject({ resourceType: "lambda", action: "invoke", pattern: "wait-for-task-token" });
    expect(output).toEqual({ same: true });
  });

  it("ends with TIMED_OUT at the definition's own TimeoutSeconds", async () => {
    const { status, history } = await simulate(
      text({ First: { Type: "Wait", Seconds: 60, End: true } }, { TimeoutSeconds: 5 }),
    );
    expect(status).toBe("TIMED_OUT");
    expect(history.at(-1)).toMatchObject({
      type: "ExecutionTimedOut",
      previousEventId: 0,
      executionTimedOutEventDetails: { error: "States.Timeout" },
    });
  });

  it("fails a distributed map when more children fail than are tolerated", async () => {
    const { error } = await simulate(
      text({
        First: {
          Type: "Map",
          ToleratedFailureCount: 1,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "Call",
            States: { Call: CALL },
          },
          End: true,
        },
      }),
      {
        input: [1, 2, 3],
        task: ({ parameters }) => (parameters === 1 ? { output: 1 } : { failed: true, error: "No" }),
      },
    );
    expect(error).toBe("States.ExceedToleratedFailureThreshold");
  });

  it.each([
    { ExecutionType: "EXPRESS", status: "FAILED" },
    { ExecutionType: "STANDARD", status: "SUCCEEDED" },
  ])("gives $ExecutionType children of a distributed map their own time", async ({ ExecutionType, status }) => {
    const wait = { Type: "Wait", Seconds: 301, End: true };
    const processor = {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType },
      StartAt: "Wait",
      States: { Wait: wait },
    };
    const ended = await simulate(text({ First: { Type: "Map", ItemProcessor: processor, End: true } }), { input: [1] });
    expect(ended.status).toBe(status);
  });

  it("ends a choice loop at 25,000 events, in turns", async () => {
    const execution = executionOf(
      text({
        First: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "First" }], Default: "End" },
        End: { Type: "Succeed" },
      }),
      { x: 1 },
    );
    let batch = await execution.apply({ kind: "start" }, 0);
    let turns = 1;
    for (; batch.more; turns += 1) batch = await execution.apply({ kind: "continue" }, 0);
    expect(turns).toBeGreaterThan(1);
    expect(execution.lastEventId).toBe(25_000);
    expect(execution.outcome?.cause).toContain("25000");
  });
});

describe("stop and redrive", () => {
  it("goes on from the iteration that failed and keeps the others", async () => {
    const execution = executionOf(
      text({
        First: { Type: "Map", ItemProcessor: { StartAt: "Call", States: { Call: { ...CALL } } }, End: true },
      }),
      ["a", "b"],
    );
    const ids = (batch: { effects: readonly { kind: string; taskId?: string }[] }) =>
      batch.effects.flatMap((effect) => (effect.kind === "schedule-task" ? [effect.taskId ?? ""] : []));
    const [first = "", second = ""] = ids(await execution.apply({ kind: "start" }, 0));
    await execution.apply({ kind: "task-succeeded", taskId: first, output: "A" }, 1);
    await execution.apply({ kind: "task-failed", taskId: second, error: "Down" }, 2);
    expect(execution.outcome).toMatchObject({ status: "FAILED", error: "Down" });
    const [again = ""] = ids(await execution.apply({ kind: "redrive" }, 3));
    await execution.apply({ kind: "task-succeeded", taskId: again, output: "B" }, 4);
    expect(execution.outcome).toEqual({ status: "SUCCEEDED", output: ["A", "B"] });
  });
});

describe("hostile data", () => {
  it("ends an endless loop whose condition needs the evaluator", async () => {
    const loop = { Type: "Choice", Choices: [{ Condition: "{% $sum([1, 1]) = 2 %}", Next: "First" }], Default: "End" };
    const { status, history } = await simulate(
      text({ First: loop, End: { Type: "Succeed" } }, { QueryLanguage: "JSONata" }),
    );
    expect({ status, events: history.length }).toEqual({ status: "FAILED", events: 25_000 });
  });

  it.each([
    { levels: 1_000, ends: { status: "SUCCEEDED" } },
    { levels: 1_001, ends: { status: "FAILED", error: "States.Runtime", cause: /more than 1000 levels/ } },
    { levels: 60_000, ends: { status: "FAILED", error: "States.Runtime", cause: /more than 1000 levels/ } },
  ])("takes data of 1,000 levels and no deeper: $levels", async ({ levels, ends }) => {
    const deep = JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
    const definition = text({ First: { ...CALL, Next: "Last", End: undefined }, Last: { Type: "Succeed" } });
    const { status, error, cause = "" } = await simulate(definition, { task: () => ({ output: deep }) });
    expect({ status, error }).toEqual({ status: ends.status, error: ends.error });
    expect(cause).toMatch(ends.cause ?? /^$/);
  });

  it("ends a loop that wraps its data once more at every turn", async () => {
    const loop = {
      Type: "Choice",
      Choices: [{ Condition: "{% true %}", Next: "First" }],
      Output: "{% [[$states.input]] %}",
    };
    const { status, cause } = await simulate(
      text({ First: { ...loop, Default: "End" }, End: { Type: "Succeed" } }, { QueryLanguage: "JSONata" }),
    );
    expect({ status, cause }).toMatchObject({ status: "FAILED", cause: expect.stringMatching(/1000 levels/) });
  });
});
