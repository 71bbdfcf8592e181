/** Tables of a template: what they are made of, and what of it changes in place. */
import * as db from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { applyAssembly } from "../../../../local/index.ts";
import { dynamodb } from "../../../../local/services/dynamodb/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { writeAssembly } from "../../assembly/sample-assembly.ts";

let home: Home;
let client: db.DynamoDBClient;

beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("tables"), services: [dynamodb] });
  client = new db.DynamoDBClient(home.clientConfig());
});
afterAll(() => home.close());

const TableName = "orders";
const key = (AttributeName: string) => ({ KeySchema: [{ AttributeName, KeyType: "HASH" }] });
const index = (by: string) => ({ IndexName: `by-${by}`, ...key(by), Projection: { ProjectionType: "ALL" } });
const table = (indexed: string[], rest: object = {}, Type = "AWS::DynamoDB::Table") => ({
  Type,
  Properties: {
    TableName,
    ...key("id"),
    AttributeDefinitions: ["id", ...indexed].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    ...(indexed.length > 0 && { GlobalSecondaryIndexes: indexed.map(index) }),
    BillingMode: "PAY_PER_REQUEST",
    ...rest,
  },
});
const up = (Table?: object) =>
  applyAssembly({
    directory: writeAssembly({ app: { Resources: { ...(Table && { Table }) } } }),
    home: home.ports,
    resourceTypes: home.resourceTypes,
  });
const described = async () => (await client.send(new db.DescribeTableCommand({ TableName }))).Table;
const foundBy = async (by: string, value: string) => {
  const { Items = [] } = await client.send(
    new db.QueryCommand({
      TableName,
      IndexName: `by-${by}`,
      KeyConditionExpression: "#by = :value",
      ExpressionAttributeNames: { "#by": by },
      ExpressionAttributeValues: { ":value": { S: value } },
    }),
  );
  return Items.map(({ id }) => id?.S).toSorted();
};

beforeEach(async () => {
  await up();
});

describe("a table's indexes", () => {
  it("come and go in place, filled with the items that are there", async () => {
    await up(table(["owner"]));
    for (const id of ["1", "2", "3"]) {
      const Item = { id: { S: id }, owner: { S: "ann" }, ...(id !== "3" && { state: { S: "new" } }) };
      await client.send(new db.PutItemCommand({ TableName, Item }));
    }
    const { updated } = await up(table(["owner", "state"]));
    expect(updated).toMatchObject([{ action: "updated", physicalId: TableName }]);
    expect(await foundBy("state", "new")).toEqual(["1", "2"]);
    expect(await foundBy("owner", "ann")).toEqual(["1", "2", "3"]);

    await up(table(["state"]));
    expect((await described())?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(["by-state"]);
    await expect(foundBy("owner", "ann")).rejects.toThrow("index");
    await client.send(new db.DeleteItemCommand({ TableName, Key: { id: { S: "1" } } }));
    expect(await foundBy("state", "new")).toEqual(["2"]);
  });

  it("do not change their keys under their name", async () => {
    await up(table(["owner"]));
    const other = { ...index("owner"), ...key("state") };
    await expect(up(table(["owner", "state"], { GlobalSecondaryIndexes: [other] }))).rejects.toThrow(
      "You can create a new GSI with a different name. (by-owner)",
    );
  });
});

it("a table is replaced when its key's type changes", async () => {
  await up(table([], { TableName: undefined }));
  const AttributeDefinitions = [{ AttributeName: "id", AttributeType: "N" }];
  const { updated } = await up(table([], { TableName: undefined, AttributeDefinitions }));
  expect(updated).toMatchObject([{ action: "replaced" }]);
});

describe("deletion protection", () => {
  it("keeps the table from whoever deletes it, until it is off", async () => {
    await up(table([], { DeletionProtectionEnabled: true }));
    expect((await described())?.DeletionProtectionEnabled).toBe(true);
    await expect(client.send(new db.DeleteTableCommand({ TableName }))).rejects.toThrow("protected against deletion");
    await up();
    expect((await described())?.TableStatus).toBe("ACTIVE");

    const { TableDescription } = await client.send(
      new db.UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }),
    );
    expect(TableDescription?.DeletionProtectionEnabled).toBe(false);
    await client.send(new db.DeleteTableCommand({ TableName }));
  });

  it("is asked for when a table is made, too", async () => {
    const AttributeDefinitions = [{ AttributeName: "id", AttributeType: "S" as const }];
    const KeySchema = [{ AttributeName: "id", KeyType: "HASH" as const }];
    const made = { TableName: "made", AttributeDefinitions, KeySchema, BillingMode: "PAY_PER_REQUEST" as const };
    await client.send(new db.CreateTableCommand({ ...made, DeletionProtectionEnabled: true }));
    await expect(client.send(new db.DeleteTableCommand({ TableName: "made" }))).rejects.toThrow("protected");
  });
});

describe("a global table", () => {
  const global = (...Replicas: object[]) => table(["owner"], { Replicas }, "AWS::DynamoDB::GlobalTable");

  it("is a table with its replica's settings", async () => {
    const Tags = [{ Key: "team", Value: "ml" }];
    const made = global({ Region: { Ref: "AWS::Region" }, DeletionProtectionEnabled: true, Tags });
    await up(made);
    const shown = await described();
    expect(shown?.DeletionProtectionEnabled).toBe(true);
    const tags = () => client.send(new db.ListTagsOfResourceCommand({ ResourceArn: shown?.TableArn }));
    expect((await tags()).Tags).toEqual(Tags);
    await up(global({ Region: { Ref: "AWS::Region" } }));
    expect((await tags()).Tags ?? []).toEqual([]);
  });

  it.each([
    { what: "another region", replicas: [{ Region: "eu-west-3" }] },
    { what: "two regions", replicas: [{ Region: "us-east-1" }, { Region: "eu-west-3" }] },
  ])("is refused in $what before anything is made", async ({ replicas }) => {
    await expect(up(global(...replicas))).rejects.toThrow(
      "AWS::DynamoDB::GlobalTable Table in app: Replicas: a table has one replica here, in us-east-1",
    );
  });
});
