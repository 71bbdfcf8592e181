import {
  CreateActivityCommand,
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetActivityTaskCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StatesHome } from "./states-home.ts";

describe("an execution's definition", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
  });
  afterEach(() => states.close());

  it("stays what it was at the start through an update and a restart", async () => {
    const { activityArn } = await states.client.send(new CreateActivityCommand({ name: "hold" }));
    const held = (Result: string) => ({
      StartAt: "Hold",
      States: { Hold: { Type: "Task", Resource: activityArn, Next: "Say" }, Say: { Type: "Pass", Result, End: true } },
    });
    const stateMachineArn = await states.create(held("begun with"));
    const { executionArn = "" } = await states.client.send(
      new StartExecutionCommand({ stateMachineArn, name: "held" }),
    );
    const definition = JSON.stringify(held("updated to"));
    await states.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
    await states.reopen();

    const ownDefinition = await states.client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(ownDefinition.definition).toBe(JSON.stringify(held("begun with")));
    const end = states.ended(executionArn);
    const { taskToken } = await states.client.send(new GetActivityTaskCommand({ activityArn }));
    await states.client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
    await end;
    const { output } = await states.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(output).toBe('"begun with"');
  });
});
