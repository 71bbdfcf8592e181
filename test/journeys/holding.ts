/** Lifecycles that wait where a test wants them. */
import {
  DeleteFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { machineArn, until } from "./open-app.ts";

export interface Clients {
  lambda: LambdaClient;
  sfn: SFNClient;
}

const stateMachineArn = machineArn("data-product-update");

/** While `work` lasts, updates that are started wait before the step of that function: it is throttled, and they try again, every second. */
export async function holding({ lambda, sfn }: Clients, handler: string, work: () => Promise<void>): Promise<void> {
  const FunctionName = `tidemill-${handler}`;
  const { definition = "" } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  const patient = definition.replaceAll(
    /"BackoffRate":\s*2,\s*"MaxAttempts":\s*5,/g,
    '"BackoffRate": 1, "MaxAttempts": 900,',
  );
  await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: patient }));
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  try {
    await work();
  } finally {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    await sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  }
}

/** Waits until so many of the updates that run have come to a state. */
export async function come({ sfn }: Clients, count: number, state: string): Promise<void> {
  await until(async () => {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }));
    const histories = executions.map(async ({ executionArn }) => {
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      return events.some(({ stateEnteredEventDetails: entered }) => entered?.name === state);
    });
    return (await Promise.all(histories)).filter(Boolean).length === count ? true : undefined;
  });
}
