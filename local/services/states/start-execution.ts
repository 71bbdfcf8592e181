/** StartExecution and StartSyncExecution. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../aws-error.ts";
import { executionArn, expressArn } from "./arns.ts";
import { type ExecutionRecord, newExecution } from "./execution-record.ts";
import type { ExecutionRunner } from "./execution-runner.ts";
import type { ExecutionStore } from "./execution-store.ts";
import { checkLength, checkName, checkPayload } from "./request-checks.ts";
import { KEPT_MS, type Retention } from "./retention.ts";
import { type StartTarget, startTarget, type Targets } from "./versions/start-target.ts";

export interface StartParts extends Targets {
  executions: ExecutionStore;
  runner: ExecutionRunner;
  retention: Retention;
}

type Input = Pick<Sdk.StartExecutionInput, "name" | "input" | "traceHeader" | "stateMachineArn">;

/** AWS's quota is a million; a home holds what runs in memory. */
const MOST_OPEN = 20_000;
/** What an Express execution is billed for at the least: 64 MB, in steps of 100 ms. */
const BILLED_MB = 64;
const BILLED_STEP_MS = 100;

/** @throws AwsError InvalidArn, InvalidName, InvalidExecutionInput, StateMachineDoesNotExist, StateMachineDeleting, ExecutionAlreadyExists, ExecutionLimitExceeded */
export async function startExecution(parts: StartParts, input: Input) {
  const { executions, home, runner, retention } = parts;
  const target = startTarget(parts, input.stateMachineArn);
  const { value, text, name } = checked(parts, input);
  if (target.machine.type === "STANDARD") {
    const arn = executionArn(target.machine.arn, name);
    const existing = executions.find(arn);
    if (existing !== undefined && !expired(existing, home.clock.now())) {
      if (existing.status === "RUNNING" && existing.input === text)
        return { executionArn: arn, startDate: new Date(existing.startMs) };
      throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    }
    if (existing !== undefined) retention.forget(arn);
    if (runner.open >= MOST_OPEN)
      throw new AwsError(
        "ExecutionLimitExceeded",
        `The maximum number of running executions has been reached. Running executions must end or be stopped before a new execution can be started. (This home has room for ${MOST_OPEN}.)`,
      );
  }
  const record = newRecord(parts, target, name, text, input.traceHeader);
  await runner.start(record, value);
  return { executionArn: record.arn, startDate: new Date(record.startMs) };
}

/** @throws AwsError as StartExecution, and StateMachineTypeNotSupported of a Standard one */
export async function startSyncExecution(parts: StartParts, input: Input) {
  const target = startTarget(parts, input.stateMachineArn);
  if (target.machine.type !== "EXPRESS")
    throw new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
  const { value, text, name } = checked(parts, input);
  const ended = await parts.runner.runToEnd(newRecord(parts, target, name, text, input.traceHeader), value);
  return syncAnswer(ended, ended.stopMs ?? parts.home.clock.now());
}

function syncAnswer(ended: ExecutionRecord, stopMs: number) {
  const billed = Math.max(Math.ceil((stopMs - ended.startMs) / BILLED_STEP_MS), 1) * BILLED_STEP_MS;
  const { output, error, cause, traceHeader } = ended;
  return {
    executionArn: ended.arn,
    stateMachineArn: ended.machineArn,
    name: ended.name,
    startDate: new Date(ended.startMs),
    stopDate: new Date(stopMs),
    status: syncStatus(ended.status),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    input: ended.input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    billingDetails: { billedMemoryUsedInMB: BILLED_MB, billedDurationInMilliseconds: billed },
  };
}

// Nothing stops a synchronous execution from outside but its state machine's deletion.
function syncStatus(status: ExecutionRecord["status"]): Sdk.SyncExecutionStatus {
  return status === "SUCCEEDED" || status === "TIMED_OUT" ? status : "FAILED";
}

function checked({ home }: StartParts, input: Input) {
  const name = input.name === undefined ? home.uuid() : checkName(input.name);
  checkLength("traceHeader", input.traceHeader, 0, 256);
  const text = input.input ?? "{}";
  const value = checkPayload(text, "InvalidExecutionInput", "Invalid State Machine Execution Input");
  return { name, text, value };
}

function newRecord(
  { home }: StartParts,
  { machine, revision, roleArn, versionArn, aliasArn }: StartTarget,
  name: string,
  input: string,
  traceHeader: string | undefined,
): ExecutionRecord {
  const standard = machine.type === "STANDARD";
  return newExecution({
    arn: standard ? executionArn(machine.arn, name) : expressArn(machine.arn, name, home.uuid()),
    machineArn: machine.arn,
    name,
    input,
    roleArn,
    revision,
    startMs: home.clock.now(),
    seed: home.uuid(),
    type: machine.type,
    versionArn,
    aliasArn,
    traceHeader,
  });
}

function expired({ stopMs }: ExecutionRecord, nowMs: number): boolean {
  return stopMs !== undefined && nowMs - stopMs > KEPT_MS;
}
