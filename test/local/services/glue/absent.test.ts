import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetClassifiersCommand,
  GetConnectionCommand,
  GetConnectionsCommand,
  GetDataCatalogEncryptionSettingsCommand,
  GetJobsCommand,
  GetPartitionIndexesCommand,
  GetResourcePolicyCommand,
  GetTriggersCommand,
  GetUserDefinedFunctionsCommand,
  ListJobsCommand,
} from "@aws-sdk/client-glue";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type OpenCatalog, openCatalog } from "./open-catalog.ts";

let catalog: OpenCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
  await catalog.client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "shop" } }));
  await catalog.client.send(new CreateTableCommand({ DatabaseName: "shop", TableInput: { Name: "t" } }));
});
afterAll(() => catalog.close());

it("answers for what it never has as an account without it does", async () => {
  const { client } = catalog;
  expect((await client.send(new GetConnectionsCommand({}))).ConnectionList).toEqual([]);
  expect((await client.send(new GetClassifiersCommand({}))).Classifiers).toEqual([]);
  expect((await client.send(new GetTriggersCommand({}))).Triggers).toEqual([]);
  expect((await client.send(new GetJobsCommand({}))).Jobs).toEqual([]);
  expect((await client.send(new ListJobsCommand({}))).JobNames).toEqual([]);
  const functions = await client.send(new GetUserDefinedFunctionsCommand({ DatabaseName: "shop", Pattern: "*" }));
  expect(functions.UserDefinedFunctions).toEqual([]);
  const indexes = (TableName: string) =>
    client.send(new GetPartitionIndexesCommand({ DatabaseName: "shop", TableName }));
  expect((await indexes("t")).PartitionIndexDescriptorList).toEqual([]);
  const settings = await client.send(new GetDataCatalogEncryptionSettingsCommand({}));
  expect(settings.DataCatalogEncryptionSettings?.EncryptionAtRest?.CatalogEncryptionMode).toBe("DISABLED");
  const missing = { name: "EntityNotFoundException" };
  await expect(client.send(new GetConnectionCommand({ Name: "c" }))).rejects.toMatchObject(missing);
  await expect(client.send(new GetResourcePolicyCommand({}))).rejects.toMatchObject(missing);
  await expect(indexes("none")).rejects.toMatchObject(missing);
});
