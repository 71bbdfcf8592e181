/** Tags are kept wherever a client or a template can put them, each service in its own words. */
import {
  CreateTableCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand as TagTableCommand,
  UntagResourceCommand as UntagTableCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  GetTagsCommand,
  GlueClient,
  TagResourceCommand as TagGlueCommand,
  UntagResourceCommand as UntagGlueCommand,
} from "@aws-sdk/client-glue";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  TagPolicyCommand,
  TagRoleCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
} from "@aws-sdk/client-iam";
import {
  CreateTopicCommand,
  ListTagsForResourceCommand as ListTopicTagsCommand,
  SNSClient,
  TagResourceCommand as TagTopicCommand,
  UntagResourceCommand as UntagTopicCommand,
} from "@aws-sdk/client-sns";
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterHistoryCommand,
  ListTagsForResourceCommand as ListParameterTagsCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../local/home.ts";
import { dynamodb } from "../../../local/services/dynamodb/index.ts";
import { glue } from "../../../local/services/glue/index.ts";
import { iam } from "../../../local/services/iam/index.ts";
import { s3 } from "../../../local/services/s3/index.ts";
import { sns } from "../../../local/services/sns/index.ts";
import { ssm } from "../../../local/services/ssm/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const ACCOUNT = "000000000000";
const TRUST = { Version: "2012-10-17", Statement: [] };
let home: Home;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("tags"), services: [iam, ssm, s3, dynamodb, sns, glue] });
  await home.start();
});
afterAll(() => home.close());

interface Tagged {
  /** Gives it team=ml. */
  create(): Promise<unknown>;
  /** Adds stage=test. */
  tag(): Promise<unknown>;
  /** Takes team away. */
  untag(): Promise<unknown>;
  list(): Promise<Record<string, string | undefined>>;
  template?: { type: string; properties: object; tags(given: Record<string, string>): unknown };
}

const pairs = (map: Record<string, string>) => Object.entries(map).map(([Key, Value]) => ({ Key, Value }));
const mapOf = (tags: { Key?: string | undefined; Value?: string | undefined }[] = []) =>
  Object.fromEntries(tags.map(({ Key = "", Value }) => [Key, Value]));
const [TEAM, STAGE] = [pairs({ team: "ml" }), pairs({ stage: "test" })];

const KINDS: Record<string, (name: string) => Tagged> = {
  "an SSM parameter"(Name) {
    const client = new SSMClient(home.clientConfig());
    const resource = { ResourceType: "Parameter" as const, ResourceId: Name };
    return {
      create: () => client.send(new PutParameterCommand({ Name, Value: "v", Type: "String", Tags: TEAM })),
      tag: () => client.send(new AddTagsToResourceCommand({ ...resource, Tags: STAGE })),
      untag: () => client.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ["team"] })),
      list: async () => mapOf((await client.send(new ListParameterTagsCommand(resource))).TagList),
      template: {
        type: "AWS::SSM::Parameter",
        properties: { Name, Type: "String", Value: "v" },
        tags: (given) => given,
      },
    };
  },
  "a role"(RoleName) {
    const client = new IAMClient(home.clientConfig());
    const create = { RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST), Tags: TEAM };
    return {
      create: () => client.send(new CreateRoleCommand(create)),
      tag: () => client.send(new TagRoleCommand({ RoleName, Tags: STAGE })),
      untag: () => client.send(new UntagRoleCommand({ RoleName, TagKeys: ["team"] })),
      async list() {
        const { Tags } = await client.send(new ListRoleTagsCommand({ RoleName }));
        expect((await client.send(new GetRoleCommand({ RoleName }))).Role?.Tags ?? []).toEqual(Tags);
        return mapOf(Tags);
      },
      template: { type: "AWS::IAM::Role", properties: { RoleName, AssumeRolePolicyDocument: TRUST }, tags: pairs },
    };
  },
  "a managed policy"(PolicyName) {
    const client = new IAMClient(home.clientConfig());
    const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/${PolicyName}`;
    const create = { PolicyName, PolicyDocument: JSON.stringify(TRUST), Tags: TEAM };
    return {
      create: () => client.send(new CreatePolicyCommand(create)),
      tag: () => client.send(new TagPolicyCommand({ PolicyArn, Tags: STAGE })),
      untag: () => client.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ["team"] })),
      list: async () => mapOf((await client.send(new ListPolicyTagsCommand({ PolicyArn }))).Tags),
    };
  },
  "a topic"(Name) {
    const client = new SNSClient(home.clientConfig());
    const ResourceArn = `arn:aws:sns:us-east-1:${ACCOUNT}:${Name}`;
    return {
      create: () => client.send(new CreateTopicCommand({ Name, Tags: TEAM })),
      tag: () => client.send(new TagTopicCommand({ ResourceArn, Tags: STAGE })),
      untag: () => client.send(new UntagTopicCommand({ ResourceArn, TagKeys: ["team"] })),
      list: async () => mapOf((await client.send(new ListTopicTagsCommand({ ResourceArn }))).Tags),
      template: { type: "AWS::SNS::Topic", properties: { TopicName: Name }, tags: pairs },
    };
  },
  "a table"(TableName) {
    const client = new DynamoDBClient(home.clientConfig());
    const ResourceArn = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${TableName}`;
    const keys = {
      TableName,
      KeySchema: [{ AttributeName: "k", KeyType: "HASH" as const }],
      AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" as const }],
    };
    return {
      create: () => client.send(new CreateTableCommand({ ...keys, BillingMode: "PAY_PER_REQUEST", Tags: TEAM })),
      tag: () => client.send(new TagTableCommand({ ResourceArn, Tags: STAGE })),
      untag: () => client.send(new UntagTableCommand({ ResourceArn, TagKeys: ["team"] })),
      list: async () => mapOf((await client.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags),
      template: { type: "AWS::DynamoDB::Table", properties: keys, tags: pairs },
    };
  },
  "a crawler"(Name) {
    const client = new GlueClient(home.clientConfig());
    const ResourceArn = `arn:aws:glue:us-east-1:${ACCOUNT}:crawler/${Name}`;
    const crawler = { Name, Role: "r", DatabaseName: "d", Targets: { S3Targets: [{ Path: "s3://b/p/" }] } };
    return {
      create: () => client.send(new CreateCrawlerCommand({ ...crawler, Tags: { team: "ml" } })),
      tag: () => client.send(new TagGlueCommand({ ResourceArn, TagsToAdd: { stage: "test" } })),
      untag: () => client.send(new UntagGlueCommand({ ResourceArn, TagsToRemove: ["team"] })),
      list: async () => (await client.send(new GetTagsCommand({ ResourceArn }))).Tags ?? {},
      template: { type: "AWS::Glue::Crawler", properties: crawler, tags: (given) => given },
    };
  },
  "a database of the catalog"(Name) {
    const client = new GlueClient(home.clientConfig());
    const ResourceArn = `arn:aws:glue:us-east-1:${ACCOUNT}:database/${Name}`;
    return {
      create: () => client.send(new CreateDatabaseCommand({ DatabaseInput: { Name }, Tags: { team: "ml" } })),
      tag: () => client.send(new TagGlueCommand({ ResourceArn, TagsToAdd: { stage: "test" } })),
      untag: () => client.send(new UntagGlueCommand({ ResourceArn, TagsToRemove: ["team"] })),
      list: async () => (await client.send(new GetTagsCommand({ ResourceArn }))).Tags ?? {},
    };
  },
};

describe.each(Object.entries(KINDS))("%s", (_kind, make) => {
  it("keeps its tags from creation, adds and drops them", async () => {
    const tagged = make("made-by-client");
    await tagged.create();
    expect(await tagged.list()).toEqual({ team: "ml" });
    await tagged.tag();
    expect(await tagged.list()).toEqual({ team: "ml", stage: "test" });
    await tagged.untag();
    expect(await tagged.list()).toEqual({ stage: "test" });
  });

  it("has none that is not there", async () => {
    await expect(make("not-there").list()).rejects.toThrow();
  });

  it("has the tags of its template, all and no more, until it is deleted", async () => {
    const tagged = make("made-by-template");
    const { type, properties, tags } = tagged.template ?? {};
    if (type === undefined || tags === undefined) return;
    const resource = home.resourceTypes.get(type);
    if (resource === undefined) throw new Error(`${type} is not there`);
    const context = { stackName: "s", logicalId: "L", generateName: () => "generated" };
    const before = { ...properties, Tags: tags({ a: "1", b: "2" }) };
    const state = await resource.create(before, context);
    expect(await tagged.list()).toEqual({ a: "1", b: "2" });
    await tagged.tag();
    await resource.update?.({ ...properties, Tags: tags({ a: "3" }) }, state, context, before);
    expect(await tagged.list()).toEqual({ a: "3" });
    await resource.delete(state, context);
    await resource.create(properties, context);
    expect(await tagged.list()).toEqual({});
  });
});

describe("parameters", () => {
  it("are found by what they are called, where they lie and how they are tagged; their versions are kept", async () => {
    const client = new SSMClient(home.clientConfig());
    const put = (Name: string, Value: string, more = {}) =>
      client.send(new PutParameterCommand({ Name, Value, Type: "String", ...more }));
    await put("/app/a", "1", { Tags: TEAM });
    await put("/app/deep/b", "1");
    await put("/app/a", "2", { Overwrite: true });
    const found = async (Key: string, Option: string | undefined, ...Values: string[]) => {
      const ParameterFilters = [{ Key, Option, Values }];
      const { Parameters } = await client.send(new DescribeParametersCommand({ ParameterFilters }));
      return Parameters?.map(({ Name }) => Name);
    };
    expect(await found("Name", "Equals", "/app/a")).toEqual(["/app/a"]);
    expect(await found("Name", "BeginsWith", "/app/")).toEqual(["/app/a", "/app/deep/b"]);
    expect(await found("Name", "Contains", "deep")).toEqual(["/app/deep/b"]);
    expect(await found("Path", undefined, "/app")).toEqual(["/app/a"]);
    expect(await found("Path", "Recursive", "/app")).toEqual(["/app/a", "/app/deep/b"]);
    expect(await found("tag:team", undefined, "ml")).toEqual(["/app/a"]);
    await expect(found("Colour", undefined, "red")).rejects.toMatchObject({ name: "InvalidFilterKey" });
    await expect(found("Type", "BeginsWith", "S")).rejects.toMatchObject({ name: "InvalidFilterOption" });
    await expect(put("/app/a", "3", { Overwrite: true, Tags: TEAM })).rejects.toMatchObject({
      name: "ValidationException",
      message: /tags and overwrite can't be used together/,
    });
    const history = await client.send(new GetParameterHistoryCommand({ Name: "/app/a" }));
    expect(history.Parameters?.map(({ Version, Value }) => [Version, Value])).toEqual([
      [1, "1"],
      [2, "2"],
    ]);
    await client.send(new DeleteParameterCommand({ Name: "/app/a" }));
    await expect(client.send(new GetParameterHistoryCommand({ Name: "/app/a" }))).rejects.toMatchObject({
      name: "ParameterNotFound",
    });
  });
});
