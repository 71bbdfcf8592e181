/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat: the outcomes that come by task token. */
import type * as Sdk from "@aws-sdk/client-sfn";
import type { InputEvent } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { ExecutionRunner } from "./execution-runner.ts";
import type { ExecutionStore, TaskRecord } from "./execution-store.ts";
import { checkLength, checkPayload } from "./request-checks.ts";
import type { TaskRunner } from "./task-runner.ts";

type Names = "SendTaskSuccess" | "SendTaskFailure" | "SendTaskHeartbeat";

export interface TasksApiParts {
  executions: ExecutionStore;
  runner: ExecutionRunner;
  tasks: TaskRunner;
}

export function taskOperations(parts: TasksApiParts): Pick<Operations<typeof Sdk>, Names> {
  // The token is what authorises; IAM's resource is the state machine, which the caller does not name.
  return {
    SendTaskSuccess: {
      async handle({ taskToken, output = "" }) {
        checkToken(taskToken);
        const value = checkPayload(output, "InvalidOutput", "Invalid Output");
        const task = requireTask(parts, taskToken);
        await end(parts, task, { kind: "task-succeeded", taskId: task.taskId, output: value });
        return {};
      },
    },
    SendTaskFailure: {
      async handle({ taskToken, error, cause }) {
        checkLength("error", error, 0, 256);
        checkLength("cause", cause, 0, 32_768);
        checkToken(taskToken);
        const task = requireTask(parts, taskToken);
        await end(parts, task, {
          kind: "task-failed",
          taskId: task.taskId,
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        });
        return {};
      },
    },
    SendTaskHeartbeat: {
      async handle({ taskToken }) {
        checkToken(taskToken);
        const task = requireTask(parts, taskToken);
        await parts.runner.input(task.executionArn, { kind: "task-heartbeat", taskId: task.taskId });
        return {};
      },
    },
  };
}

async function end({ runner, tasks }: TasksApiParts, task: TaskRecord, input: InputEvent): Promise<void> {
  await runner.input(task.executionArn, input, tasks.ending(task.executionArn, task.taskId));
}

/** A token is base64 of `<execution ARN>/<task id>/<uuid>`. @throws AwsError InvalidToken */
function checkToken(token: string | undefined): void {
  checkLength("taskToken", token, 1, 2_048);
  if (executionOf(token ?? "") === undefined) throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
}

function executionOf(token: string): string | undefined {
  const text = Buffer.from(token, "base64").toString("utf8");
  return /^(arn:[^\s]+:states:[^\s]+)\/\d+\/[0-9a-f-]{36}$/.exec(text)?.[1];
}

/** @throws AwsError TaskDoesNotExist, TaskTimedOut */
function requireTask({ executions, tasks }: TasksApiParts, token = ""): TaskRecord {
  const task = executions.taskByToken(token);
  if (task !== undefined && !tasks.isEnding(task.executionArn, task.taskId)) return task;
  if (executions.find(executionOf(token) ?? "") === undefined)
    throw new AwsError("TaskDoesNotExist", "Task does not exist");
  throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
}
