/** AWS::Scheduler::Schedule and AWS::Scheduler::ScheduleGroup. */
import type { Target } from "@aws-sdk/client-scheduler";
import { z } from "zod";
import type { HomePorts, ResourceType } from "../../define-service.ts";
import { putSchedule } from "./put-schedule.ts";
import type { ScheduleRunner } from "./run-schedules.ts";
import { DEFAULT_GROUP, type ScheduleStore } from "./schedule-store.ts";

const ScheduleProperties = z.strictObject({
  Name: z.string().optional(),
  GroupName: z.string().optional(),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  StartDate: z.coerce.date().optional(),
  EndDate: z.coerce.date().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  KmsKeyArn: z.string().optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(["OFF", "FLEXIBLE"]),
    MaximumWindowInMinutes: z.coerce.number().optional(),
  }),
  Target: z.looseObject({
    Arn: z.string(),
    RoleArn: z.string(),
    RetryPolicy: z
      .object({
        MaximumRetryAttempts: z.coerce.number().optional(),
        MaximumEventAgeInSeconds: z.coerce.number().optional(),
      })
      .optional(),
  }),
});
const GroupProperties = z.strictObject({
  Name: z.string().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

export function schedulerResources(
  home: HomePorts,
  store: ScheduleStore,
  runner: ScheduleRunner,
): Readonly<Record<string, ResourceType>> {
  return {
    "AWS::Scheduler::Schedule": scheduleResource(home, store, runner),
    "AWS::Scheduler::ScheduleGroup": groupResource(store, runner),
  };
}

function scheduleResource(home: HomePorts, store: ScheduleStore, runner: ScheduleRunner): ResourceType {
  const put = (properties: unknown, name: string) => {
    const { Target: target, ...settings } = ScheduleProperties.parse(properties);
    const schedule = putSchedule(home, store, { ...settings, Name: name, Target: target as Target });
    runner.refresh(schedule.group, schedule.name);
    return { physicalId: name, attributes: { Arn: schedule.arn, group: schedule.group } };
  };
  return {
    properties: ScheduleProperties,
    create: (properties, context) =>
      put(properties, ScheduleProperties.parse(properties).Name ?? context.generateName(64)),
    update(properties, current, _context, previous) {
      const next = ScheduleProperties.parse(properties);
      const before = ScheduleProperties.parse(previous);
      if (next.Name !== before.Name || next.GroupName !== before.GroupName) return "replace";
      return put(properties, current.physicalId);
    },
    delete(current) {
      const group = z.string().catch(DEFAULT_GROUP).parse(current.attributes.group);
      store.remove(group, current.physicalId);
      runner.refresh(group, current.physicalId);
    },
  };
}

function groupResource(store: ScheduleStore, runner: ScheduleRunner): ResourceType {
  const put = (properties: unknown, name: string) => {
    store.saveGroup(
      name,
      Object.fromEntries(GroupProperties.parse(properties).Tags.map(({ Key, Value }) => [Key, Value])),
    );
    return { physicalId: name, attributes: { Arn: store.groupArn(name), State: "ACTIVE" } };
  };
  return {
    properties: GroupProperties,
    create: (properties, context) =>
      put(properties, GroupProperties.parse(properties).Name ?? context.generateName(64)),
    update(properties, current) {
      const { Name } = GroupProperties.parse(properties);
      return Name !== undefined && Name !== current.physicalId ? "replace" : put(properties, current.physicalId);
    },
    delete(current) {
      const schedules = store.list(current.physicalId);
      store.removeGroup(current.physicalId);
      for (const { group, name } of schedules) runner.refresh(group, name);
    },
  };
}
