import { CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ResourceState } from "../../../../local/define-service.ts";
import { ROLE, StatesHome } from "./states-home.ts";

const CONTEXT = { stackName: "s", logicalId: "L", generateName: () => "generated" };
const says = (Result: string) => ({ StartAt: "P", States: { P: { Type: "Pass", Result, End: true } } });
const GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:g:*";

describe("Step Functions in a template", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
  });
  afterEach(() => states.close());

  const type = (name: string) => {
    const found = states.home.resourceTypes.get(`AWS::StepFunctions::${name}`);
    if (found === undefined) throw new Error(`no type ${name}`);
    return found;
  };
  const create = async (name: string, properties: object) => type(name).create(properties, CONTEXT);
  const update = async (name: string, properties: object, current: ResourceState) =>
    type(name).update?.(properties, current, CONTEXT, {});
  const machine = (Definition: object, more: object = {}) => ({
    StateMachineName: "m",
    RoleArn: ROLE,
    Definition,
    ...more,
  });
  const publish = async (made: ResourceState) =>
    create("StateMachineVersion", {
      StateMachineArn: made.physicalId,
      StateMachineRevisionId: made.attributes.StateMachineRevisionId,
      Description: "d",
    });

  it("makes a state machine with tags and logs", async () => {
    await states.logs.send(new CreateLogGroupCommand({ logGroupName: "g" }));
    const made = await create(
      "StateMachine",
      machine(says("one"), {
        Tags: [{ Key: "a", Value: "b" }],
        LoggingConfiguration: {
          Level: "ALL",
          IncludeExecutionData: "true",
          Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: GROUP } }],
        },
      }),
    );
    expect(
      await states.client.send(new DescribeStateMachineCommand({ stateMachineArn: made.physicalId })),
    ).toMatchObject({ loggingConfiguration: { level: "ALL", includeExecutionData: true } });
    expect((await states.client.send(new ListTagsForResourceCommand({ resourceArn: made.physicalId }))).tags).toEqual([
      { key: "a", value: "b" },
    ]);
    await states.run(made.physicalId);
    let count = 0;
    while (count < 4)
      count = (await states.logs.send(new FilterLogEventsCommand({ logGroupName: "g" }))).events?.length ?? 0;
    expect(count).toBe(4);
  });

  it("publishes a version of the revision a template made, once", async () => {
    const made = await create("StateMachine", machine(says("one")));
    const version = await publish(made);
    expect(version.physicalId).toBe(`${made.physicalId}:1`);
    expect((await publish(made)).physicalId).toBe(version.physicalId);
    const changed = await update("StateMachine", machine(says("two")), made);
    if (changed === undefined || changed === "replace") throw new Error("it changes in place");
    expect((await publish(changed)).physicalId).toBe(`${made.physicalId}:2`);
    await expect(publish(made)).rejects.toMatchObject({ code: "ConflictException" });
    await type("StateMachineVersion").delete(version, CONTEXT);
    const { stateMachineVersions } = await states.client.send(
      new ListStateMachineVersionsCommand({ stateMachineArn: made.physicalId }),
    );
    expect(stateMachineVersions).toHaveLength(1);
  });

  it("makes an alias, changes its routing in place, and deploys a preference's version at once", async () => {
    const made = await create("StateMachine", machine(says("one")));
    const one = await publish(made);
    const alias = await create("StateMachineAlias", {
      Name: "live",
      RoutingConfiguration: [{ StateMachineVersionArn: one.physicalId, Weight: "100" }],
    });
    expect(alias.attributes).toEqual({ Arn: `${made.physicalId}:live` });
    const changed = await update("StateMachine", machine(says("two")), made);
    if (changed === undefined || changed === "replace") throw new Error("it changes in place");
    const two = await publish(changed);
    const DeploymentPreference = {
      StateMachineVersionArn: two.physicalId,
      Type: "CANARY",
      Percentage: 10,
      Interval: 5,
      Alarms: ["a"],
    };
    expect(await update("StateMachineAlias", { Name: "live", DeploymentPreference }, alias)).toEqual(alias);
    const { routingConfiguration } = await states.client.send(
      new DescribeStateMachineAliasCommand({ stateMachineAliasArn: alias.physicalId }),
    );
    expect(routingConfiguration).toEqual([{ stateMachineVersionArn: two.physicalId, weight: 100 }]);
    expect(await update("StateMachineAlias", { Name: "other", DeploymentPreference }, alias)).toBe("replace");
    await expect(create("StateMachineAlias", { Name: "x" })).rejects.toMatchObject({
      message: "AWS::StepFunctions::StateMachineAlias needs either RoutingConfiguration or DeploymentPreference",
    });
  });

  it("makes an activity, and tags it", async () => {
    const made = await create("Activity", { Name: "label", Tags: [{ Key: "a", Value: "1" }] });
    expect(made).toEqual({
      physicalId: "arn:aws:states:us-east-1:000000000000:activity:label",
      attributes: { Arn: "arn:aws:states:us-east-1:000000000000:activity:label", Name: "label" },
    });
    expect(await update("Activity", { Name: "label", Tags: [] }, made)).toEqual(made);
    expect((await states.client.send(new ListTagsForResourceCommand({ resourceArn: made.physicalId }))).tags).toEqual(
      [],
    );
    expect(await update("Activity", { Name: "other" }, made)).toBe("replace");
    await type("Activity").delete(made, CONTEXT);
    await expect(
      states.client.send(new ListTagsForResourceCommand({ resourceArn: made.physicalId })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
  });

  it("stops what runs when a template's state machine is deleted", async () => {
    const wait = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 600, End: true } } };
    const made = await create("StateMachine", machine(wait));
    const running = states.run(made.physicalId);
    const started = new Promise<void>((resolve) => {
      const stop = states.home.ports.listen(() => {
        stop();
        resolve();
      });
    });
    await started;
    await type("StateMachine").delete(made, CONTEXT);
    expect((await running).status).toBe("ABORTED");
    await expect(
      states.client.send(new DescribeStateMachineCommand({ stateMachineArn: made.physicalId })),
    ).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
  });
});
