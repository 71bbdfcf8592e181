/** The execution a request names. */
import { AwsError } from "../../aws-error.ts";
import type { ExecutionRecord } from "./execution-record.ts";
import type { ExecutionStore } from "./execution-store.ts";
import { checkArn, invalidArn } from "./request-checks.ts";

/**
 * Express executions are known only while a map run has them.
 * @throws AwsError InvalidArn, ExecutionDoesNotExist
 */
export function requireExecution(
  { executions }: { executions: ExecutionStore },
  arn: string | undefined,
): ExecutionRecord {
  const checked = checkArn(arn, "execution", "express");
  const found = executions.find(checked);
  if (checked.split(":")[5] === "express" && found?.mapRunArn === undefined)
    throw invalidArn("Resource type not valid in this context: express");
  if (found === undefined) throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${checked}'`);
  return found;
}
