/** AWS::DynamoDB::Table. Billing, encryption and recovery settings have no effect in a home; keys and indexes do. */
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnTags } from "../../parse-properties.ts";
import type { Dynalite } from "./dynalite.ts";
import { retagTable, tagTable } from "./table-tags.ts";
import type { TimeToLive } from "./time-to-live.ts";

const Index = z.object({ IndexName: z.string(), KeySchema: z.array(z.unknown()), Projection: z.unknown() });
const Properties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.unknown()),
  KeySchema: z.array(z.unknown()),
  GlobalSecondaryIndexes: z.array(Index).optional(),
  LocalSecondaryIndexes: z.array(Index).optional(),
  BillingMode: z.unknown().optional(),
  ProvisionedThroughput: z.unknown().optional(),
  PointInTimeRecoverySpecification: z.unknown().optional(),
  SSESpecification: z.unknown().optional(),
  DeletionProtectionEnabled: z.unknown().optional(),
  TimeToLiveSpecification: z
    .object({ Enabled: z.union([z.boolean(), z.stringbool()]), AttributeName: z.string().optional() })
    .optional(),
  Tags: cfnTags.default([]),
  TableClass: z.unknown().optional(),
  ContributorInsightsSpecification: z.unknown().optional(),
  OnDemandThroughput: z.unknown().optional(),
  WarmThroughput: z.unknown().optional(),
});
type Properties = z.infer<typeof Properties>;

export function tableResource(home: HomePorts, dynalite: Dynalite, timeToLive: TimeToLive): ResourceType {
  return {
    properties: Properties,
    async create(raw, context) {
      const properties = Properties.parse(raw);
      const TableName = properties.TableName ?? context.generateName(255);
      await dynalite.call("CreateTable", { TableName, BillingMode: "PAY_PER_REQUEST", ...keysOf(properties) });
      await timeToLive.set(TableName, endingBy(properties));
      const state = stateOf(home, TableName);
      await tagTable(dynalite, String(state.attributes.Arn), properties.Tags);
      return state;
    },
    async update(raw, current, _context, previous) {
      const properties = Properties.parse(raw);
      const renamed = properties.TableName !== undefined && properties.TableName !== current.physicalId;
      const rekeyed = JSON.stringify(keysOf(properties)) !== JSON.stringify(keysOf(Properties.parse(previous)));
      if (renamed || rekeyed) return "replace";
      await timeToLive.set(current.physicalId, endingBy(properties));
      await retagTable(dynalite, String(current.attributes.Arn), properties.Tags);
      return current;
    },
    async delete(current) {
      await dynalite.call("DeleteTable", { TableName: current.physicalId });
      // Dynalite drops the table by a timer of its own, set before this one: a successor may have its name then.
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

function endingBy({ TimeToLiveSpecification: given }: Properties): string | undefined {
  return given?.Enabled ? given.AttributeName : undefined;
}

function keysOf({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes }: Properties) {
  return { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes };
}

function stateOf(home: HomePorts, name: string): ResourceState {
  return { physicalId: name, attributes: { Arn: `arn:aws:dynamodb:${home.region}:${home.accountId}:table/${name}` } };
}
