/** AWS::Logs::* types. */
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnBoolean, cfnNumber, cfnTags, parseProperties } from "../../parse-properties.ts";
import type { ResourceTags } from "../../resource-tags.ts";
import { RETENTION_DAYS } from "./group-operations.ts";
import type { LogArns } from "./log-arns.ts";
import type { LogStore } from "./log-store.ts";
import { metricFilterType } from "./metric-filter-resource.ts";
import type { MetricFilterStore } from "./metric-filter-store.ts";
import { dropPolicy, type LogPolicies, putPolicy } from "./policy-operations.ts";
import { type QueryDefinitions, queryDefinitionType } from "./query-definitions.ts";

const Group = z.strictObject({
  LogGroupName: z.string().optional(),
  RetentionInDays: cfnNumber.refine((days) => RETENTION_DAYS.includes(days), "not a retention period").optional(),
  LogGroupClass: z.literal("STANDARD").optional(),
  // Loopback and the user's own disk: accepted, and without effect here.
  KmsKeyId: z.string().optional(),
  DeletionProtectionEnabled: cfnBoolean.optional(),
  Tags: cfnTags.optional(),
});
const Stream = z.strictObject({ LogGroupName: z.string(), LogStreamName: z.string().optional() });
const Policy = z.strictObject({ PolicyName: z.string(), PolicyDocument: z.string() });

export interface LogParts {
  logs: LogStore;
  arns: LogArns;
  policies: LogPolicies;
  tags: ResourceTags;
  definitions: QueryDefinitions;
  filters: MetricFilterStore;
}

export function logResources(
  home: HomePorts,
  { logs, arns, policies, tags, definitions, filters }: LogParts,
): Record<string, ResourceType> {
  const writeGroup = (properties: unknown, name: string): ResourceState => {
    const given = parseProperties("AWS::Logs::LogGroup", Group, properties);
    const { RetentionInDays: retentionDays = 0, Tags = [] } = given;
    const createdMs = logs.findGroup(name)?.createdMs ?? home.clock.now();
    logs.putGroup({ name, retentionDays, createdMs });
    tags.replace(arns.group(name), Tags);
    return { physicalId: name, attributes: { Arn: `${arns.group(name)}:*` } };
  };
  const writePolicy = (properties: unknown): ResourceState => {
    const { PolicyName, PolicyDocument } = parseProperties("AWS::Logs::ResourcePolicy", Policy, properties);
    putPolicy(home, policies, PolicyName, PolicyDocument);
    return { physicalId: PolicyName, attributes: {} };
  };
  return {
    "AWS::Logs::LogGroup": {
      properties: Group,
      create: (properties, context) =>
        writeGroup(
          properties,
          parseProperties("AWS::Logs::LogGroup", Group, properties).LogGroupName ?? context.generateName(512),
        ),
      update(properties, { physicalId }) {
        const { LogGroupName } = parseProperties("AWS::Logs::LogGroup", Group, properties);
        return LogGroupName !== undefined && LogGroupName !== physicalId
          ? "replace"
          : writeGroup(properties, physicalId);
      },
      delete({ physicalId }) {
        logs.dropGroup(physicalId);
        tags.replace(arns.group(physicalId), []);
        filters.dropGroup(physicalId);
      },
    },
    "AWS::Logs::LogStream": {
      properties: Stream,
      create(properties, context) {
        const wanted = parseProperties("AWS::Logs::LogStream", Stream, properties);
        const name = wanted.LogStreamName ?? context.generateName(512);
        logs.group(wanted.LogGroupName);
        if (!logs.findStream(wanted.LogGroupName, name)) logs.putStream(wanted.LogGroupName, name, home.clock.now());
        return { physicalId: name, attributes: { LogGroupName: wanted.LogGroupName } };
      },
      delete: ({ physicalId, attributes }) => logs.dropStream(String(attributes.LogGroupName), physicalId),
    },
    "AWS::Logs::MetricFilter": metricFilterType(home, logs, filters),
    "AWS::Logs::QueryDefinition": queryDefinitionType(home, definitions),
    "AWS::Logs::ResourcePolicy": {
      properties: Policy,
      create: writePolicy,
      update(properties, { physicalId }) {
        const { PolicyName } = parseProperties("AWS::Logs::ResourcePolicy", Policy, properties);
        return PolicyName === physicalId ? writePolicy(properties) : "replace";
      },
      delete: ({ physicalId }) => {
        dropPolicy(home, policies, physicalId);
      },
    },
  };
}
