/** Making, changing and removing rules and targets, with AWS's checks; for the operations and for CloudFormation. */
import type { RuleState, Tag, Target } from "@aws-sdk/client-eventbridge";
import { parsePattern, parseSchedule } from "../../../engine/index.ts";
import { AwsError } from "../../aws-error.ts";
import { checkTarget } from "./check-target.ts";
import { withAwsErrors } from "./engine-errors.ts";
import { busNameOf, checkName, DEFAULT_BUS, ruleArn } from "./names.ts";
import type { EventsParts } from "./parts.ts";
import type { Rule } from "./rule-store.ts";
import { nextRunOf } from "./scheduled-rules.ts";

export interface RuleSettings {
  Name?: string | undefined;
  EventBusName?: string | undefined;
  EventPattern?: string | undefined;
  ScheduleExpression?: string | undefined;
  State?: RuleState | undefined;
  Description?: string | undefined;
  RoleArn?: string | undefined;
  Tags?: readonly Tag[] | undefined;
}

const LONGEST_PATTERN = 4096;
const LONGEST_SCHEDULE = 256;
const LONGEST_DESCRIPTION = 512;
const MOST_TARGETS = 5;
/** AWS's default is 300 and can be raised; a home begins with what the matcher is measured for. */
const MOST_RULES = 10_000;

/** @throws AwsError ValidationException, InvalidEventPatternException, ResourceNotFoundException */
export function putRule(parts: EventsParts, settings: RuleSettings): Rule {
  const { home, rules } = parts;
  const name = checkName(settings.Name, "name", 64);
  checkLength("description", settings.Description, LONGEST_DESCRIPTION);
  checkLength("eventPattern", settings.EventPattern, LONGEST_PATTERN);
  checkLength("scheduleExpression", settings.ScheduleExpression, LONGEST_SCHEDULE);
  const bus = parts.buses.get(busNameOf(settings.EventBusName)).name;
  const existing = rules.find(bus, name);
  if (existing === undefined && rules.list(bus).length >= MOST_RULES) throw tooMany();
  const pattern = settings.EventPattern || undefined;
  const schedule = settings.ScheduleExpression || undefined;
  checkTriggers(bus, pattern, schedule);
  const tags = existing?.tags ?? Object.fromEntries((settings.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  const createdMs = existing?.schedule === schedule && existing ? existing.createdMs : home.clock.now();
  const state = settings.State ?? "ENABLED";
  const rule: Rule = {
    bus,
    name,
    arn: ruleArn(home, bus, name),
    pattern,
    schedule,
    state,
    enabled: state !== "DISABLED",
    description: settings.Description,
    roleArn: settings.RoleArn,
    tags,
    createdMs,
    nextRunMs: nextRunOf({ schedule, createdMs }, home.clock.now()),
  };
  saveRule(parts, rule);
  return rule;
}

/** Stores a rule and takes the change over into matching and timers. */
export function saveRule({ rules, router, schedules }: EventsParts, rule: Rule): void {
  rules.save(rule);
  router.refresh(rule.bus, rule.name);
  schedules.refresh(rule.bus, rule.name);
}

/** No error when there is no such rule. @throws AwsError ValidationException while it has targets */
export function deleteRule(parts: EventsParts, bus: string, name: string): void {
  if (parts.rules.find(bus, name) === undefined) return;
  if (parts.rules.targets(bus, name).length > 0) {
    throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
  }
  parts.rules.remove(bus, name);
  parts.counts.remove(bus, name);
  parts.router.refresh(bus, name);
  parts.schedules.refresh(bus, name);
}

/** @throws AwsError ValidationException, LimitExceededException, ResourceNotFoundException */
export function putTargets(parts: EventsParts, bus: string, ruleName: string, targets: readonly Target[]): void {
  const rule = parts.rules.get(bus, ruleName);
  if (targets.length === 0) {
    throw new AwsError(
      "ValidationException",
      "1 validation error detected: Value '[]' at 'targets' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  for (const [index, target] of targets.entries()) checkTarget(target, index + 1);
  const ids = new Set([...parts.rules.targets(bus, rule.name), ...targets].map(({ Id }) => Id));
  if (ids.size > MOST_TARGETS) {
    throw tooMany();
  }
  for (const target of targets) parts.rules.putTarget(bus, rule.name, target);
  parts.router.refresh(bus, rule.name);
}

/** @returns the ids the rule has no target of */
export function removeTargets(
  parts: EventsParts,
  bus: string,
  ruleName: string,
  ids: readonly string[],
): readonly string[] {
  const rule = parts.rules.get(bus, ruleName);
  const known = new Set(parts.rules.targets(bus, rule.name).map(({ Id }) => Id));
  for (const id of ids) parts.rules.removeTarget(bus, rule.name, id);
  parts.router.refresh(bus, rule.name);
  return ids.filter((id) => !known.has(id));
}

function checkTriggers(bus: string, pattern: string | undefined, schedule: string | undefined): void {
  if (pattern === undefined && schedule === undefined) {
    throw new AwsError("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (schedule !== undefined) {
    if (bus !== DEFAULT_BUS)
      throw new AwsError("ValidationException", "ScheduleExpression is supported only on the default event bus.");
    withAwsErrors(() => parseSchedule(schedule, "rule"));
  }
  if (pattern !== undefined) withAwsErrors(() => parsePattern(pattern));
}

function checkLength(member: string, text: string | undefined, longest: number): void {
  if ((text?.length ?? 0) <= longest) return;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${text}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
  );
}

function tooMany(): AwsError {
  return new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
}
