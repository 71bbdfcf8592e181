/** DescribeMapRun, ListMapRuns, UpdateMapRun. */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../../aws-error.ts";
import type { Operations } from "../../../define-service.ts";
import { childMachineArn } from "../arns.ts";
import { decodePageToken, pageOf } from "../page-token.ts";
import { checkArn, checkRange, pageSize } from "../request-checks.ts";
import type { ChildStatus, MapRunRecord, MapRunStore } from "./map-run-store.ts";
import type { ChildRunner } from "./map-runs.ts";

export function mapRunOperations(
  store: MapRunStore,
  runner: ChildRunner,
): Pick<Operations<typeof Sdk>, "DescribeMapRun" | "ListMapRuns" | "UpdateMapRun"> {
  return {
    DescribeMapRun: {
      authorize: ({ mapRunArn }) => ({ resource: mapRunArn ?? "*" }),
      handle: ({ mapRunArn }) => describe(store, requireMapRun(store, mapRunArn)),
    },
    ListMapRuns: {
      authorize: ({ executionArn }) => ({ resource: executionArn ?? "*" }),
      handle({ executionArn, maxResults, nextToken }) {
        const arn = checkArn(executionArn, "execution");
        const limit = pageSize(maxResults);
        const after = decodePageToken(nextToken);
        const found = store.list(arn, after && { startMs: after.number, arn: after.text }, limit + 1);
        const { page, nextToken: more } = pageOf(found, limit, (run) => ({ number: run.startMs, text: run.arn }));
        return { mapRuns: page.map(listed), ...more };
      },
    },
    UpdateMapRun: {
      authorize: ({ mapRunArn }) => ({ resource: mapRunArn ?? "*" }),
      handle: (input) => update(store, runner, input),
    },
  };
}

/** @throws AwsError ResourceNotFound */
export function requireMapRun(store: MapRunStore, mapRunArn: string | undefined): MapRunRecord {
  const found = store.find(checkArn(mapRunArn, "mapRun"));
  if (found === undefined) throw new AwsError("ResourceNotFound", `Resource not found: '${mapRunArn}'`);
  return found;
}

function listed(run: MapRunRecord): Sdk.MapRunListItem {
  return {
    executionArn: run.executionArn,
    mapRunArn: run.arn,
    stateMachineArn: childMachineArn(run.arn),
    startDate: new Date(run.startMs),
    ...(run.stopMs === undefined ? {} : { stopDate: new Date(run.stopMs) }),
  };
}

function describe(store: MapRunStore, run: MapRunRecord): Sdk.DescribeMapRunOutput {
  const counts = store.counts(run.arn);
  return {
    mapRunArn: run.arn,
    executionArn: run.executionArn,
    status: run.status,
    startDate: new Date(run.startMs),
    ...(run.stopMs === undefined ? {} : { stopDate: new Date(run.stopMs) }),
    maxConcurrency: run.maxConcurrency,
    toleratedFailureCount: run.toleratedCount,
    toleratedFailurePercentage: run.toleratedPercentage,
    itemCounts: numbers(run, (status) => counts.get(status)?.items ?? 0),
    executionCounts: numbers(run, (status) => counts.get(status)?.children ?? 0),
    redriveCount: run.redriveCount,
    ...(run.redriveMs === undefined ? {} : { redriveDate: new Date(run.redriveMs) }),
  };
}

function numbers(run: MapRunRecord, count: (status: ChildStatus) => number): Sdk.MapRunItemCounts {
  const pendingRedrive = count("PENDING_REDRIVE");
  const [pending, running, succeeded] = [count("PENDING"), count("RUNNING"), count("SUCCEEDED")];
  const [failed, timedOut, aborted] = [count("FAILED"), count("TIMED_OUT"), count("ABORTED")];
  const total = pending + pendingRedrive + running + succeeded + failed + timedOut + aborted;
  return {
    pending,
    running,
    succeeded,
    failed,
    timedOut,
    aborted,
    total,
    // The results of all are written at once, in the end.
    resultsWritten: run.resultsWritten === 0 ? 0 : total,
    failuresNotRedrivable: 0,
    pendingRedrive,
  };
}

async function update(store: MapRunStore, runner: ChildRunner, input: Sdk.UpdateMapRunInput): Promise<object> {
  const run = requireMapRun(store, input.mapRunArn);
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = input;
  const most = 2 ** 31 - 1;
  checkRange("maxConcurrency", maxConcurrency, 0, most);
  checkRange("toleratedFailureCount", toleratedFailureCount, 0, most);
  checkRange("toleratedFailurePercentage", toleratedFailurePercentage, 0, 100);
  if (run.status !== "RUNNING")
    throw new AwsError("ValidationException", `The Map Run is ${run.status} and cannot be updated`);
  store.update({
    ...run,
    maxConcurrency: maxConcurrency ?? run.maxConcurrency,
    toleratedCount: toleratedFailureCount ?? run.toleratedCount,
    toleratedPercentage: toleratedFailurePercentage ?? run.toleratedPercentage,
  });
  await runner.input(run.executionArn, {
    kind: "update-map-run",
    mapRunId: run.arn,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(toleratedFailureCount === undefined ? {} : { toleratedFailureCount }),
    ...(toleratedFailurePercentage === undefined ? {} : { toleratedFailurePercentage }),
  });
  return {};
}
