/** What becomes of executions that run while their state machine is being deleted. */
import type { InputEvent } from "../../../engine/states/index.ts";
import { machineName } from "./arns.ts";

/** Inputs after which an execution stands where it stood, or has ended in a way of its own. */
const LEADING_NOWHERE: ReadonlySet<InputEvent["kind"]> = new Set([
  "start",
  "stop",
  "fail",
  "task-started",
  "task-submitted",
  "task-heartbeat",
  "update-map-run",
]);

/** The input, or if it would lead the execution on: the execution's end, in AWS's words. */
export function whileDeleting(machineArn: string, input: InputEvent): InputEvent {
  if (LEADING_NOWHERE.has(input.kind)) return input;
  return { kind: "fail", error: "States.Runtime", cause: `State machine ${machineName(machineArn)} has been deleted` };
}
