/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat: the outcomes that come by task token. */
import type * as Sdk from "@aws-sdk/client-sfn";
import type { InputEvent, JsonValue } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { ExecutionRunner } from "./execution-runner.ts";
import type { ExecutionStore, TaskRecord } from "./execution-store.ts";
import type { TaskRunner } from "./task-runner.ts";

type Names = "SendTaskSuccess" | "SendTaskFailure" | "SendTaskHeartbeat";

const MAX_OUTPUT_BYTES = 262_144;

export interface TasksApiParts {
  executions: ExecutionStore;
  runner: ExecutionRunner;
  tasks: TaskRunner;
}

export function taskOperations(parts: TasksApiParts): Pick<Operations<typeof Sdk>, Names> {
  // The token is what authorises; IAM's resource is the state machine, which the caller does not name.
  return {
    SendTaskSuccess: {
      async handle({ taskToken, output }) {
        const task = requireTask(parts.executions, taskToken);
        await end(parts, task, { kind: "task-succeeded", taskId: task.taskId, output: parseOutput(output) });
        return {};
      },
    },
    SendTaskFailure: {
      async handle({ taskToken, error, cause }) {
        const task = requireTask(parts.executions, taskToken);
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
        const task = requireTask(parts.executions, taskToken);
        await parts.runner.input(task.executionArn, { kind: "task-heartbeat", taskId: task.taskId });
        return {};
      },
    },
  };
}

async function end({ runner, tasks }: TasksApiParts, task: TaskRecord, input: InputEvent): Promise<void> {
  tasks.finish(task.executionArn, task.taskId);
  await runner.input(task.executionArn, input);
}

function requireTask(executions: ExecutionStore, token: string | undefined): TaskRecord {
  const task = executions.taskByToken(token ?? "");
  if (task !== undefined) return task;
  throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
}

function parseOutput(text: string | undefined): JsonValue {
  if (Buffer.byteLength(text ?? "") > MAX_OUTPUT_BYTES)
    throw new AwsError("InvalidOutput", "Invalid Output: 'Output is longer than 262144 bytes'");
  try {
    return JSON.parse(text ?? "");
  } catch (cause) {
    throw new AwsError("InvalidOutput", `Invalid Output: '${cause instanceof Error ? cause.message : String(cause)}'`, {
      cause,
    });
  }
}
