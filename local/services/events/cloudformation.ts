/** AWS::Events::Rule, EventBus, EventBusPolicy and Archive. */
import type { Target } from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import type { ResourceType } from "../../define-service.ts";
import { destinationResources } from "./api-destinations/cloudformation.ts";
import { tagsOf } from "./bus-operations.ts";
import { archiveArn, busNameOf, DEFAULT_BUS } from "./names.ts";
import type { EventsParts } from "./parts.ts";
import { statementsOf } from "./permission-operations.ts";
import { deleteRule, putRule, putTargets, removeTargets } from "./put-rule.ts";

const Tags = z.array(z.object({ Key: z.string(), Value: z.string() })).optional();
const RuleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.looseObject({}).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]).optional(),
  RoleArn: z.string().optional(),
  Tags,
  Targets: z.array(z.looseObject({ Id: z.string(), Arn: z.string() })).default([]),
});
const BusProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
  KmsKeyIdentifier: z.string().optional(),
  LogConfig: z.unknown().optional(),
  Policy: z.unknown().optional(),
  Tags,
});
const BusPolicyProperties = z.strictObject({
  EventBusName: z.string().optional(),
  StatementId: z.string(),
  Statement: z.looseObject({}),
});
const ArchiveProperties = z.strictObject({
  ArchiveName: z.string().optional(),
  SourceArn: z.string(),
  Description: z.string().optional(),
  EventPattern: z.looseObject({}).optional(),
  RetentionDays: z.coerce.number().optional(),
  // The user's own disk: accepted, and without effect here.
  KmsKeyIdentifier: z.string().optional(),
});

export function eventsResources(parts: EventsParts): Readonly<Record<string, ResourceType>> {
  return {
    "AWS::Events::Rule": ruleResource(parts),
    "AWS::Events::EventBus": busResource(parts),
    "AWS::Events::EventBusPolicy": busPolicyResource(parts),
    "AWS::Events::Archive": archiveResource(parts),
    ...destinationResources(parts),
  };
}

function ruleResource(parts: EventsParts): ResourceType {
  const put = (properties: unknown, name: string) => {
    const { Targets, EventPattern, ...settings } = RuleProperties.parse(properties);
    const pattern = EventPattern && JSON.stringify(EventPattern);
    const rule = putRule(parts, { ...settings, Name: name, EventPattern: pattern });
    const wanted = Targets.map((target) => numbersRead(target));
    const gone = parts.rules
      .targets(rule.bus, name)
      .flatMap(({ Id = "" }) => (wanted.some((target) => target.Id === Id) ? [] : [Id]));
    removeTargets(parts, rule.bus, name, gone);
    if (wanted.length > 0) putTargets(parts, rule.bus, name, wanted);
    // Ref of a rule on a custom bus names the bus, too.
    const physicalId = rule.bus === DEFAULT_BUS ? name : `${rule.bus}|${name}`;
    return { physicalId, attributes: { Arn: rule.arn } };
  };
  return {
    properties: RuleProperties,
    create: (properties, context) => put(properties, RuleProperties.parse(properties).Name ?? context.generateName(64)),
    update(properties, current, _context, previous) {
      const next = RuleProperties.parse(properties);
      const before = RuleProperties.parse(previous);
      if (next.Name !== before.Name || next.EventBusName !== before.EventBusName) return "replace";
      return put(properties, current.physicalId.split("|").at(-1) ?? "");
    },
    delete(current) {
      const [name = "", bus = DEFAULT_BUS] = current.physicalId.split("|").reverse();
      if (parts.rules.find(bus, name) === undefined) return;
      const ids = parts.rules.targets(bus, name).map(({ Id = "" }) => Id);
      removeTargets(parts, bus, name, ids);
      deleteRule(parts, bus, name);
    },
  };
}

function busResource({ buses, rules }: EventsParts): ResourceType {
  const stateOf = (name: string, arn: string) => ({ physicalId: name, attributes: { Arn: arn, Name: name } });
  return {
    properties: BusProperties,
    create(properties) {
      const { Name, Tags: tags = [], Policy, ...settings } = BusProperties.parse(properties);
      const bus = buses.find(Name) ?? buses.create(Name, settings, {});
      return stateOf(Name, buses.save({ ...bus, settings, policy: Policy, tags: tagsOf(tags) }).arn);
    },
    update(properties, current) {
      const { Name, Tags: tags = [], Policy, ...settings } = BusProperties.parse(properties);
      if (Name !== current.physicalId) return "replace";
      return stateOf(Name, buses.save({ ...buses.get(Name), settings, policy: Policy, tags: tagsOf(tags) }).arn);
    },
    delete(current) {
      for (const rule of rules.list(current.physicalId)) rules.remove(rule.bus, rule.name);
      buses.remove(current.physicalId);
    },
  };
}

function busPolicyResource({ buses }: EventsParts): ResourceType {
  const put = (properties: unknown) => {
    const { EventBusName, StatementId, Statement } = BusPolicyProperties.parse(properties);
    const bus = buses.get(busNameOf(EventBusName));
    const others = statementsOf(bus.policy).filter(({ Sid }) => Sid !== StatementId);
    buses.save({
      ...bus,
      policy: { Version: "2012-10-17", Statement: [...others, { Sid: StatementId, ...Statement }] },
    });
    return { physicalId: `${bus.name}|${StatementId}`, attributes: {} };
  };
  return {
    properties: BusPolicyProperties,
    create: put,
    delete(current) {
      const [name = "", statementId] = current.physicalId.split("|");
      const bus = buses.find(name);
      if (bus === undefined) return;
      const left = statementsOf(bus.policy).filter(({ Sid }) => Sid !== statementId);
      buses.save({ ...bus, policy: left.length === 0 ? undefined : { Version: "2012-10-17", Statement: left } });
    },
  };
}

function archiveResource({ home, archives, buses }: EventsParts): ResourceType {
  const put = (properties: unknown, name: string) => {
    const { SourceArn, Description, EventPattern, RetentionDays = 0 } = ArchiveProperties.parse(properties);
    const createdMs = archives.find(name)?.createdMs ?? home.clock.now();
    const pattern = EventPattern && JSON.stringify(EventPattern);
    archives.save({
      name,
      bus: buses.get(busNameOf(SourceArn)).name,
      pattern,
      description: Description,
      retentionDays: RetentionDays,
      createdMs,
    });
    return { physicalId: name, attributes: { Arn: archiveArn(home, name), ArchiveName: name } };
  };
  return {
    properties: ArchiveProperties,
    create: (properties, context) =>
      put(properties, ArchiveProperties.parse(properties).ArchiveName ?? context.generateName(48)),
    update(properties, current, _context, previous) {
      const next = ArchiveProperties.parse(properties);
      const before = ArchiveProperties.parse(previous);
      if (next.SourceArn !== before.SourceArn || next.ArchiveName !== before.ArchiveName) return "replace";
      return put(properties, current.physicalId);
    },
    delete(current) {
      const archive = archives.find(current.physicalId);
      if (archive) archives.remove(archive);
    },
  };
}

// Templates may write the retry policy's numbers as text.
function numbersRead(target: { Id: string; Arn: string; RetryPolicy?: unknown }): Target {
  const Retry = z.object({
    MaximumRetryAttempts: z.coerce.number().optional(),
    MaximumEventAgeInSeconds: z.coerce.number().optional(),
  });
  const policy = target.RetryPolicy === undefined ? {} : { RetryPolicy: Retry.parse(target.RetryPolicy) };
  return { ...target, ...policy } as Target;
}
