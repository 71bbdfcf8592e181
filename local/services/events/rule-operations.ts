/** Operations on rules and their targets. */
import type { Operations } from "../../define-service.ts";
import { busNameOf, ruleArn } from "./names.ts";
import { paged } from "./paging.ts";
import type { EventsParts } from "./parts.ts";
import { deleteRule, putRule, putTargets, removeTargets, saveRule } from "./put-rule.ts";
import type { Rule } from "./rule-store.ts";
import { nextRunOf } from "./scheduled-rules.ts";

type EventBridge = typeof import("@aws-sdk/client-eventbridge");

interface Named {
  Name?: string | undefined;
  Rule?: string | undefined;
  EventBusName?: string | undefined;
}

export function ruleOperations(parts: EventsParts): Operations<EventBridge> {
  const { home, buses, rules } = parts;
  const onRule = ({ Name, Rule: rule, EventBusName }: Named) => ({
    resource: ruleArn(home, busNameOf(EventBusName), Name ?? rule ?? ""),
  });
  const onBusRules = ({ EventBusName }: Named) => ({ resource: ruleArn(home, busNameOf(EventBusName), "*") });
  const found = ({ Name, Rule: rule, EventBusName }: Named) =>
    rules.get(buses.get(busNameOf(EventBusName)).name, Name ?? rule ?? "");
  const setState = (input: Named, enabled: boolean) => {
    const rule = found(input);
    // What was due while it was disabled is not made up.
    const nextRunMs = enabled && !rule.enabled ? nextRunOf(rule, home.clock.now()) : rule.nextRunMs;
    saveRule(parts, { ...rule, enabled, state: enabled ? "ENABLED" : "DISABLED", nextRunMs });
    return {};
  };
  return {
    PutRule: {
      authorize: (input) => [onRule(input), ...passRoles([input.RoleArn])],
      handle: (input) => ({ RuleArn: putRule(parts, input).arn }),
    },
    DeleteRule: {
      authorize: onRule,
      handle({ Name = "", EventBusName }) {
        deleteRule(parts, buses.get(busNameOf(EventBusName)).name, Name);
        return {};
      },
    },
    DescribeRule: {
      authorize: onRule,
      handle: (input) => ({ ...shown(found(input)), CreatedBy: home.accountId }),
    },
    EnableRule: { authorize: onRule, handle: (input) => setState(input, true) },
    DisableRule: { authorize: onRule, handle: (input) => setState(input, false) },
    ListRules: {
      authorize: onBusRules,
      handle({ EventBusName, NamePrefix = "", Limit, NextToken }) {
        const all = rules
          .list(buses.get(busNameOf(EventBusName)).name)
          .filter(({ name }) => name.startsWith(NamePrefix));
        const { page, ...token } = paged(all, Limit, NextToken);
        return { Rules: page.map(shown), ...token };
      },
    },
    ListRuleNamesByTarget: {
      authorize: onBusRules,
      handle({ EventBusName, TargetArn, Limit, NextToken }) {
        const bus = buses.get(busNameOf(EventBusName)).name;
        const all = rules.list(bus).filter(({ name }) => rules.targets(bus, name).some(({ Arn }) => Arn === TargetArn));
        const { page, ...token } = paged(all, Limit, NextToken);
        return { RuleNames: page.map(({ name }) => name), ...token };
      },
    },
    PutTargets: {
      authorize: (input) => [onRule(input), ...passRoles((input.Targets ?? []).map(({ RoleArn }) => RoleArn))],
      handle(input) {
        const rule = found(input);
        putTargets(parts, rule.bus, rule.name, input.Targets ?? []);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
    RemoveTargets: {
      authorize: onRule,
      handle(input) {
        const rule = found(input);
        const missing = removeTargets(parts, rule.bus, rule.name, input.Ids ?? []);
        const FailedEntries = missing.map((TargetId) => ({
          TargetId,
          ErrorCode: "ResourceNotFoundException",
          ErrorMessage: `Rule '${rule.name}' does not have a target with the Id '${TargetId}'.`,
        }));
        return { FailedEntryCount: FailedEntries.length, FailedEntries };
      },
    },
    ListTargetsByRule: {
      authorize: onRule,
      handle(input) {
        const rule = found(input);
        const { page, ...token } = paged(rules.targets(rule.bus, rule.name), input.Limit, input.NextToken);
        return { Targets: page, ...token };
      },
    },
  };
}

/** Whoever has a rule call as a role must be allowed to hand that role to EventBridge. */
function passRoles(roleArns: readonly (string | undefined)[]) {
  const context = { "iam:PassedToService": "events.amazonaws.com" };
  return [...new Set(roleArns)].flatMap((resource) =>
    resource === undefined ? [] : [{ action: "iam:PassRole", resource, context }],
  );
}

function shown({ name, arn, pattern, schedule, state, description, roleArn, bus }: Rule) {
  return {
    Name: name,
    Arn: arn,
    ...(pattern === undefined ? {} : { EventPattern: pattern }),
    ...(schedule === undefined ? {} : { ScheduleExpression: schedule }),
    State: state,
    ...(description === undefined ? {} : { Description: description }),
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
    EventBusName: bus,
  };
}
