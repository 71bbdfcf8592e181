/** The parts of the events service, which its operations share. */
import type { HomePorts } from "../../define-service.ts";
import { createOutbox, DEFAULT_RETRY, type Outbox } from "../../delivery/index.ts";
import { Archives } from "./archives.ts";
import { BusStore } from "./bus-store.ts";
import { attemptDelivery, giveUp } from "./deliver.ts";
import { Replays } from "./replays.ts";
import { Router, type RuleDelivery } from "./router.ts";
import { RuleStore } from "./rule-store.ts";
import { createScheduledRules, type ScheduledRules } from "./scheduled-rules.ts";
import { EVENTS_TABLES } from "./tables.ts";

export interface EventsParts {
  readonly home: HomePorts;
  readonly buses: BusStore;
  readonly rules: RuleStore;
  readonly archives: Archives;
  readonly router: Router;
  readonly replays: Replays;
  readonly schedules: ScheduledRules;
  readonly outbox: Outbox<RuleDelivery>;
}

export function createEventsParts(home: HomePorts): EventsParts {
  home.store.migrate("events", EVENTS_TABLES);
  const buses = new BusStore(home);
  const rules = new RuleStore(home);
  const archives = new Archives(home);
  const outbox: Outbox<RuleDelivery> = createOutbox<RuleDelivery>({
    owner: "events",
    store: home.store,
    clock: home.clock,
    random: () => Number.parseInt(home.uuid().slice(0, 8), 16) / 2 ** 32,
    attempt: (delivery) => attemptDelivery(home, rules, router, delivery),
    giveUp(delivery, error, why) {
      const deadLetter = giveUp(home, rules, delivery, error, why);
      if (deadLetter) outbox.enqueue(deadLetter, DEFAULT_RETRY);
    },
  });
  const router = new Router(home, rules, archives, outbox);
  const replays = new Replays(home, archives, router);
  const schedules = createScheduledRules(home, rules, router);
  return { home, buses, rules, archives, router, replays, schedules, outbox };
}
