import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineAliasCommand,
  DeleteStateMachineVersionCommand,
  DescribeExecutionCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  ListStateMachineAliasesCommand,
  ListStateMachineVersionsCommand,
  PublishStateMachineVersionCommand,
  StartExecutionCommand,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROLE, StatesHome } from "./states-home.ts";

const says = (word: string) => ({ StartAt: "P", States: { P: { Type: "Pass", Result: word, End: true } } });

describe("versions and aliases", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
  });
  afterEach(() => states.close());

  const publish = (stateMachineArn: string, more: object = {}) =>
    states.client.send(new PublishStateMachineVersionCommand({ stateMachineArn, ...more }));
  const update = (stateMachineArn: string, word: string, more: object = {}) =>
    states.client.send(
      new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(says(word)), ...more }),
    );
  const twoVersions = async () => {
    const arn = await states.create(says("one"), { publish: true, versionDescription: "first" });
    await update(arn, "two", { publish: true });
    return arn;
  };
  const alias = (arn: string, weights: Record<string, number>, name = "live") =>
    states.client.send(
      new CreateStateMachineAliasCommand({
        name,
        routingConfiguration: Object.entries(weights).map(([version, weight]) => ({
          stateMachineVersionArn: `${arn}:${version}`,
          weight,
        })),
      }),
    );

  it("publishes a revision once, keeps what it was, and lists the newest first", async () => {
    const arn = await twoVersions();
    expect((await publish(arn)).stateMachineVersionArn).toBe(`${arn}:2`);
    const first = await states.client.send(new DescribeStateMachineCommand({ stateMachineArn: `${arn}:1` }));
    expect(first).toMatchObject({
      description: "first",
      definition: JSON.stringify(says("one")),
      stateMachineArn: `${arn}:1`,
    });
    const page = await states.client.send(new ListStateMachineVersionsCommand({ stateMachineArn: arn, maxResults: 1 }));
    expect(page.stateMachineVersions).toMatchObject([{ stateMachineVersionArn: `${arn}:2` }]);
    const rest = await states.client.send(
      new ListStateMachineVersionsCommand({ stateMachineArn: arn, nextToken: page.nextToken }),
    );
    expect(rest.stateMachineVersions).toMatchObject([{ stateMachineVersionArn: `${arn}:1` }]);
  });

  it("publishes only the revision that was asked for", async () => {
    const arn = await states.create(says("one"));
    const described = () => states.client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    expect(await described()).not.toHaveProperty("revisionId");
    await publish(arn, { revisionId: "INITIAL" });
    await update(arn, "two");
    const { revisionId } = await described();
    await publish(arn, { revisionId });
    await update(arn, "three");
    await expect(publish(arn, { revisionId })).rejects.toMatchObject({
      name: "ConflictException",
      message: expect.stringMatching(
        `^Failed to publish the State Machine version for revision ${revisionId}\\. The current`,
      ),
    });
  });

  it("describes a version only where it publishes one", async () => {
    const definition = JSON.stringify(says("one"));
    const input = { name: "m", roleArn: ROLE, definition, versionDescription: "first" };
    await expect(states.client.send(new CreateStateMachineCommand(input))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Version description can only be set when publish is true",
    });
    const arn = await states.create(says("one"));
    await expect(update(arn, "two", { versionDescription: "second" })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("runs a version as it was published, and tells which", async () => {
    const arn = await twoVersions();
    const ended = await states.run(`${arn}:1`);
    expect(ended).toMatchObject({ output: '"one"', stateMachineArn: arn, stateMachineVersionArn: `${arn}:1` });
    expect(ended.stateMachineAliasArn).toBeUndefined();
    expect((await states.run(arn, {}, "unqualified")).stateMachineVersionArn).toBeUndefined();
    const { executions } = await states.client.send(new ListExecutionsCommand({ stateMachineArn: `${arn}:1` }));
    expect(executions).toMatchObject([{ name: "run", stateMachineVersionArn: `${arn}:1` }]);
  });

  it("sends an alias's executions to its versions by weight, and tells both ARNs", async () => {
    const arn = await twoVersions();
    const { stateMachineAliasArn } = await alias(arn, { 1: 0, 2: 100 });
    expect(stateMachineAliasArn).toBe(`${arn}:live`);
    const second = await states.run(`${arn}:live`);
    expect(second).toMatchObject({
      output: '"two"',
      stateMachineAliasArn: `${arn}:live`,
      stateMachineVersionArn: `${arn}:2`,
    });
    await states.client.send(
      new UpdateStateMachineAliasCommand({
        stateMachineAliasArn,
        routingConfiguration: [{ stateMachineVersionArn: `${arn}:1`, weight: 100 }],
      }),
    );
    expect(await states.run(`${arn}:live`, {}, "again")).toMatchObject({ stateMachineVersionArn: `${arn}:1` });
    const { executions } = await states.client.send(new ListExecutionsCommand({ stateMachineArn: `${arn}:live` }));
    expect(executions?.map(({ name }) => name).sort()).toEqual(["again", "run"]);
  });

  it("splits executions between two versions", async () => {
    const arn = await twoVersions();
    await alias(arn, { 1: 50, 2: 50 });
    const versions = new Set<string | undefined>();
    for (let n = 0; n < 60 && versions.size < 2; n++)
      versions.add((await states.run(`${arn}:live`, {}, `r${n}`)).stateMachineVersionArn);
    expect(versions).toEqual(new Set([`${arn}:1`, `${arn}:2`]));
  });

  it("creates the same alias once, and refuses another of its name", async () => {
    const arn = await twoVersions();
    await alias(arn, { 1: 100 });
    expect((await alias(arn, { 1: 100 })).stateMachineAliasArn).toBe(`${arn}:live`);
    await expect(alias(arn, { 2: 100 })).rejects.toMatchObject({
      name: "ConflictException",
      message:
        "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
    });
  });

  it.each<{ what: string; weights: Record<string, number>; name: string; message: unknown }>([
    {
      what: "weights that do not make 100",
      weights: { 1: 50, 2: 49 },
      name: "ValidationException",
      message: "Sum of routing configuration weights must equal 100. Received: [50, 49]",
    },
    {
      what: "a version that does not exist",
      weights: { 9: 100 },
      name: "ResourceNotFound",
      message: "Request references a resource that does not exist.",
    },
    {
      what: "three versions",
      weights: { 1: 50, 2: 25, 3: 25 },
      name: "ValidationException",
      message: expect.stringContaining("Member must have length less than or equal to 2"),
    },
  ])("refuses $what", async ({ weights, name, message }) => {
    const arn = await twoVersions();
    await expect(alias(arn, weights)).rejects.toMatchObject({ name, message });
  });

  it("refuses a name of digits only", async () => {
    const arn = await twoVersions();
    await expect(alias(arn, { 1: 100 }, "12")).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("keeps a version while an alias refers to it", async () => {
    const arn = await twoVersions();
    const { stateMachineAliasArn } = await alias(arn, { 1: 100 });
    const remove = () =>
      states.client.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: `${arn}:1` }));
    await expect(remove()).rejects.toMatchObject({
      name: "ConflictException",
      message: `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${arn}:live]`,
    });
    await states.client.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn }));
    await remove();
    await expect(states.client.send(new StartExecutionCommand({ stateMachineArn: `${arn}:1` }))).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
      message: `State Machine Does Not Exist: '${arn}:1'`,
    });
    await update(arn, "three", { publish: true });
    const { stateMachineVersions } = await states.client.send(
      new ListStateMachineVersionsCommand({ stateMachineArn: arn }),
    );
    expect(stateMachineVersions?.map((version) => version.stateMachineVersionArn)).toEqual([`${arn}:3`, `${arn}:2`]);
  });

  it("describes and lists aliases, all or a version's", async () => {
    const arn = await twoVersions();
    await alias(arn, { 1: 100 });
    await alias(arn, { 1: 20, 2: 80 }, "canary");
    const found = await states.client.send(
      new DescribeStateMachineAliasCommand({ stateMachineAliasArn: `${arn}:canary` }),
    );
    expect(found).toMatchObject({
      name: "canary",
      routingConfiguration: [
        { stateMachineVersionArn: `${arn}:1`, weight: 20 },
        { stateMachineVersionArn: `${arn}:2`, weight: 80 },
      ],
    });
    const listed = async (stateMachineArn: string) =>
      (await states.client.send(new ListStateMachineAliasesCommand({ stateMachineArn }))).stateMachineAliases
        ?.map(({ stateMachineAliasArn = "" }) => stateMachineAliasArn.slice(arn.length + 1))
        .sort();
    expect(await listed(arn)).toEqual(["canary", "live"]);
    expect(await listed(`${arn}:2`)).toEqual(["canary"]);
  });

  it("tells version and alias on the bus", async () => {
    const arn = await twoVersions();
    await alias(arn, { 2: 100 });
    const seen: unknown[] = [];
    states.home.ports.listen(({ detail }) => seen.push(detail));
    const { executionArn } = await states.run(`${arn}:live`);
    expect((await states.client.send(new DescribeExecutionCommand({ executionArn }))).status).toBe("SUCCEEDED");
    const both = { stateMachineVersionArn: `${arn}:2`, stateMachineAliasArn: `${arn}:live` };
    expect(seen).toMatchObject([
      { status: "RUNNING", ...both },
      { status: "SUCCEEDED", ...both, redriveStatus: "NOT_REDRIVABLE" },
    ]);
  });
});
