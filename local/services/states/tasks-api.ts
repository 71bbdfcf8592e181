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
  if (partsOf(token ?? "") === undefined) throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
}

function partsOf(token: string): { executionArn: string; taskId: number } | undefined {
  const text = Buffer.from(token, "base64").toString("utf8");
  const [, executionArn, taskId] = /^(arn:[^\s]+:states:[^\s]+)\/(\d+)\/[0-9a-f-]{36}$/.exec(text) ?? [];
  return executionArn === undefined ? undefined : { executionArn, taskId: Number(taskId) };
}

/** @throws AwsError TaskDoesNotExist, TaskTimedOut */
function requireTask({ executions, tasks }: TasksApiParts, token = ""): TaskRecord {
  const task = executions.taskByToken(token);
  if (task !== undefined && !tasks.isEnding(task.executionArn, task.taskId)) return task;
  const { executionArn = "", taskId = 0 } = partsOf(token) ?? {};
  if (executions.find(executionArn) === undefined) throw new AwsError("TaskDoesNotExist", "Task does not exist");
  const closed = activityOf(executions, executionArn, taskId) ?? "Provided task does not exist anymore";
  throw new AwsError("TaskTimedOut", `Task Timed Out: '${closed}'`);
}

/** The activity of a task that is closed: a task's id is that of its Scheduled event. */
function activityOf(executions: ExecutionStore, executionArn: string, taskId: number): string | undefined {
  const [scheduled] = executions.events(executionArn, { from: taskId - 1, limit: 1, reverse: false });
  const resource = scheduled?.type === "ActivityScheduled" ? scheduled.details?.resource : undefined;
  return typeof resource === "string" ? resource : undefined;
}
