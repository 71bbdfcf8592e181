/** RedriveExecution. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../aws-error.ts";
import { redriveStatus } from "./redrive-status.ts";
import { checkArn, checkLength } from "./request-checks.ts";
import { requireExecution } from "./require-execution.ts";
import type { StartParts } from "./start-execution.ts";

/** How long a repeated clientToken is the same redrive. */
const TOKEN_KEPT_MS = 15 * 60_000;

/** @throws AwsError InvalidArn, ExecutionDoesNotExist, ExecutionNotRedrivable */
export async function redriveExecution(
  parts: StartParts,
  { executionArn, clientToken }: Sdk.RedriveExecutionCommandInput,
): Promise<{ redriveDate: Date }> {
  const { executions, machines, runner, home } = parts;
  checkLength("clientToken", clientToken, 1, 64);
  const record = requireExecution(parts, checkArn(executionArn, "execution"));
  const nowMs = home.clock.now();
  const { redriveMs, redriveToken } = record;
  if (
    redriveMs !== undefined &&
    redriveToken === clientToken &&
    clientToken !== undefined &&
    nowMs - redriveMs < TOKEN_KEPT_MS
  )
    return { redriveDate: new Date(redriveMs) };
  const { redriveStatus: status, redriveStatusReason } = redriveStatus(record, {
    nowMs,
    deleting: machines.find(record.machineArn)?.deleting ?? true,
    lastEventId: executions.lastEventId(record.arn),
  });
  if (status !== "REDRIVABLE") {
    const reason =
      redriveStatusReason ?? "Execution was started by a Map Run, which is redriven with its parent execution";
    throw new AwsError("ExecutionNotRedrivable", reason);
  }
  await runner.redrive(record.arn, nowMs, clientToken);
  return { redriveDate: new Date(nowMs) };
}
