/**
 * From an event on a bus to the deliveries it causes.
 *
 *   B1. Deliveries are written in the batch that accepts the event, so an acknowledged event is delivered (see the outbox).
 *   B2. Every event is counted: by the rules it matched, or as one that matched none, which can be listed.
 *   B3. A rule's or target's later change does not touch deliveries already caused.
 * Matchers and targets are kept in memory, and rebuilt from the store when the home starts.
 */
import type { Target } from "@aws-sdk/client-eventbridge";
import { compile as compileRules, type Matcher } from "../../../engine/patterns/index.ts";
import type { HomePorts } from "../../define-service.ts";
import { DEFAULT_RETRY, type DeadLetter, type Outbox } from "../../delivery/index.ts";
import type { Statement } from "../../store/index.ts";
import type { Archives } from "./archives.ts";
import type { BusEvent } from "./bus-event.ts";
import type { Rule, RuleStore } from "./rule-store.ts";

/** One event for one target of one rule. */
export interface RuleDelivery {
  bus: string;
  rule: string;
  ruleArn: string;
  target: Target;
  event: BusEvent;
  ingestedMs: number;
  /** There once the target was given up: what its dead-letter queue is to get. */
  deadLetter?: DeadLetter;
}

interface LiveRule {
  rule: Rule;
  targets: readonly Target[];
}

const LISTED_UNMATCHED = 1000;

export class Router {
  readonly #home: HomePorts;
  readonly #rules: RuleStore;
  readonly #archives: Archives;
  readonly #outbox: Outbox<RuleDelivery>;
  readonly #matchers = new Map<string, Matcher<string>>();
  readonly #live = new Map<string, LiveRule>();
  readonly #noteUnmatched: Statement;
  readonly #trimUnmatched: Statement;
  readonly #listUnmatched: Statement;

  constructor(home: HomePorts, rules: RuleStore, archives: Archives, outbox: Outbox<RuleDelivery>) {
    this.#home = home;
    this.#rules = rules;
    this.#archives = archives;
    this.#outbox = outbox;
    this.#noteUnmatched = home.store.prepare("INSERT INTO events_unmatched (bus, event) VALUES (?, ?) RETURNING id");
    this.#trimUnmatched = home.store.prepare("DELETE FROM events_unmatched WHERE id <= ?");
    this.#listUnmatched = home.store.prepare("SELECT bus, event FROM events_unmatched ORDER BY id DESC LIMIT ?");
    for (const rule of rules.list()) this.refresh(rule.bus, rule.name);
  }

  /** Takes over what is stored of a rule: made, changed, or gone. */
  refresh(bus: string, name: string): void {
    const rule = this.#rules.find(bus, name);
    const key = keyOf(bus, name);
    const matcher = this.#matcherOf(bus);
    matcher.remove(name);
    this.#live.delete(key);
    if (rule === undefined) return;
    this.#live.set(key, { rule, targets: this.#rules.targets(bus, name) });
    if (rule.enabled && rule.pattern !== undefined) matcher.add(name, rule.pattern);
  }

  /** Puts an event on a bus, in the open batch. `onlyRules`: a replay may name the rules it is for. */
  accept(bus: string, event: BusEvent, onlyRules?: ReadonlySet<string>): void {
    const matched = this.#matcherOf(bus).match(event);
    if (!("replay-name" in event)) this.#archives.keep(bus, event);
    for (const name of matched) {
      const live = this.#live.get(keyOf(bus, name));
      if (live !== undefined && (onlyRules?.has(live.rule.arn) ?? true)) this.trigger(live.rule, live.targets, event);
    }
    if (matched.length === 0) this.#unmatched(bus, event);
  }

  /** Gives an event to every target of a rule. */
  trigger(rule: Rule, targets: readonly Target[], event: BusEvent): void {
    this.#rules.count(rule.bus, rule.name, "matched");
    const ingestedMs = this.#home.clock.now();
    for (const target of targets) {
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy ?? {};
      this.#outbox.enqueue(
        { bus: rule.bus, rule: rule.name, ruleArn: rule.arn, target, event, ingestedMs },
        {
          maximumRetryAttempts: MaximumRetryAttempts ?? DEFAULT_RETRY.maximumRetryAttempts,
          maximumEventAgeSeconds: MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumEventAgeSeconds,
        },
      );
    }
  }

  /** The latest events that matched no rule, newest first. */
  unmatched(limit = LISTED_UNMATCHED): { bus: string; event: BusEvent }[] {
    return this.#listUnmatched
      .all(limit)
      .map((row) => ({ bus: String(row.bus), event: JSON.parse(String(row.event)) as BusEvent }));
  }

  #unmatched(bus: string, event: BusEvent): void {
    // The empty rule name counts what no rule took.
    this.#rules.count(bus, "", "matched");
    const row = this.#home.store.transaction(() => this.#noteUnmatched.get(bus, JSON.stringify(event)));
    const id = Number(row?.id);
    if (id % LISTED_UNMATCHED === 0) this.#trimUnmatched.run(id - LISTED_UNMATCHED);
  }

  #matcherOf(bus: string): Matcher<string> {
    const known = this.#matchers.get(bus);
    if (known) return known;
    const matcher = compileRules<string>();
    this.#matchers.set(bus, matcher);
    return matcher;
  }
}

function keyOf(bus: string, rule: string): string {
  return `${bus}/${rule}`;
}
