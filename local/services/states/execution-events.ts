/** The event Step Functions emits at each status of a Standard execution. Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
import type { EmittedEvent } from "../../define-service.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import { redriveStatus } from "./redrive-status.ts";

// EventBridge leaves input and output out where together they would pass 248 KiB.
const MAX_INCLUDED_BYTES = 248 * 1024;

export function executionEvent(record: ExecutionRecord, nowMs: number): EmittedEvent {
  const included = Buffer.byteLength(record.input) + Buffer.byteLength(record.output ?? "") <= MAX_INCLUDED_BYTES;
  const redrive = redriveStatus(record, { nowMs });
  return {
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: record.machineArn,
      name: record.name,
      status: record.status,
      startDate: record.startMs,
      stopDate: record.stopMs ?? null,
      input: included ? record.input : null,
      output: included ? (record.output ?? null) : null,
      stateMachineVersionArn: record.versionArn ?? null,
      stateMachineAliasArn: record.aliasArn ?? null,
      redriveCount: record.redriveCount,
      redriveDate: record.redriveMs ?? null,
      redriveStatus: redrive.redriveStatus,
      redriveStatusReason: redrive.redriveStatusReason ?? null,
      inputDetails: { included },
      outputDetails: record.output === undefined ? null : { included },
      error: record.error ?? null,
      cause: record.cause ?? null,
    },
  };
}
