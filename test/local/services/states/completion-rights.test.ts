import { UpdateStateMachineCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StatesHome } from "./states-home.ts";

const ROLE = "arn:aws:iam::000000000000:role/worker";
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:inner";
const RULE = "arn:aws:events:us-east-1:000000000000:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule";
const call = (pattern: string) => ({
  StartAt: "T",
  States: {
    T: {
      Type: "Task",
      Resource: `arn:aws:states:::states:startExecution${pattern}`,
      Parameters: { StateMachineArn: MACHINE },
      End: true,
    },
  },
});
const over = (flow: object) => ({
  StartAt: "M",
  States: { M: { Type: "Parallel", Branches: [{ StartAt: "N", States: { N: mapOf(flow) } }], End: true } },
});
const mapOf = (flow: object) => ({ Type: "Map", ItemProcessor: flow, End: true });

describe("a state machine that waits for executions", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
  });
  afterEach(() => states.close());

  const give = (...Action: string[]) => {
    const document = { Statement: [{ Effect: "Allow", Action, Resource: RULE }] };
    states.home.ports.policies.setRoleSource((roleArn) => ({
      roleArn,
      policies: [{ name: "p", document }],
      trust: {},
    }));
    states.home.ports.policies.invalidate();
  };
  const denied = {
    name: "AccessDeniedException",
    message: `'${ROLE}' is not authorized to create managed-rule.`,
  };

  it.each([call(".sync"), call(".sync:2"), over(call(".sync"))])(
    "is refused unless its role may have their ends told: %j",
    async (definition) => {
      give("events:PutRule", "events:DescribeRule");
      await expect(states.create(definition, { roleArn: ROLE })).rejects.toMatchObject(denied);
      const stateMachineArn = await states.create(call(""), { roleArn: ROLE });
      const update = new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(definition) });
      await expect(states.client.send(update)).rejects.toMatchObject(denied);
      give("events:PutRule", "events:DescribeRule", "events:PutTargets");
      await states.client.send(update);
    },
  );
});
