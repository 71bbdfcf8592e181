/** What a result file says of one child execution. */
import { instantText, type JsonObject } from "../../../../engine/states/index.ts";
import type { ExecutionRecord } from "../execution-record.ts";
import { redriveStatus } from "../redrive-status.ts";
import type { ChildRecord } from "./map-run-store.ts";

export interface ChildResult {
  /** The file it belongs into. */
  status: "SUCCEEDED" | "FAILED" | "PENDING";
  /** JSON text. */
  output: string | undefined;
  metadata: JsonObject;
}

export function childResult(child: ChildRecord, record: ExecutionRecord | undefined, nowMs: number): ChildResult {
  if (record === undefined || child.status === "PENDING") {
    const metadata = { Input: child.input ?? "", InputDetails: { Included: true }, Status: "PENDING" };
    return { status: "PENDING", output: undefined, metadata };
  }
  const { redriveStatus: status, redriveStatusReason: reason } = redriveStatus(record, { nowMs });
  return {
    status: record.status === "SUCCEEDED" ? "SUCCEEDED" : "FAILED",
    output: record.output,
    // In AWS's order, which is that of the alphabet.
    metadata: {
      ...(record.cause === undefined ? {} : { Cause: record.cause }),
      ...(record.error === undefined ? {} : { Error: record.error }),
      ExecutionArn: record.arn,
      Input: record.input,
      InputDetails: { Included: true },
      Name: record.name,
      ...(record.output === undefined ? {} : { Output: record.output }),
      OutputDetails: { Included: true },
      RedriveCount: record.redriveCount,
      RedriveStatus: status,
      ...(reason === undefined ? {} : { RedriveStatusReason: reason }),
      StartDate: instantText(record.startMs),
      StateMachineArn: record.machineArn,
      Status: record.status,
      ...(record.stopMs === undefined ? {} : { StopDate: instantText(record.stopMs) }),
    },
  };
}
