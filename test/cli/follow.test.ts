/** What is told of an execution while it is followed. */
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { follow } from "../../cli/follow.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { dynamodb } from "../../local/services/dynamodb/index.ts";
import { StatesHome } from "../local/services/states/states-home.ts";

const home = new StatesHome([dynamodb]);
beforeAll(async () => {
  await home.open();
  const client = new DynamoDBClient(home.home.clientConfig());
  await client.send(
    new CreateTableCommand({
      TableName: "claims",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    }),
  );
});
afterAll(() => home.close());

/** A claim under a condition that never holds, or (`TableName`) that cannot be asked. */
const claim = (TableName: string, more: object) => ({
  StartAt: "Claim",
  States: {
    Claim: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:putItem",
      Parameters: { TableName, Item: { pk: { S: "a" } }, ConditionExpression: "attribute_exists(pk)" },
      ...more,
    },
    ...("Next" in more && { Held: { Type: "Succeed" } }),
  },
});

async function told(name: string, definition: object): Promise<string[]> {
  const stateMachineArn = await home.create(definition, { name });
  const { executionArn = "" } = await home.client.send(new StartExecutionCommand({ stateMachineArn }));
  const lines: string[] = [];
  const terminal = { ...createTerminal(process.stderr), line: (text: string) => void lines.push(text) };
  await follow(home.client, executionArn, terminal);
  return lines.map((line) =>
    line
      .replaceAll(/\d+\.\d s/g, "N s")
      .replaceAll(/ +/g, " ")
      .trim(),
  );
}

describe("a claim that another holds", () => {
  const Catch = [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "Held" }];

  it("reads as the step's answer where the workflow has one for it", async () => {
    expect(await told("caught", claim("claims", { Catch, Next: "Held" }))).toEqual([
      "✓ Claim N s its condition did not hold",
      "✓ Held N s",
    ]);
  });

  it("reads as a failure where it has none, and each time it is tried again", async () => {
    const failure = expect.stringMatching(
      /^✗ DynamoDB\.ConditionalCheckFailedException: The conditional request failed/,
    );
    expect(await told("uncaught", claim("claims", { End: true }))).toEqual([failure]);
    const Retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1, IntervalSeconds: 1 }];
    expect(await told("retried", claim("claims", { Retry, End: true }))).toEqual([failure, failure]);
  });

  it("is not taken for a claim that could not be asked for", async () => {
    const lines = await told(
      "missing",
      claim("none", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Held" }], Next: "Held" }),
    );
    expect(lines).toEqual([
      expect.stringMatching(/^✗ DynamoDB\.ResourceNotFoundException: /),
      "✗ Claim N s failed, caught",
      "✓ Held N s",
    ]);
  });
});
