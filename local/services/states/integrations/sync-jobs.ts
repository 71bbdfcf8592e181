/**
 * `.sync` integrations: which call starts the job, which event tells it may have ended, which call says how.
 * A job's events only wake us; its own Describe decides, so a lost or doubled event changes nothing.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
 */
import { z } from "zod";
import type { Pattern } from "./resource.ts";
import { TaskFailure } from "./task-failure.ts";

export type Verdict = Readonly<
  { kind: "running" } | { kind: "succeeded"; output: unknown } | { kind: "failed"; failure: TaskFailure }
>;

export interface SyncJob {
  /** What names the job, from the task's parameters and the start's answer. */
  reference(parameters: unknown, answer: unknown): string;
  describe: JobCall;
  /** Stops the job when its state times out or its execution is stopped. */
  stop: JobCall;
  verdict(described: unknown, pattern: Pattern): Verdict;
  event: { source: string; detailType: string; reference(detail: unknown): string | undefined };
}

export interface JobCall {
  operation: string;
  parameters(reference: string): object;
}

const Text = z.string();

const JOBS: Readonly<Record<string, SyncJob>> = {
  "sagemaker:createTrainingJob": sageMakerJob("TrainingJob"),
  "sagemaker:createProcessingJob": sageMakerJob("ProcessingJob"),
  "sagemaker:createTransformJob": sageMakerJob("TransformJob"),
  "athena:startQueryExecution": athenaQuery(),
  "states:startExecution": nestedExecution(),
};

/** The `.sync` job of an optimized integration; undefined when that integration has none here. */
export function syncJob(service: string, action: string): SyncJob | undefined {
  const key = `${service}:${action}`;
  return Object.hasOwn(JOBS, key) ? JOBS[key] : undefined;
}

/** The jobs whose end an event of this source and detail-type may tell. */
export function jobsToldBy(source: string, detailType: string): SyncJob[] {
  return Object.values(JOBS).filter(({ event }) => event.source === source && event.detailType === detailType);
}

function sageMakerJob(kind: "TrainingJob" | "ProcessingJob" | "TransformJob"): SyncJob {
  const nameKey = `${kind}Name`;
  const statusKey = `${kind}Status`;
  const byName = (reference: string) => ({ [nameKey]: reference });
  const detailType = `SageMaker ${kind.replace("Job", " Job")} State Change`;
  return {
    reference: (parameters) => text(parameters, nameKey) ?? "",
    describe: { operation: `Describe${kind}`, parameters: byName },
    stop: { operation: `Stop${kind}`, parameters: byName },
    verdict(described) {
      const status = text(described, statusKey);
      if (status === "Completed") return { kind: "succeeded", output: described };
      if (status === "Failed" || status === "Stopped") return failed("States.TaskFailed", described);
      return { kind: "running" };
    },
    event: { source: "aws.sagemaker", detailType, reference: (detail) => text(detail, nameKey) },
  };
}

function athenaQuery(): SyncJob {
  const byId = (reference: string) => ({ QueryExecutionId: reference });
  return {
    reference: (_parameters, answer) => text(answer, "QueryExecutionId") ?? "",
    describe: { operation: "GetQueryExecution", parameters: byId },
    stop: { operation: "StopQueryExecution", parameters: byId },
    verdict(described) {
      const status = text(child(child(described, "QueryExecution"), "Status"), "State");
      if (status === "SUCCEEDED") return { kind: "succeeded", output: described };
      if (status === "FAILED" || status === "CANCELLED")
        return failed("States.TaskFailed", child(described, "QueryExecution"));
      return { kind: "running" };
    },
    event: {
      source: "aws.athena",
      detailType: "Athena Query State Change",
      reference: (detail) => text(detail, "queryExecutionId"),
    },
  };
}

function nestedExecution(): SyncJob {
  const byArn = (reference: string) => ({ ExecutionArn: reference });
  return {
    reference: (_parameters, answer) => text(answer, "ExecutionArn") ?? "",
    describe: { operation: "DescribeExecution", parameters: byArn },
    stop: { operation: "StopExecution", parameters: byArn },
    verdict(described, pattern) {
      const shown = executionView(described, pattern);
      const status = text(described, "Status");
      if (status === "SUCCEEDED") return { kind: "succeeded", output: shown };
      if (status === "FAILED" || status === "TIMED_OUT" || status === "ABORTED")
        return failed("States.TaskFailed", shown);
      return { kind: "running" };
    },
    event: {
      source: "aws.states",
      detailType: "Step Functions Execution Status Change",
      reference: (detail) => text(detail, "executionArn"),
    },
  };
}

const VIEW_KEYS = [
  "Cause",
  "Error",
  "ExecutionArn",
  "Input",
  "InputDetails",
  "Name",
  "Output",
  "OutputDetails",
  "StartDate",
  "StateMachineArn",
  "Status",
  "StopDate",
];

/** `.sync` shows Input and Output as text, `.sync:2` as JSON. */
function executionView(described: unknown, pattern: Pattern): unknown {
  const view: Record<string, unknown> = {};
  for (const key of VIEW_KEYS) {
    const value = child(described, key);
    if (value === undefined) continue;
    const json = pattern === "SYNC_2" && (key === "Input" || key === "Output") && typeof value === "string";
    view[key] = json ? JSON.parse(value) : value;
  }
  return view;
}

function failed(error: string, described: unknown): Verdict {
  return { kind: "failed", failure: new TaskFailure(error, JSON.stringify(described)) };
}

function text(value: unknown, key: string): string | undefined {
  const found = Text.safeParse(child(value, key));
  return found.success ? found.data : undefined;
}

function child(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
