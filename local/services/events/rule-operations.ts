/** Operations on rules and their targets. */
import type { Operations } from "../../define-service.ts";
import { busNameOf, ruleArn } from "./names.ts";
import type { EventsParts } from "./parts.ts";
import { deleteRule, putRule, putTargets, removeTargets, saveRule } from "./put-rule.ts";
import type { Rule } from "./rule-store.ts";

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
    saveRule(parts, { ...found(input), enabled, state: enabled ? "ENABLED" : "DISABLED" });
    return {};
  };
  return {
    PutRule: { authorize: onRule, handle: (input) => ({ RuleArn: putRule(parts, input).arn }) },
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
      authorize: onRule,
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
        removeTargets(parts, rule.bus, rule.name, input.Ids ?? []);
        return { FailedEntryCount: 0, FailedEntries: [] };
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

const LARGEST_PAGE = 100;

function paged<T>(all: readonly T[], limit = LARGEST_PAGE, token?: string): { page: T[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  const page = all.slice(from, from + limit);
  const next = from + page.length;
  return next < all.length ? { page, NextToken: Buffer.from(String(next)).toString("base64url") } : { page };
}
