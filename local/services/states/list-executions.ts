/** ListExecutions: of a state machine, a version or alias, or a map run. */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../aws-error.ts";
import { baseArn } from "./arns.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { ExecutionFilter, ExecutionStore } from "./execution-store.ts";
import type { MachineStore } from "./machine-store.ts";
import type { MapRunStore } from "./map-runs/map-run-store.ts";
import { requireMapRun } from "./map-runs/map-runs-api.ts";
import { decodePageToken, pageOf } from "./page-token.ts";
import { checkArn, checkOneOf, pageSize } from "./request-checks.ts";

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"];

export interface ListParts {
  machines: MachineStore;
  executions: ExecutionStore;
  mapRuns: MapRunStore;
}

/** @throws AwsError */
export function listExecutions(parts: ListParts, input: Sdk.ListExecutionsInput): Sdk.ListExecutionsOutput {
  checkOneOf("statusFilter", input.statusFilter, STATUSES);
  checkOneOf("redriveFilter", input.redriveFilter, ["REDRIVEN", "NOT_REDRIVEN"]);
  const limit = pageSize(input.maxResults);
  const after = decodePageToken(input.nextToken);
  const found = parts.executions.list({
    ...scope(parts, input),
    ...(input.statusFilter === undefined ? {} : { status: input.statusFilter }),
    ...(input.redriveFilter === undefined ? {} : { redriven: input.redriveFilter === "REDRIVEN" }),
    ...(after === undefined ? {} : { after: { startMs: after.number, arn: after.text } }),
    limit: limit + 1,
  });
  const { page, nextToken } = pageOf(found, limit, ({ startMs, arn }) => ({ number: startMs, text: arn }));
  return { executions: page.map(listed), ...nextToken };
}

function scope({ machines, mapRuns }: ListParts, input: Sdk.ListExecutionsInput): Partial<ExecutionFilter> {
  const { stateMachineArn, mapRunArn, redriveFilter } = input;
  if (stateMachineArn !== undefined && mapRunArn !== undefined)
    throw new AwsError("ValidationException", "Specify either stateMachineArn or mapRunArn, not both");
  if (mapRunArn !== undefined) return { mapRunArn: requireMapRun(mapRuns, mapRunArn).arn };
  if (stateMachineArn === undefined) {
    const needed = redriveFilter === undefined ? "stateMachineArn or mapRunArn" : "mapRunArn with redriveFilter";
    throw new AwsError("ValidationException", `Must specify ${needed}`);
  }
  const machine = machines.require(baseArn(checkArn(stateMachineArn, "stateMachine")));
  if (machine.type === "EXPRESS")
    throw new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
  const machineArn = machine.arn;
  if (stateMachineArn === machineArn) return { machineArn };
  return /:\d+$/.test(stateMachineArn)
    ? { machineArn, versionArn: stateMachineArn }
    : { machineArn, aliasArn: stateMachineArn };
}

function listed(record: ExecutionRecord): Sdk.ExecutionListItem {
  return { ...shownOf(record), ...(record.itemCount === undefined ? {} : { itemCount: record.itemCount }) };
}

/** What ListExecutions and DescribeExecution both say of an execution. */
export function shownOf(record: ExecutionRecord) {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: new Date(record.startMs),
    redriveCount: record.redriveCount,
    ...(record.stopMs === undefined ? {} : { stopDate: new Date(record.stopMs) }),
    ...(record.mapRunArn === undefined ? {} : { mapRunArn: record.mapRunArn }),
    ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
    ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
    ...(record.redriveMs === undefined ? {} : { redriveDate: new Date(record.redriveMs) }),
  };
}
