/** Start, stop, describe, list, redrive executions and read their history. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/ */
import type * as Sdk from "@aws-sdk/client-sfn";
import { type HistoryEvent, type JsonValue, toApiEvent } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { executionArn } from "./arns.ts";
import type { ExecutionRunner } from "./execution-runner.ts";
import type { ExecutionRecord, ExecutionStore } from "./execution-store.ts";
import type { MachineStore } from "./machine-store.ts";
import { decodePageToken, encodePageToken } from "./page-token.ts";
import { redriveStatus } from "./redrive-status.ts";

export interface ExecutionsApiParts {
  home: HomePorts;
  machines: MachineStore;
  executions: ExecutionStore;
  runner: ExecutionRunner;
}

type Names =
  | "StartExecution"
  | "StopExecution"
  | "DescribeExecution"
  | "ListExecutions"
  | "GetExecutionHistory"
  | "RedriveExecution"
  | "DescribeStateMachineForExecution";

const MAX_INPUT_BYTES = 262_144;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

export function executionOperations(parts: ExecutionsApiParts): Pick<Operations<typeof Sdk>, Names> {
  return {
    StartExecution: {
      authorize: ({ stateMachineArn }) => ({ resource: stateMachineArn ?? "*" }),
      handle: (input) => start(parts, input),
    },
    StopExecution: {
      authorize: byExecution,
      async handle({ executionArn: arn, error, cause }) {
        const record = requireExecution(parts.executions, arn);
        await parts.runner.input(record.arn, {
          kind: "stop",
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        });
        return { stopDate: new Date(parts.executions.find(record.arn)?.stopMs ?? parts.home.clock.now()) };
      },
    },
    DescribeExecution: {
      authorize: byExecution,
      handle: ({ executionArn: arn }) => describe(requireExecution(parts.executions, arn)),
    },
    ListExecutions: {
      authorize: ({ stateMachineArn }) => ({ resource: stateMachineArn ?? "*" }),
      handle: (input) => list(parts, input),
    },
    GetExecutionHistory: { authorize: byExecution, handle: (input) => history(parts, input) },
    RedriveExecution: { authorize: byExecution, handle: ({ executionArn: arn }) => redrive(parts, arn) },
    DescribeStateMachineForExecution: {
      authorize: byExecution,
      handle({ executionArn: arn }) {
        const record = requireExecution(parts.executions, arn);
        const machine = parts.machines.require(record.machineArn);
        const definition = parts.machines.definitionOf(record.revision);
        return {
          stateMachineArn: machine.arn,
          name: machine.name,
          definition,
          roleArn: record.roleArn,
          updateDate: new Date(machine.updatedMs),
          revisionId: record.revision,
        };
      },
    },
  };
}

function byExecution({ executionArn: arn }: { executionArn?: string | undefined }) {
  return { resource: arn ?? "*" };
}

async function start(
  parts: ExecutionsApiParts,
  input: Sdk.StartExecutionCommandInput,
): Promise<{ executionArn: string; startDate: Date }> {
  const { home, machines, executions, runner } = parts;
  const machine = machines.require(input.stateMachineArn ?? "");
  const text = input.input ?? "{}";
  const value = parseInput(text);
  const name = input.name ?? home.uuid();
  if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name))
    throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  const arn = executionArn(machine.arn, name);
  const existing = executions.find(arn);
  if (existing !== undefined) {
    if (existing.status === "RUNNING" && existing.input === text)
      return { executionArn: arn, startDate: new Date(existing.startMs) };
    throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
  }
  const record: ExecutionRecord = {
    arn,
    machineArn: machine.arn,
    name,
    status: "RUNNING",
    input: text,
    output: undefined,
    error: undefined,
    cause: undefined,
    roleArn: machine.roleArn,
    revision: machine.revision,
    startMs: home.clock.now(),
    stopMs: undefined,
    redriveCount: 0,
    redriveMs: undefined,
    seed: home.uuid(),
    type: machine.type,
    flow: undefined,
    mapRunArn: undefined,
    itemCount: undefined,
    versionArn: undefined,
    aliasArn: undefined,
  };
  await runner.start(record, value);
  return { executionArn: arn, startDate: new Date(record.startMs) };
}

function parseInput(text: string): JsonValue {
  if (Buffer.byteLength(text) > MAX_INPUT_BYTES) {
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: 'Input is longer than ${MAX_INPUT_BYTES} bytes'`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: '${cause instanceof Error ? cause.message : String(cause)}'`,
      { cause },
    );
  }
}

function requireExecution(executions: ExecutionStore, arn: string | undefined): ExecutionRecord {
  const found = executions.find(arn ?? "");
  if (found === undefined) throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn ?? ""}'`);
  return found;
}

function describe(record: ExecutionRecord) {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: new Date(record.startMs),
    ...(record.stopMs === undefined ? {} : { stopDate: new Date(record.stopMs) }),
    input: record.input,
    inputDetails: { included: true },
    ...(record.output === undefined ? {} : { output: record.output, outputDetails: { included: true } }),
    ...(record.error === undefined ? {} : { error: record.error }),
    ...(record.cause === undefined ? {} : { cause: record.cause }),
    redriveCount: record.redriveCount,
    ...(record.redriveMs === undefined ? {} : { redriveDate: new Date(record.redriveMs) }),
    ...redriveStatus(record),
  };
}

function list({ executions, machines }: ExecutionsApiParts, input: Sdk.ListExecutionsCommandInput) {
  if (input.stateMachineArn !== undefined) machines.require(input.stateMachineArn);
  const limit = pageSize(input.maxResults);
  const after = decodePageToken(input.nextToken);
  const found = executions.list({
    ...(input.stateMachineArn === undefined ? {} : { machineArn: input.stateMachineArn }),
    ...(input.statusFilter === undefined ? {} : { status: input.statusFilter }),
    ...(after === undefined ? {} : { after: { startMs: after.number, arn: after.text } }),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    executions: page.map((record) => ({
      executionArn: record.arn,
      stateMachineArn: record.machineArn,
      name: record.name,
      status: record.status,
      startDate: new Date(record.startMs),
      redriveCount: record.redriveCount,
      ...(record.stopMs === undefined ? {} : { stopDate: new Date(record.stopMs) }),
    })),
    ...(found.length > limit && last !== undefined
      ? { nextToken: encodePageToken({ number: last.startMs, text: last.arn }) }
      : {}),
  };
}

function history({ executions }: ExecutionsApiParts, input: Sdk.GetExecutionHistoryCommandInput) {
  const record = requireExecution(executions, input.executionArn);
  const limit = pageSize(input.maxResults);
  const from = decodePageToken(input.nextToken)?.number;
  const found = executions.events(record.arn, {
    ...(from === undefined ? {} : { from }),
    limit: limit + 1,
    reverse: input.reverseOrder ?? false,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map((event) => toSdkEvent(event, input.includeExecutionData ?? true)),
    ...(found.length > limit && last !== undefined
      ? { nextToken: encodePageToken({ number: last.id, text: record.arn }) }
      : {}),
  };
}

function toSdkEvent(event: HistoryEvent, includeExecutionData: boolean): Sdk.HistoryEvent {
  const type = event.type as Sdk.HistoryEventType;
  return Object.assign(
    { id: event.id, type, timestamp: new Date(event.timestamp) },
    toApiEvent(event, includeExecutionData),
  );
}

async function redrive(
  { executions, home, runner }: ExecutionsApiParts,
  arn: string | undefined,
): Promise<{ redriveDate: Date }> {
  const record = requireExecution(executions, arn);
  const { redriveStatus: status, redriveStatusReason } = redriveStatus(record);
  if (status !== "REDRIVABLE")
    throw new AwsError("ExecutionNotRedrivable", redriveStatusReason ?? "Execution cannot be redriven");
  const now = home.clock.now();
  executions.redrive(record.arn, now);
  await runner.input(record.arn, { kind: "redrive" });
  return { redriveDate: new Date(now) };
}

function pageSize(asked: number | undefined): number {
  return asked === undefined || asked === 0 ? DEFAULT_PAGE : Math.min(asked, MAX_PAGE);
}
