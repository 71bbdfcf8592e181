/** Who works, or worked, on a data version, in the lifecycle table. Loaded when first used. */
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

/**
 * `timesSuperseded`: how often an execution left the version without a result, because another had replaced it. `since`: when
 * the version failed, or, where it has not, was claimed.
 */
export type Claim = Readonly<{ status: string; timesSuperseded: number; since: string }>;

/** What the workflow data-product-update wrote of this version of the product; undefined where none ever looked at it. */
export async function readClaim(TableName: string, product: string, dataVersion: string): Promise<Claim | undefined> {
  const Key = { pk: { S: `PRODUCT#${product}` }, sk: { S: `VERSION#${dataVersion}` } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  if (Item === undefined) return undefined;
  const status = Item.status?.S ?? "";
  const since = (status === "FAILED" ? Item.failedAt : Item.claimedAt)?.S ?? "";
  return { status, timesSuperseded: Number(Item.timesSuperseded?.N ?? 0), since };
}
