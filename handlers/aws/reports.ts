/** Which failures were told of, in the lifecycle table, so that an event delivered twice is told once. Loaded when first used. */
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});
const WEEK_SECONDS = 7 * 24 * 3600;

const keyOf = (executionArn: string, redriveCount: number) => ({
  pk: { S: `EXECUTION#${executionArn}` },
  sk: { S: `REPORTED#${redriveCount}` },
});

/** Marks a failure as told of; false where it was before. */
export async function markReported(TableName: string, executionArn: string, redriveCount: number): Promise<boolean> {
  const expiresAt = { N: `${Math.floor(Date.now() / 1000) + WEEK_SECONDS}` };
  const Item = { ...keyOf(executionArn, redriveCount), expiresAt };
  try {
    await client.send(new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

/** Takes the mark back. */
export async function forgetReport(TableName: string, executionArn: string, redriveCount: number): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName, Key: keyOf(executionArn, redriveCount) }));
}
