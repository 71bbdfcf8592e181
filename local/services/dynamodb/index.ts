/** Amazon DynamoDB in the home: dynalite's semantics over the home's store. */
import type * as Sdk from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../aws-error.ts";
import { defineService, type HomePorts, type Operation, type Operations } from "../../define-service.ts";
import { DeletionProtection } from "./deletion-protection.ts";
import { BUILT, type Built, createDynalite, type Dynalite } from "./dynalite.ts";
import { TABLES } from "./key-space.ts";
import { RECOVERY_TABLES, Recovery, recoveryOperations } from "./recovery.ts";
import { tableResources } from "./resources.ts";
import { settleTables } from "./settle-tables.ts";
import { tagTable } from "./table-tags.ts";
import { TimeToLive } from "./time-to-live.ts";
import { createTransactions, TRANSACTION_TABLES, type Transactions } from "./transactions.ts";
import { createWire, type Wire } from "./wire.ts";

interface Parts {
  home: HomePorts;
  dynalite: Dynalite;
  wire: Wire;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html */
export const dynamodb = defineService<typeof import("@aws-sdk/client-dynamodb")>({
  name: "dynamodb",
  signingName: "dynamodb",
  iamPrefix: "dynamodb",
  sdk: () => import("@aws-sdk/client-dynamodb"),
  create(home) {
    home.store.migrate("dynamodb", [...TABLES, TRANSACTION_TABLES, RECOVERY_TABLES]);
    settleTables(home.store);
    const dynalite = createDynalite(home);
    const parts: Parts = { home, dynalite, wire: createWire(home) };
    const protection = new DeletionProtection(home.store, dynalite);
    const recovery = new Recovery(home.store);
    const timeToLive = new TimeToLive(home.store, dynalite);
    return {
      operations: {
        ...operationsOf(parts),
        ...transactOperations(parts, createTransactions(home, dynalite)),
        ...timeToLiveOperations(home, timeToLive),
        ...protectedOperations(parts, protection, recovery),
        ...recoveryOperations(home, dynalite, recovery, tableName),
      },
      resources: tableResources({ home, dynalite, timeToLive, protection, recovery }),
    };
  },
});

function operationsOf(parts: Parts): Operations<typeof Sdk> {
  const built = BUILT.map((name) => [name, operation(parts, name)] as const);
  return Object.fromEntries(built) as Operations<typeof Sdk>;
}

function timeToLiveOperations(home: HomePorts, timeToLive: TimeToLive): Operations<typeof Sdk> {
  const authorize = (input: object) => tablesOf(home, input).map((resource) => ({ resource }));
  return {
    UpdateTimeToLive: {
      authorize,
      async handle({ TableName, TimeToLiveSpecification }) {
        await timeToLive.change(tableName(TableName), TimeToLiveSpecification ?? {});
        return { TimeToLiveSpecification };
      },
    },
    DescribeTimeToLive: {
      authorize,
      async handle({ TableName }) {
        const AttributeName = await timeToLive.attribute(tableName(TableName));
        const on = AttributeName !== undefined;
        return {
          TimeToLiveDescription: { TimeToLiveStatus: on ? "ENABLED" : "DISABLED", ...(on ? { AttributeName } : {}) },
        };
      },
    },
  };
}

/** Those that know of a table's protection: dynalite does not. */
function protectedOperations(parts: Parts, protection: DeletionProtection, recovery: Recovery): Operations<typeof Sdk> {
  const authorize = (input: object) => tablesOf(parts.home, input).map((resource) => ({ resource }));
  const call = async (name: Built, input: object) =>
    parts.wire.fromWire(name, await parts.dynalite.call(name, await parts.wire.toWire(name, byName(input))));
  const shown = async (name: string, table: object | undefined) => ({
    ...table,
    DeletionProtectionEnabled: await protection.isOn(name),
  });
  return {
    CreateTable: {
      authorize,
      async handle(input) {
        const { TableDescription }: Sdk.CreateTableOutput = await call("CreateTable", input);
        const name = tableName(input.TableName);
        await protection.set(name, input.DeletionProtectionEnabled ?? false);
        await tagTable(parts.dynalite, TableDescription?.TableArn ?? "", input.Tags);
        return { TableDescription: await shown(name, TableDescription) };
      },
    },
    UpdateTable: {
      authorize,
      async handle({ DeletionProtectionEnabled, ...input }) {
        const name = tableName(input.TableName);
        if (DeletionProtectionEnabled !== undefined) await protection.set(name, DeletionProtectionEnabled);
        const others = Object.values(input).filter((value) => value !== undefined).length > 1;
        const { TableDescription }: Sdk.UpdateTableOutput =
          others || DeletionProtectionEnabled === undefined
            ? await call("UpdateTable", input)
            : { TableDescription: (await describe(input)).Table };
        return { TableDescription: await shown(name, TableDescription) };
      },
    },
    DescribeTable: {
      authorize,
      async handle(input) {
        return { Table: await shown(tableName(input.TableName), (await describe(input)).Table) };
      },
    },
    DeleteTable: {
      authorize,
      async handle({ TableName }) {
        const deleted = await protection.deleteTable(tableName(TableName));
        recovery.set(tableName(TableName), false);
        return parts.wire.fromWire("DeleteTable", deleted);
      },
    },
  };
  async function describe({ TableName }: { TableName?: string | undefined }): Promise<Sdk.DescribeTableOutput> {
    return await call("DescribeTable", { TableName });
  }
}

function operation(parts: Parts, name: Built): Operation<object, object> {
  return {
    authorize: (input) => tablesOf(parts.home, input).map((resource) => ({ resource })),
    async handle(input) {
      const data = await parts.wire.toWire(name, byName(input));
      try {
        return await parts.wire.fromWire(name, await parts.dynalite.call(name, data));
      } catch (thrown) {
        throw await withItem(parts, thrown, input);
      }
    },
  };
}

/** Each action of a transaction needs the permission of its single operation (a ConditionCheck: dynamodb:ConditionCheckItem). */
function transactOperations({ home, wire }: Parts, transactions: Transactions): Operations<typeof Sdk> {
  const withNames = (items: readonly object[] | undefined) => ({
    TransactItems: items?.map((item) =>
      Object.fromEntries(actionsOf(item).map(([kind, action]) => [kind, byName(action)])),
    ),
  });
  const authorize = (input: { TransactItems?: readonly object[] | undefined }) =>
    (input.TransactItems ?? []).flatMap(actionsOf).flatMap(([kind, action]) => {
      const named = `dynamodb:${kind === "ConditionCheck" ? "ConditionCheckItem" : `${kind}Item`}`;
      return tablesOf(home, action).map((resource) => ({ action: named, resource }));
    });
  return {
    TransactWriteItems: {
      authorize,
      async handle(input) {
        const request = await wire.toWire("TransactWriteItems", { ...input, ...withNames(input.TransactItems) });
        return wire.fromWire("TransactWriteItems", await transactions.write(request));
      },
    },
    TransactGetItems: {
      authorize,
      async handle(input) {
        const request = await wire.toWire("TransactGetItems", { ...input, ...withNames(input.TransactItems) });
        return wire.fromWire("TransactGetItems", await transactions.get(request));
      },
    },
  };
}

function actionsOf(item: object): [string, object][] {
  return Object.entries(item).filter(([, action]) => action !== undefined);
}

/** Where `ReturnValuesOnConditionCheckFailure` asks for it, the refusal shows the item it met. */
async function withItem({ dynalite }: Parts, thrown: unknown, input: object): Promise<unknown> {
  if (!(thrown instanceof AwsError) || thrown.code !== "ConditionalCheckFailedException") return thrown;
  if (Reflect.get(input, "ReturnValuesOnConditionCheckFailure") !== "ALL_OLD") return thrown;
  const TableName = tableName(Reflect.get(input, "TableName"));
  const described = Object(await dynalite.call("DescribeTable", { TableName }));
  const keys: string[] = described.Table.KeySchema.map(({ AttributeName }: { AttributeName: string }) => AttributeName);
  const from: object = Reflect.get(input, "Key") ?? Reflect.get(input, "Item") ?? {};
  const Key = Object.fromEntries(keys.map((key) => [key, Reflect.get(from, key)]));
  const { Item } = Object(await dynalite.call("GetItem", { TableName, Key }));
  return new AwsError(thrown.code, thrown.message, { status: thrown.status, fields: { Item } });
}

/** Clients may name a table by its ARN. */
function byName(input: object): object {
  const name: unknown = Reflect.get(input, "TableName");
  return typeof name === "string" ? { ...input, TableName: tableName(name) } : input;
}

function tableName(name: unknown): string {
  const text = String(name);
  return text.startsWith("arn:") ? text.slice(text.indexOf(":table/") + ":table/".length) : text;
}

function tablesOf(home: HomePorts, input: object): string[] {
  const arn = (name: string) => `arn:aws:dynamodb:${home.region}:${home.accountId}:table/${tableName(name)}`;
  const name: unknown = Reflect.get(input, "TableName");
  if (typeof name === "string") {
    const index: unknown = Reflect.get(input, "IndexName");
    return [typeof index === "string" ? `${arn(name)}/index/${index}` : arn(name)];
  }
  const resource: unknown = Reflect.get(input, "ResourceArn");
  if (typeof resource === "string") return [resource];
  const items: unknown = Reflect.get(input, "RequestItems");
  return typeof items === "object" && items !== null ? Object.keys(items).map(arn) : ["*"];
}
