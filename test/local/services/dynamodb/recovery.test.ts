import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeLimitsCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { dynamodb } from "../../../../local/services/dynamodb/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let home: Home;
let client: DynamoDBClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("recovery"), services: [dynamodb] });
  client = new DynamoDBClient(home.clientConfig());
});
afterAll(() => home.close());

const keys = {
  KeySchema: [{ AttributeName: "k", KeyType: "HASH" as const }],
  AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" as const }],
};
const statusOf = async (TableName: string) => {
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  return ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
};

describe("point-in-time recovery", () => {
  it("is kept as a client sets it, until the table is deleted", async () => {
    const create = () =>
      client.send(new CreateTableCommand({ TableName: "kept", BillingMode: "PAY_PER_REQUEST", ...keys }));
    await create();
    expect(await statusOf("kept")).toBe("DISABLED");
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(new UpdateContinuousBackupsCommand({ TableName: "kept", PointInTimeRecoverySpecification }));
    expect(await statusOf("arn:aws:dynamodb:us-east-1:000000000000:table/kept")).toBe("ENABLED");
    await client.send(new DeleteTableCommand({ TableName: "kept" }));
    await expect(statusOf("none")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("is as the template says", async () => {
    const type = home.resourceTypes.get("AWS::DynamoDB::Table");
    const context = { stackName: "s", logicalId: "L", generateName: () => "templated" };
    const properties = { ...keys, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: "true" } };
    const state = await type?.create(properties, context);
    expect(await statusOf("templated")).toBe("ENABLED");
    if (state !== undefined) await type?.update?.(keys, state, context, properties);
    expect(await statusOf("templated")).toBe("DISABLED");
  });

  it("has quotas beside it", async () => {
    expect(await client.send(new DescribeLimitsCommand({}))).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
  });
});
