/** Operations on schedules and schedule groups. */
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { pageOf } from "./page-of.ts";
import { putSchedule, settingsOf } from "./put-schedule.ts";
import type { ScheduleRunner } from "./run-schedules.ts";
import {
  DEFAULT_GROUP,
  type ScheduleGroup,
  type ScheduleSettings,
  type ScheduleStore,
  type StoredSchedule,
} from "./schedule-store.ts";

type Scheduler = typeof import("@aws-sdk/client-scheduler");

interface Named {
  Name?: string | undefined;
  GroupName?: string | undefined;
}

export function schedulerOperations(
  home: HomePorts,
  store: ScheduleStore,
  runner: ScheduleRunner,
): Operations<Scheduler> {
  const onSchedule = ({ Name = "", GroupName = DEFAULT_GROUP }: Named) => ({ resource: store.arnOf(GroupName, Name) });
  return {
    ...groupOperations(store, runner),
    CreateSchedule: {
      authorize: (input) => [onSchedule(input), ...passRole(input.Target?.RoleArn)],
      handle(input) {
        const group = input.GroupName ?? DEFAULT_GROUP;
        const existing = store.find(group, input.Name ?? "");
        // The same request once more, as clients send when they got no answer.
        if (existing?.settings.clientToken !== undefined && sameSettings(existing.settings, settingsOf(input)))
          return { ScheduleArn: existing.arn };
        if (existing)
          throw new AwsError("ConflictException", `Schedule ${input.Name} already exists.`, { status: 409 });
        const schedule = putSchedule(home, store, input);
        runner.refresh(schedule.group, schedule.name);
        return { ScheduleArn: schedule.arn };
      },
    },
    UpdateSchedule: {
      authorize: (input) => [onSchedule(input), ...passRole(input.Target?.RoleArn)],
      handle(input) {
        store.get(input.GroupName ?? DEFAULT_GROUP, input.Name ?? "");
        const schedule = putSchedule(home, store, input);
        runner.refresh(schedule.group, schedule.name);
        return { ScheduleArn: schedule.arn };
      },
    },
    DeleteSchedule: {
      authorize: onSchedule,
      handle({ Name = "", GroupName = DEFAULT_GROUP }) {
        const schedule = store.get(GroupName, Name);
        store.remove(schedule.group, schedule.name);
        runner.refresh(schedule.group, schedule.name);
        return {};
      },
    },
    GetSchedule: {
      authorize: onSchedule,
      handle: ({ Name = "", GroupName = DEFAULT_GROUP }) => shown(store.get(GroupName, Name)),
    },
    ListSchedules: {
      handle({ GroupName, NamePrefix = "", State, MaxResults, NextToken }) {
        const wanted = store
          .list(GroupName === undefined ? undefined : store.getGroup(GroupName).name)
          .filter(
            ({ name, settings }) => name.startsWith(NamePrefix) && (State === undefined || settings.State === State),
          );
        const { page, ...next } = pageOf(wanted, MaxResults, NextToken);
        return { ...next, Schedules: page.map(shownInList) };
      },
    },
  };
}

function sameSettings(one: ScheduleSettings, other: ScheduleSettings): boolean {
  return isDeepStrictEqual(one, JSON.parse(JSON.stringify(other)));
}

function shownInList({ arn, name, group, settings, createdMs, modifiedMs }: StoredSchedule) {
  return {
    Arn: arn,
    Name: name,
    GroupName: group,
    State: settings.State,
    CreationDate: new Date(createdMs),
    LastModificationDate: new Date(modifiedMs),
    Target: { Arn: settings.Target.Arn },
  };
}

function groupOperations(store: ScheduleStore, runner: ScheduleRunner): Operations<Scheduler> {
  const onGroup = ({ Name = "" }: Named) => ({ resource: store.groupArn(Name) });
  const ofArn = (arn = "") => store.getGroup(arn.slice(arn.lastIndexOf("/") + 1));
  const onArn = ({ ResourceArn = "" }: { ResourceArn?: string | undefined }) => ({ resource: ResourceArn });
  return {
    CreateScheduleGroup: {
      authorize: onGroup,
      handle({ Name = "", Tags = [] }) {
        if (store.findGroup(Name))
          throw new AwsError("ConflictException", `Schedule group ${Name} already exists.`, { status: 409 });
        store.saveGroup(Name, Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])));
        return { ScheduleGroupArn: store.groupArn(Name) };
      },
    },
    DeleteScheduleGroup: {
      authorize: onGroup,
      handle({ Name = "" }) {
        if (Name === DEFAULT_GROUP)
          throw new AwsError("ValidationException", "The default schedule group cannot be deleted.");
        const schedules = store.list(store.getGroup(Name).name);
        store.removeGroup(Name);
        for (const { group, name } of schedules) runner.refresh(group, name);
        return {};
      },
    },
    GetScheduleGroup: { authorize: onGroup, handle: ({ Name = "" }) => shownGroup(store.getGroup(Name)) },
    ListScheduleGroups: {
      handle({ NamePrefix = "", MaxResults, NextToken }) {
        const wanted = store.groups().filter(({ name }) => name.startsWith(NamePrefix));
        const { page, ...next } = pageOf(wanted, MaxResults, NextToken);
        return { ...next, ScheduleGroups: page.map(shownGroup) };
      },
    },
    ListTagsForResource: {
      authorize: onArn,
      handle: ({ ResourceArn }) => ({
        Tags: Object.entries(ofArn(ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    TagResource: {
      authorize: onArn,
      handle({ ResourceArn, Tags = [] }) {
        const group = ofArn(ResourceArn);
        store.saveGroup(group.name, {
          ...group.tags,
          ...Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        });
        return {};
      },
    },
    UntagResource: {
      authorize: onArn,
      handle({ ResourceArn, TagKeys = [] }) {
        const group = ofArn(ResourceArn);
        store.saveGroup(
          group.name,
          Object.fromEntries(Object.entries(group.tags).filter(([key]) => !TagKeys.includes(key))),
        );
        return {};
      },
    },
  };
}

function passRole(roleArn: string | undefined) {
  const context = { "iam:PassedToService": "scheduler.amazonaws.com" };
  return roleArn === undefined ? [] : [{ action: "iam:PassRole", resource: roleArn, context }];
}

function shown({ arn, name, group, settings, createdMs, modifiedMs }: StoredSchedule) {
  const { startMs, endMs, clientToken: _clientToken, ...rest } = settings;
  return {
    Arn: arn,
    Name: name,
    GroupName: group,
    ...rest,
    ScheduleExpressionTimezone: settings.ScheduleExpressionTimezone ?? "UTC",
    ...(startMs === undefined ? {} : { StartDate: new Date(startMs) }),
    ...(endMs === undefined ? {} : { EndDate: new Date(endMs) }),
    CreationDate: new Date(createdMs),
    LastModificationDate: new Date(modifiedMs),
  };
}

function shownGroup({ name, arn, createdMs, modifiedMs }: ScheduleGroup) {
  return {
    Name: name,
    Arn: arn,
    State: "ACTIVE" as const,
    CreationDate: new Date(createdMs),
    LastModificationDate: new Date(modifiedMs),
  };
}
