/** AWS::DynamoDB::Table. Billing, encryption and recovery settings have no effect in a home; keys and indexes do. */
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../../define-service.ts";
import type { Dynalite } from "./dynalite.ts";

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
  TimeToLiveSpecification: z.unknown().optional(),
  Tags: z.unknown().optional(),
  TableClass: z.unknown().optional(),
  ContributorInsightsSpecification: z.unknown().optional(),
  OnDemandThroughput: z.unknown().optional(),
  WarmThroughput: z.unknown().optional(),
});
type Properties = z.infer<typeof Properties>;

export function tableResource(home: HomePorts, dynalite: Dynalite): ResourceType {
  return {
    properties: Properties,
    async create(raw, context) {
      const properties = Properties.parse(raw);
      const TableName = properties.TableName ?? context.generateName(255);
      await dynalite.call("CreateTable", { TableName, BillingMode: "PAY_PER_REQUEST", ...keysOf(properties) });
      return stateOf(home, TableName);
    },
    update(raw, current, _context, previous) {
      const properties = Properties.parse(raw);
      const renamed = properties.TableName !== undefined && properties.TableName !== current.physicalId;
      const rekeyed = JSON.stringify(keysOf(properties)) !== JSON.stringify(keysOf(Properties.parse(previous)));
      return renamed || rekeyed ? "replace" : current;
    },
    async delete(current) {
      await dynalite.call("DeleteTable", { TableName: current.physicalId });
      // Dynalite drops the table by a timer of its own, set before this one: a successor may have its name then.
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
}

function keysOf({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes }: Properties) {
  return { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes };
}

function stateOf(home: HomePorts, name: string): ResourceState {
  return { physicalId: name, attributes: { Arn: `arn:aws:dynamodb:${home.region}:${home.accountId}:table/${name}` } };
}
