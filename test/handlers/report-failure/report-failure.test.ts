import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { beforeEach, describe, expect, it } from "vitest";
import { executionStatusChange, modelLifecycleFailed } from "../../../events/index.ts";
import { traceFailure } from "../../../handlers/report-failure/history.ts";
import { createHandler } from "../../../handlers/report-failure/index.ts";
import { invoke } from "../invoke.ts";

const ARN = "arn:aws:states:eu-central-1:123456789012:execution";
const entered = (name: string): HistoryEvent => ({
  timestamp: undefined,
  type: "TaskStateEntered",
  id: 1,
  stateEnteredEventDetails: { name },
});

let history: HistoryEvent[];
let told: { detailType: string; detail: unknown }[];
let marked: Set<string>;
let busAnswers: () => void;

async function* newestFirst() {
  yield* [...history].reverse();
}

const handler = createHandler({
  trace: () => traceFailure(newestFirst()),
  markReported: async (arn, redrive) => marked.size < marked.add(`${arn} ${redrive}`).size,
  forgetReport: async (arn, redrive) => void marked.delete(`${arn} ${redrive}`),
  async putEvent(detailType, detail) {
    busAnswers();
    told.push({ detailType, detail });
  },
});

const ended = (detail: object) => ({
  ...Object(executionStatusChange.sample),
  detail: { ...Object(executionStatusChange.sample).detail, ...detail },
});

beforeEach(() => {
  history = [entered("Train")];
  told = [];
  marked = new Set();
  busAnswers = () => undefined;
});

describe("report-failure", () => {
  it.each([
    {
      status: "TIMED_OUT",
      error: "States.Timeout",
      cause: null,
      says: "the execution ran out of its time in state Train",
    },
    { status: "ABORTED", error: "Stopped", cause: "wrong data", says: "wrong data" },
    { status: "ABORTED", error: null, cause: null, says: "the execution was stopped in state Train" },
    { status: "FAILED", error: "States.Runtime", cause: "no such variable", says: "no such variable" },
  ])("tells of an execution that ended $status with $error, with cause and link", async ({ says, ...detail }) => {
    expect(await invoke(handler, ended(detail))).toMatchObject({ reported: true });
    expect(told).toHaveLength(1);
    expect(told[0]?.detailType).toBe(modelLifecycleFailed.detailType);
    expect(modelLifecycleFailed.detail.parse(told[0]?.detail)).toMatchObject({
      product: "credit-card",
      model: "credit-risk",
      dataVersion: "0123456789abcdef",
      state: "Train",
      error: detail.error ?? "Aborted",
      cause: says,
      link: expect.stringMatching(/^https:\/\/eu-central-1\.console\..*train-model:credit-risk-0123456789abcdef$/),
    });
  });

  it("finds the model in the package's event that a release was started by", async () => {
    const modelPackageArn = "arn:aws:sagemaker:eu-central-1:123456789012:model-package/credit-risk/2";
    await invoke(handler, ended({ input: JSON.stringify({ detail: { ModelPackageArn: modelPackageArn } }) }));
    expect(told[0]?.detail).toMatchObject({ model: "credit-risk", modelPackageArn });
  });

  it("F1: tells once of an event delivered twice, and again after a redrive failed", async () => {
    await invoke(handler, ended({}));
    expect(await invoke(handler, ended({}))).toMatchObject({ reported: false });
    await invoke(handler, ended({ redriveCount: 1 }));
    expect(told).toHaveLength(2);
  });

  it("F1: tells at the next delivery when the bus did not take it", async () => {
    busAnswers = () => {
      throw new Error("the bus is away");
    };
    await expect(invoke(handler, ended({}))).rejects.toThrow("the bus is away");
    busAnswers = () => undefined;
    expect(await invoke(handler, ended({}))).toMatchObject({ reported: true });
  });

  it("F2: leaves a stopped training to the update that started it, and to nobody else's workflow", async () => {
    const startedBy = (machine: string) =>
      ended({ input: JSON.stringify({ AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: `${ARN}:${machine}:one` }) });
    expect(await invoke(handler, startedBy("data-product-update"))).toMatchObject({ reported: false });
    expect(await invoke(handler, startedBy("of-somebody"))).toMatchObject({ reported: true });
  });
});

describe("the history of a failure", () => {
  const call = (first: number, outcome: "TaskSucceeded" | "TaskFailed", detailType = "Model Lifecycle Failed") => {
    const base = { timestamp: undefined };
    const called = { resourceType: "events", resource: "putEvents" };
    return [
      {
        ...base,
        type: "TaskScheduled",
        id: first,
        previousEventId: first - 1,
        taskScheduledEventDetails: { ...called, region: "", parameters: JSON.stringify({ DetailType: detailType }) },
      },
      { ...base, type: "TaskStarted", id: first + 1, previousEventId: first },
      {
        ...base,
        type: outcome,
        id: first + 2,
        previousEventId: first + 1,
        ...(outcome === "TaskSucceeded" ? { taskSucceededEventDetails: called } : { taskFailedEventDetails: called }),
      },
    ] satisfies HistoryEvent[];
  };
  const nested = (status: string): HistoryEvent => ({
    timestamp: undefined,
    type: "TaskFailed",
    id: 9,
    taskFailedEventDetails: {
      resourceType: "states",
      resource: "startExecution.sync:2",
      cause: `{"Status":"${status}"}`,
    },
  });
  const redriven: HistoryEvent = { timestamp: undefined, type: "ExecutionRedriven", id: 20 };

  it.each([
    { what: "its own event that was taken", events: call(4, "TaskSucceeded"), reported: true },
    { what: "its own event that was not taken", events: call(4, "TaskFailed"), reported: false },
    { what: "another event that was taken", events: call(4, "TaskSucceeded", "Data Product Updated"), reported: false },
    { what: "a training that failed, and told so", events: [nested("FAILED")], reported: true },
    { what: "a training that was stopped", events: [nested("ABORTED")], reported: false },
    { what: "what it told before it was redriven", events: [...call(4, "TaskSucceeded"), redriven], reported: false },
  ])("with $what says reported: $reported", async ({ events, reported }) => {
    history = [entered("Start"), ...events];
    expect((await traceFailure(newestFirst())).reported).toBe(reported);
  });
});
