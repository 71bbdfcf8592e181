/** AWS::DynamoDB::Table and GlobalTable, the latter with the one replica that a home is. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnTags } from "../../parse-properties.ts";
import type { DeletionProtection } from "./deletion-protection.ts";
import type { Dynalite } from "./dynalite.ts";
import type { Recovery } from "./recovery.ts";
import { changeIndexes } from "./secondary-indexes.ts";
import { retagTable } from "./table-tags.ts";
import type { TimeToLive } from "./time-to-live.ts";

const KeyPart = z.object({ AttributeName: z.string(), KeyType: z.string() });
const Attribute = z.object({ AttributeName: z.string(), AttributeType: z.string() });
const Index = z.object({ IndexName: z.string(), KeySchema: z.array(KeyPart), Projection: z.unknown() });
const TimeToLiveSpecification = z.strictObject({
  Enabled: z.union([z.boolean(), z.stringbool()]),
  AttributeName: z.string().optional(),
});
const Flag = z.union([z.boolean(), z.stringbool()]);
const RecoverySpecification = z.looseObject({ PointInTimeRecoveryEnabled: Flag.optional() });
/** What tables and global tables have in common. Capacity and encryption are accepted without effect, recovery is kept. */
const COMMON = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(Attribute),
  KeySchema: z.array(KeyPart),
  GlobalSecondaryIndexes: z.array(Index).optional(),
  LocalSecondaryIndexes: z.array(Index).optional(),
  BillingMode: z.unknown().optional(),
  SSESpecification: z.unknown().optional(),
  TimeToLiveSpecification: TimeToLiveSpecification.optional(),
  WarmThroughput: z.unknown().optional(),
};
const TableProperties = z.strictObject({
  ...COMMON,
  ProvisionedThroughput: z.unknown().optional(),
  PointInTimeRecoverySpecification: RecoverySpecification.optional(),
  DeletionProtectionEnabled: Flag.optional(),
  Tags: cfnTags.optional(),
  TableClass: z.unknown().optional(),
  ContributorInsightsSpecification: z.unknown().optional(),
  OnDemandThroughput: z.unknown().optional(),
});
const Replica = z.strictObject({
  Region: z.string(),
  DeletionProtectionEnabled: Flag.optional(),
  Tags: cfnTags.optional(),
  PointInTimeRecoverySpecification: RecoverySpecification.optional(),
  TableClass: z.unknown().optional(),
  ContributorInsightsSpecification: z.unknown().optional(),
  GlobalSecondaryIndexes: z.unknown().optional(),
  SSESpecification: z.unknown().optional(),
  ReadProvisionedThroughputSettings: z.unknown().optional(),
  ReadOnDemandThroughputSettings: z.unknown().optional(),
});
const GlobalTableProperties = z.strictObject({
  ...COMMON,
  Replicas: z.array(Replica),
  WriteProvisionedThroughputSettings: z.unknown().optional(),
  WriteOnDemandThroughputSettings: z.unknown().optional(),
});
type Properties = z.infer<typeof TableProperties>;

export interface TableParts {
  home: HomePorts;
  dynalite: Dynalite;
  timeToLive: TimeToLive;
  protection: DeletionProtection;
  recovery: Recovery;
}

export function tableResources(parts: TableParts): Record<string, ResourceType> {
  const { region } = parts.home;
  return {
    "AWS::DynamoDB::Table": {
      properties: TableProperties,
      ...tableResource(parts, (given) => TableProperties.parse(given)),
    },
    "AWS::DynamoDB::GlobalTable": {
      properties: GlobalTableProperties.refine(
        ({ Replicas }) => Replicas.length === 1 && Replicas[0]?.Region === region,
        { path: ["Replicas"], error: `a table has one replica here, in ${region}` },
      ),
      ...tableResource(parts, (given) => {
        const { Replicas, ...properties } = GlobalTableProperties.parse(given);
        const { DeletionProtectionEnabled, PointInTimeRecoverySpecification, Tags: tags } = Replicas[0] ?? {};
        return { ...properties, DeletionProtectionEnabled, PointInTimeRecoverySpecification, Tags: tags };
      }),
    },
  };
}

function tableResource(parts: TableParts, parse: (given: unknown) => Properties): ResourceType {
  const { home, dynalite, timeToLive, protection, recovery } = parts;
  const settle = async (TableName: string, properties: Properties): Promise<ResourceState> => {
    await timeToLive.set(TableName, endingBy(properties));
    await protection.set(TableName, properties.DeletionProtectionEnabled ?? false);
    recovery.set(TableName, properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false);
    await retagTable(dynalite, arnOf(home, TableName), properties.Tags ?? []);
    return stateOf(parts, TableName);
  };
  return {
    async create(raw, context) {
      const properties = parse(raw);
      const TableName = properties.TableName ?? context.generateName(255);
      await dynalite.call("CreateTable", { TableName, BillingMode: "PAY_PER_REQUEST", ...keysOf(properties) });
      return await settle(TableName, properties);
    },
    async update(raw, current, _context, previous) {
      const properties = parse(raw);
      const renamed = properties.TableName !== undefined && properties.TableName !== current.physicalId;
      if (renamed || !isDeepStrictEqual(fixedIn(properties), fixedIn(parse(previous)))) return "replace";
      changeIndexes(home.store, dynalite, current.physicalId, keysOf(properties));
      return await settle(current.physicalId, properties);
    },
    async delete(current) {
      await protection.deleteTable(current.physicalId);
      recovery.set(current.physicalId, false);
      // Dynalite drops the table by a timer of its own, set before this one: a successor may have its name then.
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

/** What a table has for its whole life: its keys, with their types, and its local indexes. */
function fixedIn({ AttributeDefinitions, KeySchema, LocalSecondaryIndexes = [] }: Properties) {
  const names = [KeySchema, ...LocalSecondaryIndexes.map((index) => index.KeySchema)]
    .flat()
    .map(({ AttributeName }) => AttributeName);
  const types = AttributeDefinitions.filter(({ AttributeName }) => names.includes(AttributeName));
  return {
    KeySchema,
    LocalSecondaryIndexes,
    types: new Map(types.map((one) => [one.AttributeName, one.AttributeType])),
  };
}

function endingBy({ TimeToLiveSpecification: given }: Properties): string | undefined {
  return given?.Enabled ? given.AttributeName : undefined;
}

function keysOf({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes }: Properties) {
  return { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes };
}

async function stateOf({ home, dynalite }: TableParts, TableName: string): Promise<ResourceState> {
  const { Table } = z
    .looseObject({ Table: z.looseObject({ TableId: z.string() }) })
    .parse(await dynalite.call("DescribeTable", { TableName }));
  return { physicalId: TableName, attributes: { Arn: arnOf(home, TableName), TableId: Table.TableId } };
}

const arnOf = (home: HomePorts, name: string) => `arn:aws:dynamodb:${home.region}:${home.accountId}:table/${name}`;
