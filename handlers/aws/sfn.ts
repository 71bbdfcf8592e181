/** Starting executions and ending the tasks that wait. Loaded when first used. */
import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";

const client = new SFNClient({});

/** Starts an execution; undefined where one of this name was there before. */
export async function startExecution(
  stateMachineArn: string,
  name: string,
  input: unknown,
): Promise<string | undefined> {
  try {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    return started.executionArn;
  } catch (error) {
    if (error instanceof Error && error.name === "ExecutionAlreadyExists") return undefined;
    throw error;
  }
}

/** Ends a waiting task well; a task that no longer waits is left alone. */
export async function sendSuccess(taskToken: string, output: unknown): Promise<void> {
  await unlessGone(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
}

/** Ends a waiting task with an error; a task that no longer waits is left alone. */
export async function sendFailure(taskToken: string, error: string, cause: string): Promise<void> {
  await unlessGone(client.send(new SendTaskFailureCommand({ taskToken, error, cause })));
}

/** A token of a task that timed out, was stopped, or was ended by an earlier delivery of the same event. */
async function unlessGone(sent: Promise<unknown>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    if (!(error instanceof Error && ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"].includes(error.name)))
      throw error;
  }
}
