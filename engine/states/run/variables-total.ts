/**
 * The 10 MiB that all variables of an execution may have together, as JSON.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html ("Limits")
 */
import { utf8Length } from "../json.ts";
import type { Frame } from "./frame.ts";
import { dataLimitExceeded } from "./payload-limit.ts";
import type { Run } from "./run.ts";

const MAX_TOTAL_BYTES = 10_485_760;

/**
 * @param texts the variables that the frame's state assigns, as JSON texts
 * @throws {StateError} States.DataLimitExceeded
 */
export function checkVariablesTotal(run: Run, frame: Frame, texts: Readonly<Record<string, string>>): void {
  let bytes = 0;
  for (const name in texts) bytes += utf8Length(texts[name] ?? "");
  // A bound that only grows is enough until it reaches the limit: then what is really kept is counted.
  run.assignedBytes += bytes;
  if (run.assignedBytes > MAX_TOTAL_BYTES) run.assignedBytes = bytes + keptBytes(run, frame, texts);
  if (run.assignedBytes > MAX_TOTAL_BYTES) throw dataLimitExceeded(frame.state.name, "assigned variables");
}

/** Bytes of all variables of the execution but those the frame is about to replace. */
function keptBytes(run: Run, assigning: Frame, texts: Readonly<Record<string, string>>): number {
  let bytes = 0;
  const open = run.root === undefined ? [] : [run.root];
  for (let frame = open.pop(); frame !== undefined; frame = open.pop()) {
    for (const [name, value] of Object.entries(frame.scope.values)) {
      if (frame !== assigning || !Object.hasOwn(texts, name)) bytes += utf8Length(JSON.stringify(value));
    }
    if (frame.wait?.kind !== "branches") continue;
    for (const branch of frame.wait.frames) if (branch !== undefined) open.push(branch);
  }
  return bytes;
}
