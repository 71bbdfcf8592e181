import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { dynamodb } from "../../../../local/services/dynamodb/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

describe("the dynamodb service", () => {
  let directory: string;
  let home: Home;
  let client: DynamoDBClient;
  const TableName = "claims";
  const open = async () => {
    home = await openHome({ directory, services: [dynamodb] });
    client = new DynamoDBClient(home.clientConfig());
  };
  beforeEach(async () => {
    directory = temporaryFolder("dynamodb");
    await open();
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
  });
  afterEach(() => home.close());
  const item = (sk: string, more = {}) => ({ pk: { S: "p" }, sk: { S: sk }, ...more });

  it("keeps what was acknowledged, binary and sets included, after the home is opened again", async () => {
    const Item = item("a", {
      bytes: { B: new Uint8Array([1, 2, 255]) },
      set: { SS: ["x", "y"] },
      deep: { M: { n: { N: "1.5" } } },
    });
    await client.send(new PutItemCommand({ TableName, Item }));
    await home.close();
    await open();
    expect((await client.send(new GetItemCommand({ TableName, Key: item("a") }))).Item).toEqual(Item);
  });

  it("refuses a put whose condition fails, showing the item when asked", async () => {
    await client.send(new PutItemCommand({ TableName, Item: item("a", { owner: { S: "first" } }) }));
    const put = new PutItemCommand({
      TableName,
      Item: item("a", { owner: { S: "second" } }),
      ConditionExpression: "attribute_not_exists(pk) OR #o = :me",
      ExpressionAttributeNames: { "#o": "owner" },
      ExpressionAttributeValues: { ":me": { S: "second" } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    await expect(client.send(put)).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: { owner: { S: "first" } },
    });
  });

  it("updates by expression and answers the new values", async () => {
    const update = new UpdateItemCommand({
      TableName,
      Key: item("a"),
      UpdateExpression: "SET #s = :s ADD runs :one",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "running" }, ":one": { N: "1" } },
      ReturnValues: "ALL_NEW",
    });
    await client.send(update);
    expect((await client.send(update)).Attributes).toEqual(item("a", { status: { S: "running" }, runs: { N: "2" } }));
  });

  it("queries a partition in order, both ways, by prefix and by page", async () => {
    for (const sk of ["t#2", "t#1", "u#1", "t#3"]) await client.send(new PutItemCommand({ TableName, Item: item(sk) }));
    await client.send(new PutItemCommand({ TableName, Item: { pk: { S: "other" }, sk: { S: "t#0" } } }));
    const query = (more: object) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :p AND begins_with(sk, :t)",
          ExpressionAttributeValues: { ":p": { S: "p" }, ":t": { S: "t#" } },
          ...more,
        }),
      );
    expect((await query({})).Items?.map(({ sk }) => sk?.S)).toEqual(["t#1", "t#2", "t#3"]);
    expect((await query({ ScanIndexForward: false })).Items?.map(({ sk }) => sk?.S)).toEqual(["t#3", "t#2", "t#1"]);
    const page = await query({ Limit: 2 });
    expect((await query({ ExclusiveStartKey: page.LastEvaluatedKey })).Items?.map(({ sk }) => sk?.S)).toEqual(["t#3"]);
  });

  it("deletes an item, and names a missing table as DynamoDB does", async () => {
    await client.send(new PutItemCommand({ TableName, Item: item("a") }));
    await client.send(new DeleteItemCommand({ TableName, Key: item("a") }));
    expect((await client.send(new GetItemCommand({ TableName, Key: item("a") }))).Item).toBeUndefined();
    await expect(client.send(new GetItemCommand({ TableName: "none", Key: item("a") }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
