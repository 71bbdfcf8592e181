import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { dynamodb } from "../../../../local/services/dynamodb/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

describe("DynamoDB transactions", () => {
  let directory: string;
  let home: Home;
  let client: DynamoDBClient;
  const TableName = "accounts";
  const key = (pk: string) => ({ pk: { S: pk } });
  const held = async (pk: string) => (await client.send(new GetItemCommand({ TableName, Key: key(pk) }))).Item?.held?.N;
  const put = (pk: string, amount: number) =>
    client.send(new PutItemCommand({ TableName, Item: { ...key(pk), held: { N: String(amount) } } }));
  const move = (from: string, to: string, amount: string): TransactWriteItemsCommandInput => ({
    TransactItems: [
      {
        Update: {
          TableName,
          Key: key(from),
          UpdateExpression: "SET held = held - :amount",
          ConditionExpression: "held >= :amount",
          ExpressionAttributeValues: { ":amount": { N: amount } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      {
        Update: {
          TableName,
          Key: key(to),
          UpdateExpression: "SET held = held + :amount",
          ExpressionAttributeValues: { ":amount": { N: amount } },
        },
      },
    ],
  });
  beforeEach(async () => {
    directory = temporaryFolder("dynamodb");
    home = await openHome({ directory, services: [dynamodb] });
    client = new DynamoDBClient(home.clientConfig());
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      }),
    );
    await put("a", 10);
    await put("b", 0);
  });
  afterEach(() => home.close());

  it("does all of a transaction's writes", async () => {
    await client.send(new TransactWriteItemsCommand(move("a", "b", "4")));
    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: ["a", "b", "none"].map((pk) => ({ Get: { TableName, Key: key(pk) } })),
      }),
    );
    expect(Responses?.map(({ Item }) => Item?.held?.N)).toEqual(["6", "4", undefined]);
  });

  it("does none of them when one condition fails, and says which and what it met", async () => {
    const { TransactItems = [] } = move("a", "b", "11");
    const refused = client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems.toReversed() }));
    const error = await refused.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: { held: { N: "10" } } },
      ],
    });
    expect([await held("a"), await held("b")]).toEqual(["10", "0"]);
  });

  it("checks a condition without touching the item", async () => {
    const check = (amount: string) => ({
      ConditionCheck: {
        TableName,
        Key: key("a"),
        ConditionExpression: "held = :amount",
        ExpressionAttributeValues: { ":amount": { N: amount } },
      },
    });
    const Put = { TableName, Item: key("c") };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [check("10"), { Put }] }));
    expect(await held("a")).toBe("10");
    await expect(
      client.send(
        new TransactWriteItemsCommand({ TransactItems: [check("9"), { Delete: { TableName, Key: key("c") } }] }),
      ),
    ).rejects.toThrow("[ConditionalCheckFailed, None]");
    expect((await client.send(new GetItemCommand({ TableName, Key: key("c") }))).Item).toEqual(key("c"));
  });

  it("does a request once under one client token, and refuses another request under it", async () => {
    const ClientRequestToken = "first-of-the-month";
    await client.send(new TransactWriteItemsCommand({ ...move("a", "b", "4"), ClientRequestToken }));
    await client.send(new TransactWriteItemsCommand({ ...move("a", "b", "4"), ClientRequestToken }));
    expect(await held("a")).toBe("6");
    await expect(
      client.send(new TransactWriteItemsCommand({ ...move("a", "b", "5"), ClientRequestToken })),
    ).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
  });

  it("forgets the token of a transaction that was cancelled", async () => {
    const ClientRequestToken = "may-be-tried-again";
    const request = new TransactWriteItemsCommand({ ...move("b", "a", "5"), ClientRequestToken });
    await expect(client.send(request)).rejects.toThrow("ConditionalCheckFailed");
    await put("b", 5);
    await client.send(request);
    expect(await held("a")).toBe("15");
  });

  it.each([
    ["no action", [], "Member must have length greater than or equal to 1"],
    [
      "too many",
      Array.from({ length: 101 }, (_, index) => ({ Put: { TableName, Item: key(String(index)) } })),
      "Member must have length less than or equal to 100",
    ],
    [
      "two kinds in one",
      [{ Put: { TableName, Item: key("x") }, Delete: { TableName, Key: key("y") } }],
      "only contain one of",
    ],
    [
      "one item twice",
      [{ Put: { TableName, Item: key("x") } }, { Delete: { TableName, Key: key("x") } }],
      "cannot include multiple operations on one item",
    ],
    [
      "a malformed expression",
      [{ Delete: { TableName, Key: key("x"), ConditionExpression: "((" } }],
      "Invalid ConditionExpression",
    ],
  ])("refuses %s", async (_, TransactItems, message) => {
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toThrow(message);
  });

  it("cancels on a key that does not fit the table, with the reason", async () => {
    const Put = { TableName, Item: { pk: { N: "1" } } };
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }))).rejects.toMatchObject({
      CancellationReasons: [{ Code: "ValidationError" }],
    });
  });

  it("refuses a table that is not there", async () => {
    const Put = { TableName: "none", Item: key("x") };
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
