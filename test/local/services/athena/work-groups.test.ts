import {
  BatchGetNamedQueryCommand,
  CreateNamedQueryCommand,
  CreateWorkGroupCommand,
  DeleteNamedQueryCommand,
  DeleteWorkGroupCommand,
  GetNamedQueryCommand,
  GetPreparedStatementCommand,
  GetWorkGroupCommand,
  ListEngineVersionsCommand,
  ListNamedQueriesCommand,
  ListTagsForResourceCommand,
  ListWorkGroupsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateNamedQueryCommand,
  UpdateWorkGroupCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenAthena, openAthena } from "./open-athena.ts";

let athena: OpenAthena;
beforeAll(async () => {
  athena = await openAthena();
});
afterAll(() => athena.close());

const ENGINE = "Athena engine version 3";
const arn = (name: string) => `arn:aws:athena:us-east-1:000000000000:workgroup/${name}`;
/** As a template makes a resource; answers what Ref and Fn::GetAtt do. */
const made = async (type: string, properties: object) => {
  const resource = athena.home.resourceTypes.get(type);
  if (resource === undefined) throw new Error(`${type} is not there`);
  const context = { stackName: "s", logicalId: "L", generateName: () => "s-L-1" };
  return { resource, context, state: await resource.create(properties, context) };
};

describe("a workgroup", () => {
  it("is changed setting by setting, and described with its engine", async () => {
    const { client } = athena;
    const ResultConfiguration = { OutputLocation: "s3://results/a/" };
    const Configuration = { ResultConfiguration, BytesScannedCutoffPerQuery: 20_000_000 };
    await client.send(new CreateWorkGroupCommand({ Name: "changing", Description: "one", Configuration }));
    await client.send(
      new UpdateWorkGroupCommand({
        WorkGroup: "changing",
        State: "DISABLED",
        ConfigurationUpdates: {
          RemoveBytesScannedCutoffPerQuery: true,
          EnforceWorkGroupConfiguration: false,
          ResultConfigurationUpdates: { EncryptionConfiguration: { EncryptionOption: "SSE_S3" } },
        },
      }),
    );
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: "changing" }));
    expect(WorkGroup).toMatchObject({ Name: "changing", Description: "one", State: "DISABLED" });
    expect(WorkGroup?.Configuration).toEqual({
      EnforceWorkGroupConfiguration: false,
      EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: ENGINE },
      ResultConfiguration: { ...ResultConfiguration, EncryptionConfiguration: { EncryptionOption: "SSE_S3" } },
    });
    const { WorkGroups } = await client.send(new ListWorkGroupsCommand({ MaxResults: 1 }));
    expect(WorkGroups?.[0]).toMatchObject({ Name: "primary", EngineVersion: { EffectiveEngineVersion: ENGINE } });
    const { EngineVersions } = await client.send(new ListEngineVersionsCommand({}));
    expect(EngineVersions?.map(({ SelectedEngineVersion }) => SelectedEngineVersion)).toEqual(["AUTO", ENGINE]);
  });

  it("keeps the tags a client or a template gives it", async () => {
    const { client } = athena;
    const tagsOf = async (name: string) =>
      (await client.send(new ListTagsForResourceCommand({ ResourceARN: arn(name) }))).Tags;
    await client.send(new CreateWorkGroupCommand({ Name: "tagged", Tags: [{ Key: "team", Value: "ml" }] }));
    await client.send(new TagResourceCommand({ ResourceARN: arn("tagged"), Tags: [{ Key: "a", Value: "" }] }));
    expect(await tagsOf("tagged")).toEqual([
      { Key: "a", Value: "" },
      { Key: "team", Value: "ml" },
    ]);
    await client.send(new UntagResourceCommand({ ResourceARN: arn("tagged"), TagKeys: ["a"] }));
    expect(await tagsOf("tagged")).toEqual([{ Key: "team", Value: "ml" }]);
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    const tooMany = client.send(new TagResourceCommand({ ResourceARN: arn("tagged"), Tags }));
    await expect(tooMany).rejects.toMatchObject({ name: "InvalidRequestException", message: /51 tags/ });
    expect(await tagsOf("tagged")).toHaveLength(1);
    await made("AWS::Athena::WorkGroup", { Name: "templated", Tags: [{ Key: "cost", Value: 7 }] });
    expect(await tagsOf("templated")).toEqual([{ Key: "cost", Value: "7" }]);
    await expect(tagsOf("none")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("is deleted when nothing is in it, or with all that is", async () => {
    const { client } = athena;
    const WorkGroup = "full";
    await client.send(new CreateWorkGroupCommand({ Name: WorkGroup, Tags: [{ Key: "a", Value: "b" }] }));
    const query = { Name: "q", Database: "shop", QueryString: "SELECT 1", WorkGroup };
    const { NamedQueryId } = await client.send(new CreateNamedQueryCommand(query));
    await expect(client.send(new DeleteWorkGroupCommand({ WorkGroup }))).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: "WorkGroup full is not empty",
    });
    await client.send(new DeleteWorkGroupCommand({ WorkGroup, RecursiveDeleteOption: true }));
    await expect(client.send(new GetNamedQueryCommand({ NamedQueryId }))).rejects.toMatchObject({
      message: `NamedQuery ${NamedQueryId} was not found`,
    });
    await client.send(new CreateWorkGroupCommand({ Name: WorkGroup }));
    expect((await client.send(new ListTagsForResourceCommand({ ResourceARN: arn(WorkGroup) }))).Tags).toEqual([]);
  });
});

describe("a named query", () => {
  it("is kept, changed, listed by workgroup and deleted", async () => {
    const { client } = athena;
    const query = { Name: "all", Database: "shop", QueryString: "SELECT 1", WorkGroup: "wg", Description: "of all" };
    const ids: string[] = [];
    for (let count = 0; count < 3; count++)
      ids.push((await client.send(new CreateNamedQueryCommand(query))).NamedQueryId ?? "");
    const [NamedQueryId = "", second = "", third = ""] = ids;
    const QueryString = "SELECT 2";
    await client.send(new UpdateNamedQueryCommand({ NamedQueryId, Name: "two", QueryString }));
    const got = await client.send(new GetNamedQueryCommand({ NamedQueryId }));
    expect(got.NamedQuery).toEqual({ NamedQueryId, Name: "two", Database: "shop", QueryString, WorkGroup: "wg" });
    const page = await client.send(new ListNamedQueriesCommand({ WorkGroup: "wg", MaxResults: 2 }));
    const rest = await client.send(new ListNamedQueriesCommand({ WorkGroup: "wg", NextToken: page.NextToken }));
    expect([page.NamedQueryIds, rest.NamedQueryIds]).toEqual([[NamedQueryId, second], [third]]);
    await client.send(new DeleteNamedQueryCommand({ NamedQueryId: third }));
    const batch = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds: [second, third] }));
    expect(batch.NamedQueries).toEqual([{ ...query, NamedQueryId: second }]);
    expect(batch.UnprocessedNamedQueryIds).toMatchObject([{ NamedQueryId: third }]);
    expect((await client.send(new ListNamedQueriesCommand({}))).NamedQueryIds).toEqual([]);
  });
});

describe("a template", () => {
  it("makes named queries and prepared statements", async () => {
    const { client } = athena;
    const text = { Database: "shop", QueryString: "SELECT 1", WorkGroup: "wg" };
    const named = await made("AWS::Athena::NamedQuery", text);
    const got = await client.send(new GetNamedQueryCommand({ NamedQueryId: named.state.physicalId }));
    expect(got.NamedQuery).toMatchObject({ ...text, Name: "s-L-1" });
    const prepared = { StatementName: "of_template", WorkGroup: "wg", QueryStatement: "SELECT ?" };
    const { resource, state, context } = await made("AWS::Athena::PreparedStatement", prepared);
    await resource.update?.({ ...prepared, QueryStatement: "SELECT ?, 1" }, state, context, prepared);
    const asked = new GetPreparedStatementCommand({ WorkGroup: "wg", StatementName: "of_template" });
    expect((await client.send(asked)).PreparedStatement?.QueryStatement).toBe("SELECT ?, 1");
    expect((await athena.rows("EXECUTE of_template USING 5"))[1]).toEqual(["5", "1"]);
    await resource.delete(state, context);
    await expect(client.send(asked)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("a query that asks for results used again", () => {
  it("runs anew, and says so beside what was asked", async () => {
    const ResultReuseConfiguration = { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } };
    for (let count = 0; count < 2; count++) {
      const query = await athena.run("SELECT 1 AS x", { ResultReuseConfiguration });
      expect(query.ResultReuseConfiguration).toEqual(ResultReuseConfiguration);
      expect(query.Statistics?.ResultReuseInformation).toEqual({ ReusedPreviousResult: false });
    }
  });
});
