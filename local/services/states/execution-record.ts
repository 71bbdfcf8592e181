/** One execution as it is kept: what the API tells of it, and what it takes to go on. */
import type { ExecutionStatus, MachineType } from "../../../engine/states/index.ts";

export interface ExecutionRecord {
  arn: string;
  machineArn: string;
  name: string;
  status: ExecutionStatus;
  /** JSON texts. */
  input: string;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  roleArn: string;
  revision: string;
  startMs: number;
  stopMs: number | undefined;
  redriveCount: number;
  redriveMs: number | undefined;
  /** The clientToken of the last redrive. */
  redriveToken: string | undefined;
  seed: string;
  type: MachineType;
  /** Of a distributed map's child: which item processor of the revision it runs, its map run, and how many items it has. */
  flow: string | undefined;
  mapRunArn: string | undefined;
  itemCount: number | undefined;
  /** What it was started by, where that was a version or an alias. */
  versionArn: string | undefined;
  aliasArn: string | undefined;
  /** As X-Ray gave it. */
  traceHeader: string | undefined;
}

type Given = "arn" | "machineArn" | "name" | "input" | "roleArn" | "revision" | "startMs" | "seed" | "type";

/** An execution that has not done anything yet. */
export function newExecution(
  given: Pick<ExecutionRecord, Given> & Partial<Omit<ExecutionRecord, Given>>,
): ExecutionRecord {
  return {
    status: "RUNNING",
    output: undefined,
    error: undefined,
    cause: undefined,
    stopMs: undefined,
    redriveCount: 0,
    redriveMs: undefined,
    redriveToken: undefined,
    flow: undefined,
    mapRunArn: undefined,
    itemCount: undefined,
    versionArn: undefined,
    aliasArn: undefined,
    traceHeader: undefined,
    ...given,
  };
}
