/** Who works, or worked, on a data version, in the lifecycle table. Loaded when first used. */
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

/** Whether an execution ever claimed this version of the product. The workflow data-product-update writes the claims. */
export async function isClaimed(TableName: string, product: string, dataVersion: string): Promise<boolean> {
  const Key = { pk: { S: `PRODUCT#${product}` }, sk: { S: `VERSION#${dataVersion}` } };
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item !== undefined;
}
