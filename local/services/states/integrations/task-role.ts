/** Whose rights a task has: the state machine's role, or the one its Credentials name. */
import type { JsonValue } from "../../../../engine/states/index.ts";
import { toAwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { TaskFailure } from "./task-failure.ts";

/** The role in the task's Credentials, or the state machine's. */
export function taskRole(credentials: JsonValue | undefined, machineRole: string): string {
  const role =
    typeof credentials === "object" && credentials !== null && !Array.isArray(credentials)
      ? Reflect.get(credentials, "RoleArn")
      : undefined;
  return typeof role === "string" ? role : machineRole;
}

/** The task's own role has to let the state machine's assume it. @throws TaskFailure */
export async function assumeTaskRole(home: HomePorts, principal: Principal, machineRole: Principal): Promise<void> {
  if (principal.kind !== "role" || machineRole.kind !== "role" || principal.roleArn === machineRole.roleArn) return;
  const { roleArn: RoleArn, sessionName: RoleSessionName } = principal;
  try {
    await home.call("sts", "AssumeRole", { RoleArn, RoleSessionName }, machineRole);
  } catch (thrown) {
    const cause = `The role ${machineRole.roleArn} is not authorized to assume the task state's role, ${RoleArn}. (${toAwsError(thrown).message})`;
    throw new TaskFailure("States.TaskFailed", cause);
  }
}
