/**
 * Rules that run on a schedule: each run is an event from `aws.events` for the rule's own targets.
 *
 * A run missed while the home was down is made up once when it starts again, however many were missed, if it is not
 * older than a day; the next run is then counted as usual.
 */
import { nextRun, parseSchedule } from "../../../engine/index.ts";
import type { HomePorts } from "../../define-service.ts";
import { eventTime } from "./bus-event.ts";
import type { Router } from "./router.ts";
import type { Rule, RuleStore } from "./rule-store.ts";

const OLDEST_MISSED_MS = 86_400_000;

export interface ScheduledRules {
  /** Arms, rearms or disarms a rule after it changed. */
  refresh(bus: string, name: string): void;
  start(): void;
  stop(): void;
}

/** The run after `afterMs`; undefined for a rule without schedule, or one that never runs again. */
export function nextRunOf(rule: Pick<Rule, "schedule" | "createdMs">, afterMs: number): number | undefined {
  if (rule.schedule === undefined) return undefined;
  return nextRun(parseSchedule(rule.schedule, "rule"), { afterMs, anchorMs: rule.createdMs });
}

export function createScheduledRules(home: HomePorts, rules: RuleStore, router: Router): ScheduledRules {
  const timers = new Map<string, () => void>();
  let running = false;
  const disarm = (key: string) => {
    timers.get(key)?.();
    timers.delete(key);
  };
  const refresh = (bus: string, name: string) => {
    const key = `${bus}/${name}`;
    disarm(key);
    const rule = rules.find(bus, name);
    if (!running || !rule?.enabled || rule.nextRunMs === undefined) return;
    timers.set(
      key,
      home.clock.at(rule.nextRunMs, () => run(bus, name)),
    );
  };
  const run = (bus: string, name: string) => {
    const rule = rules.find(bus, name);
    if (!rule?.enabled || rule.nextRunMs === undefined) return;
    const now = home.clock.now();
    const dueMs = rule.nextRunMs;
    home.store.transaction(() => {
      if (now - dueMs <= OLDEST_MISSED_MS)
        router.trigger(rule, rules.targets(bus, name), scheduledEvent(home, rule, dueMs));
      rules.save({ ...rule, nextRunMs: nextRunOf(rule, now) });
    });
    home.store.afterCommit(() => refresh(bus, name));
  };
  return {
    refresh,
    start() {
      running = true;
      for (const rule of rules.list()) refresh(rule.bus, rule.name);
    },
    stop() {
      running = false;
      for (const key of [...timers.keys()]) disarm(key);
    },
  };
}

function scheduledEvent(home: HomePorts, rule: Rule, dueMs: number) {
  return {
    version: "0" as const,
    id: home.uuid(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: home.accountId,
    time: eventTime(dueMs),
    region: home.region,
    resources: [rule.arn],
    detail: {},
  };
}
