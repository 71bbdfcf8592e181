/** Stop, describe and redrive executions and read their history. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/ */
import type * as Sdk from "@aws-sdk/client-sfn";
import { type HistoryEvent, toApiEvent } from "../../../engine/states/index.ts";
import type { Operations } from "../../define-service.ts";
import { parentMachineArn } from "./arns.ts";
import { listExecutions, shownOf } from "./list-executions.ts";
import { configuration, revisionOf } from "./machines-api.ts";
import type { MapRunStore } from "./map-runs/map-run-store.ts";
import { decodePageToken, pageOf } from "./page-token.ts";
import { redriveExecution } from "./redrive-execution.ts";
import { redriveStatus } from "./redrive-status.ts";
import { checkArn, checkLength, pageSize } from "./request-checks.ts";
import { requireExecution } from "./require-execution.ts";
import { type StartParts, startExecution, startSyncExecution } from "./start-execution.ts";

export interface ExecutionsApiParts extends StartParts {
  mapRuns: MapRunStore;
}

type Names =
  | "StartExecution"
  | "StartSyncExecution"
  | "StopExecution"
  | "DescribeExecution"
  | "ListExecutions"
  | "GetExecutionHistory"
  | "RedriveExecution"
  | "DescribeStateMachineForExecution";

export function executionOperations(parts: ExecutionsApiParts): Pick<Operations<typeof Sdk>, Names> {
  const byMachine = ({ stateMachineArn }: { stateMachineArn?: string | undefined }) => ({
    resource: stateMachineArn ?? "*",
  });
  const byExecution = ({ executionArn }: { executionArn?: string | undefined }) => ({ resource: executionArn ?? "*" });
  return {
    StartExecution: { authorize: byMachine, handle: (input) => startExecution(parts, input) },
    StartSyncExecution: { authorize: byMachine, handle: (input) => startSyncExecution(parts, input) },
    StopExecution: { authorize: byExecution, handle: (input) => stop(parts, input) },
    DescribeExecution: { authorize: byExecution, handle: ({ executionArn }) => describe(parts, executionArn) },
    ListExecutions: {
      authorize: ({ stateMachineArn, mapRunArn }) => ({ resource: stateMachineArn ?? mapRunArn ?? "*" }),
      handle: (input) => listExecutions(parts, input),
    },
    GetExecutionHistory: { authorize: byExecution, handle: (input) => history(parts, input) },
    RedriveExecution: { authorize: byExecution, handle: (input) => redriveExecution(parts, input) },
    DescribeStateMachineForExecution: {
      authorize: byExecution,
      handle: ({ executionArn }) => describeMachine(parts, executionArn),
    },
  };
}

async function stop(parts: ExecutionsApiParts, { executionArn, error, cause }: Sdk.StopExecutionCommandInput) {
  checkLength("error", error, 0, 256);
  checkLength("cause", cause, 0, 32_768);
  const record = requireExecution(parts, executionArn);
  await parts.runner.input(record.arn, {
    kind: "stop",
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  });
  return { stopDate: new Date(parts.executions.find(record.arn)?.stopMs ?? parts.home.clock.now()) };
}

function describe(parts: ExecutionsApiParts, executionArn: string | undefined) {
  const record = requireExecution(parts, executionArn);
  const { output, error, cause, traceHeader } = record;
  const redrive = redriveStatus(record, {
    nowMs: parts.home.clock.now(),
    deleting: parts.machines.isDeleting(parentMachineArn(record.machineArn)),
    lastEventId: parts.executions.lastEventId(record.arn),
  });
  return {
    ...shownOf(record),
    input: record.input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...redrive,
  };
}

function history(parts: ExecutionsApiParts, input: Sdk.GetExecutionHistoryCommandInput) {
  const limit = pageSize(input.maxResults);
  const from = decodePageToken(input.nextToken)?.number;
  const arn = checkArn(input.executionArn, "execution");
  const record = requireExecution(parts, arn);
  const found = parts.executions.events(record.arn, {
    ...(from === undefined ? {} : { from }),
    limit: limit + 1,
    reverse: input.reverseOrder ?? false,
  });
  const { page, nextToken } = pageOf(found, limit, ({ id }) => ({ number: id, text: "" }));
  return { events: page.map((event) => toSdkEvent(event, input.includeExecutionData ?? true)), ...nextToken };
}

function toSdkEvent(event: HistoryEvent, includeExecutionData: boolean): Sdk.HistoryEvent {
  const type = event.type as Sdk.HistoryEventType;
  return Object.assign(
    { id: event.id, type, timestamp: new Date(event.timestamp) },
    toApiEvent(event, includeExecutionData),
  );
}

/** With the definition the execution runs, whatever became of its state machine: a map run's child runs the item processor. */
function describeMachine({ machines, ...parts }: ExecutionsApiParts, executionArn: string | undefined) {
  const record = requireExecution(parts, executionArn);
  const { revision, roleArn, flow, mapRunArn } = record;
  const machine = machines.require(parentMachineArn(record.machineArn));
  const isChild = mapRunArn !== undefined;
  return {
    stateMachineArn: record.machineArn,
    name: machine.name,
    definition: isChild
      ? JSON.stringify(machines.compiled(revision, flow).definition.source)
      : machines.definitionOf(revision),
    roleArn,
    updateDate: new Date(machine.updatedMs),
    ...configuration(machine),
    ...(isChild ? { mapRunArn, label: labelOf(record.machineArn) } : revisionOf(machine, record)),
  };
}

function labelOf(machineArn: string): string {
  return machineArn.slice(machineArn.indexOf("/") + 1);
}
