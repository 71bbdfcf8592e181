import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { dynamodb } from "../../../../local/services/dynamodb/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const KEYS = {
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" as const }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" as const }],
  BillingMode: "PAY_PER_REQUEST" as const,
};
let home: Home;
let client: DynamoDBClient;

beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("time-to-live"), services: [dynamodb] });
  client = new DynamoDBClient(home.clientConfig());
  await client.send(new CreateTableCommand({ TableName: "claims", ...KEYS }));
});
afterAll(() => home.close());

const described = async (TableName: string) =>
  (await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
const change = (Enabled: boolean, AttributeName: string) =>
  client.send(
    new UpdateTimeToLiveCommand({ TableName: "claims", TimeToLiveSpecification: { Enabled, AttributeName } }),
  );

describe("a table's time to live", () => {
  it("is off until it is enabled, changes one way at a time, and ends with its table", async () => {
    expect(await described("claims")).toEqual({ TimeToLiveStatus: "DISABLED" });
    await expect(change(false, "ends")).rejects.toThrow("TimeToLive is already disabled");
    const { TimeToLiveSpecification } = await change(true, "ends");
    expect(TimeToLiveSpecification).toEqual({ Enabled: true, AttributeName: "ends" });
    expect(await described("claims")).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "ends" });
    await expect(change(true, "ends")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(change(false, "other")).rejects.toThrow("current AttributeName is ends");
    await client.send(new DeleteTableCommand({ TableName: "claims" }));
    const gone = { name: "ResourceNotFoundException" };
    await vi.waitFor(() => expect(described("claims")).rejects.toMatchObject(gone), { timeout: 600_000, interval: 10 });
    await client.send(new CreateTableCommand({ TableName: "claims", ...KEYS }));
    expect(await described("claims")).toEqual({ TimeToLiveStatus: "DISABLED" });
  });

  it("comes from the template, and goes with it", async () => {
    const context = { stackName: "s", logicalId: "T", generateName: () => "made" };
    const table = home.resourceTypes.get("AWS::DynamoDB::Table");
    const properties = (TimeToLiveSpecification?: object) => ({ ...KEYS, TableName: "made", TimeToLiveSpecification });
    const on = properties({ Enabled: true, AttributeName: "ends" });
    const made = await table?.create(on, context);
    expect(await described("made")).toMatchObject({ AttributeName: "ends" });
    if (made === undefined) throw new Error("no table was made");
    await table?.update?.(properties({ Enabled: "false", AttributeName: "ends" }), made, context, on);
    expect(await described("made")).toEqual({ TimeToLiveStatus: "DISABLED" });
  });
});
