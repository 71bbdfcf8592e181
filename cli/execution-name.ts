/** What a person calls an execution: its ARN, or the name that `executions list` shows. */
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  paginateListStateMachines,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { CommandFailure } from "./failure.ts";

/** @throws CommandFailure 2 when there is none, or several machines have one of that name */
export async function findExecution(sfn: SFNClient, name: string): Promise<DescribeExecutionCommandOutput> {
  const found: DescribeExecutionCommandOutput[] = [];
  for (const arn of name.startsWith("arn:") ? [name] : await possibleArns(sfn, name)) {
    const execution = await describe(sfn, arn);
    if (execution !== undefined) found.push(execution);
  }
  const [first, ...others] = found;
  if (first === undefined)
    throw new CommandFailure(2, `there is no execution ${name}; \`npx tidemill executions list\` names them`);
  if (others.length === 0) return first;
  const arns = found.map(({ executionArn = "" }) => `\n  ${executionArn}`).join("");
  throw new CommandFailure(2, `${found.length} state machines have an execution ${name}; name one by its ARN:${arns}`);
}

async function possibleArns(sfn: SFNClient, name: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    for (const { type, stateMachineArn = "" } of stateMachines)
      if (type !== "EXPRESS") arns.push(`${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`);
  }
  return arns;
}

async function describe(sfn: SFNClient, executionArn: string): Promise<DescribeExecutionCommandOutput | undefined> {
  try {
    return await sfn.send(new DescribeExecutionCommand({ executionArn }));
  } catch (thrown) {
    if (thrown instanceof Error && (thrown.name === "ExecutionDoesNotExist" || thrown.name === "InvalidArn"))
      return undefined;
    throw thrown;
  }
}
