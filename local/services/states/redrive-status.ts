/** Whether an execution can be redriven, and if not why, in AWS's words. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
import type { ExecutionRecord } from "./execution-store.ts";

export interface RedriveStatus {
  redriveStatus: "REDRIVABLE" | "NOT_REDRIVABLE" | "REDRIVABLE_BY_MAP_RUN";
  redriveStatusReason?: string;
}

/** An execution must have ended unsuccessfully; a distributed map's child is redriven through its parent. */
export function redriveStatus(record: Pick<ExecutionRecord, "status" | "mapRunArn">): RedriveStatus {
  if (record.status === "RUNNING" || record.status === "SUCCEEDED") {
    return {
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: `Execution is ${record.status} and cannot be redriven`,
    };
  }
  return { redriveStatus: record.mapRunArn === undefined ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN" };
}
