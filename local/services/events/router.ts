/**
 * From an event on a bus to the deliveries it causes.
 *
 *   B1. Deliveries are written in the batch that accepts the event, so an acknowledged event is delivered (see the outbox).
 *   B2. Every event is counted and noted: with the rules it matched, or as one that matched none.
 *   B3. An event goes from its bus to one other and no further; one that a bus sends to itself reaches a rule once.
 *   B4. A rule's or target's later change does not touch deliveries already caused.
 * Matchers and targets are kept in memory, and rebuilt from the store when the home starts.
 */
import type { Target } from "@aws-sdk/client-eventbridge";
import { compile as compileRules, type Matcher } from "../../../engine/patterns/index.ts";
import type { HomePorts } from "../../define-service.ts";
import { DEFAULT_RETRY, type DeadLetter, type Outbox, type Outgoing } from "../../delivery/index.ts";
import type { Archives } from "./archives.ts";
import type { BusEvent } from "./bus-event.ts";
import type { BusStore } from "./bus-store.ts";
import { CHAOS_TAG, createChaos, type Fate, parseChaos } from "./chaos.ts";
import type { EventJournal } from "./event-journal.ts";
import type { RuleCounts } from "./rule-counts.ts";
import type { Rule, RuleStore } from "./rule-store.ts";

/** One event for one target of one rule. */
export interface RuleDelivery {
  bus: string;
  rule: string;
  ruleArn: string;
  target: Target;
  event: BusEvent;
  ingestedMs: number;
  /** ARNs of the rules whose event, sent on to another bus, led to this one. */
  via?: readonly string[];
  /** There once the target was given up: what its dead-letter queue is to get. */
  deadLetter?: DeadLetter;
}

export interface RouterParts {
  readonly home: HomePorts;
  readonly buses: BusStore;
  readonly rules: RuleStore;
  readonly archives: Archives;
  readonly counts: RuleCounts;
  readonly journal: EventJournal;
  readonly outbox: Outbox<RuleDelivery>;
}

interface LiveRule {
  rule: Rule;
  targets: readonly Target[];
}

interface LiveBus {
  matcher: Matcher<string>;
  rules: Map<string, LiveRule>;
  chaos: { text: string | undefined; next: () => Fate };
}

export interface AcceptOptions {
  onlyRules?: ReadonlySet<string> | undefined;
  via?: readonly string[];
}

const AT_ONCE: Fate = [0];

export class Router {
  readonly #parts: RouterParts;
  readonly #live = new Map<string, LiveBus>();

  constructor(parts: RouterParts) {
    this.#parts = parts;
    for (const rule of parts.rules.list()) this.refresh(rule.bus, rule.name);
  }

  /** Takes over what is stored of a rule: made, changed, or gone. */
  refresh(busName: string, name: string): void {
    const rule = this.#parts.rules.find(busName, name);
    const bus = this.#bus(busName);
    bus.matcher.remove(name);
    bus.rules.delete(name);
    if (rule === undefined) return;
    bus.rules.set(name, { rule, targets: this.#parts.rules.targets(busName, name) });
    if (rule.enabled && rule.pattern !== undefined) bus.matcher.add(name, rule.pattern);
  }

  /**
   * Puts an event on a bus, in the open batch.
   * @param options `onlyRules`: ARNs of the rules a replay is for; `via`: of those that sent the event on from another bus
   */
  accept(busName: string, event: BusEvent, options: AcceptOptions = {}): void {
    const { onlyRules, via } = options;
    const bus = this.#bus(busName);
    const names = bus.matcher.match(event);
    if (!("replay-name" in event)) this.#parts.archives.keep(busName, event);
    const live = names.flatMap((name) => {
      const found = bus.rules.get(name);
      return found !== undefined && (onlyRules?.has(found.rule.arn) ?? true) ? [found] : [];
    });
    if (names.length === 0) this.#parts.counts.add(busName, "", "matched");
    this.#parts.journal.note(busName, names, event);
    this.#send(busName, live, event, via);
  }

  /** An event for a bus there is not: acknowledged as AWS does, but counted and noted. */
  acceptForNoBus(busName: string, event: BusEvent): void {
    this.#parts.counts.add("", "", "matched");
    this.#parts.journal.note(busName, [], event);
  }

  /** Gives an event to every target of a rule. */
  trigger(rule: Rule, targets: readonly Target[], event: BusEvent): void {
    this.#send(rule.bus, [{ rule, targets }], event);
  }

  #send(busName: string, live: readonly LiveRule[], event: BusEvent, via?: readonly string[]): void {
    const { home, counts, outbox } = this.#parts;
    const ingestedMs = home.clock.now();
    const fate = this.#chaosOf(busName);
    const byDelay = new Map<number, Outgoing<RuleDelivery>[]>();
    for (const { rule, targets } of live) {
      counts.add(busName, rule.name, "matched");
      if (via?.includes(rule.arn)) {
        counts.add(busName, rule.name, "looped");
        home.log("warn", `rule ${rule.name}: event ${event.id} came round to it again, nothing is delivered`);
        continue;
      }
      for (const target of targets) {
        const payload = {
          bus: busName,
          rule: rule.name,
          ruleArn: rule.arn,
          target,
          event,
          ingestedMs,
          ...(via ? { via } : {}),
        };
        const outgoing = { payload, policy: policyOf(target) };
        const delays = fate();
        if (delays.length === 0) counts.add(busName, rule.name, "dropped");
        for (const delay of delays) {
          const together = byDelay.get(delay);
          if (together === undefined) byDelay.set(delay, [outgoing]);
          else together.push(outgoing);
        }
      }
    }
    for (const [delay, outgoing] of byDelay) outbox.enqueue(outgoing, ingestedMs + delay);
  }

  #bus(name: string): LiveBus {
    let bus = this.#live.get(name);
    if (bus === undefined) {
      bus = { matcher: compileRules<string>(), rules: new Map(), chaos: { text: undefined, next: () => AT_ONCE } };
      this.#live.set(name, bus);
    }
    return bus;
  }

  #chaosOf(busName: string): () => Fate {
    const bus = this.#bus(busName);
    const text = this.#parts.buses.find(busName)?.tags[CHAOS_TAG];
    if (bus.chaos.text !== text)
      bus.chaos = { text, next: text === undefined ? () => AT_ONCE : createChaos(parseChaos(text)) };
    return bus.chaos.next;
  }
}

function policyOf({ RetryPolicy }: Target) {
  return {
    maximumRetryAttempts: RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRY.maximumRetryAttempts,
    maximumEventAgeSeconds: RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumEventAgeSeconds,
  };
}
