/**
 * Task tokens that wait for something outside, in the lifecycle table. Loaded when first used.
 *
 * `pk` names what is awaited (`CRAWLER#name`, `ENDPOINT#name`), `sk` is a digest of the token; `expiresAt` is in epoch seconds.
 */
import { createHash } from "node:crypto";
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { TokenState, TokenStore, WaitingToken } from "../tokens/token-store.ts";

const client = new DynamoDBClient({});
const WEEK_SECONDS = 7 * 24 * 3600;

/** The tokens kept in the table `TableName`. */
export function tokenTable(TableName: string): TokenStore {
  const keyOf = (awaited: string, token: string) => ({
    pk: { S: awaited },
    sk: { S: `TOKEN#${createHash("sha256").update(token).digest("hex").slice(0, 32)}` },
  });
  return {
    async put({ awaited, token, state, detail }) {
      const expiresAt = Math.floor(Date.now() / 1000) + WEEK_SECONDS;
      const Item = {
        ...keyOf(awaited, token),
        token: { S: token },
        state: { S: state },
        detail: { S: detail },
        expiresAt: { N: `${expiresAt}` },
      };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
    async move(awaited, token, state) {
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(awaited, token),
            UpdateExpression: "SET #state = :state",
            ConditionExpression: "attribute_exists(pk)",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":state": { S: state } },
            ReturnValues: "ALL_OLD",
          }),
        );
        return stateOf(Attributes);
      } catch (error) {
        if (error instanceof Error && error.name === "ConditionalCheckFailedException") return undefined;
        throw error;
      }
    },
    async list(awaited) {
      const { Items } = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
          ExpressionAttributeValues: { ":pk": { S: awaited }, ":sk": { S: "TOKEN#" } },
        }),
      );
      return (Items ?? []).flatMap((item) => waiting(awaited, item));
    },
    async remove(awaited, token) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(awaited, token) }));
    },
  };
}

function waiting(awaited: string, item: Record<string, AttributeValue>): WaitingToken[] {
  const state = stateOf(item);
  const token = item.token?.S;
  if (state === undefined || token === undefined) return [];
  return [{ awaited, token, state, detail: item.detail?.S ?? "" }];
}

function stateOf(item: Record<string, AttributeValue> | undefined): TokenState | undefined {
  const state = item?.state?.S;
  return state === "starting" || state === "started" || state === "queued" || state === "seen" ? state : undefined;
}
