/** The parts of the events service, which its operations share. */
import type { HomePorts } from "../../define-service.ts";
import { createOutbox, DEFAULT_RETRY, type Outbox } from "../../delivery/index.ts";
import { createCallDestination } from "./api-destinations/call-destination.ts";
import {
  type Connections,
  createConnections,
  createDestinations,
  type Destinations,
} from "./api-destinations/destination-store.ts";
import { Archives } from "./archives.ts";
import { BusStore } from "./bus-store.ts";
import { createDeliverer } from "./deliver.ts";
import { EventJournal } from "./event-journal.ts";
import { Replays } from "./replays.ts";
import { Router, type RuleDelivery } from "./router.ts";
import { RuleCounts } from "./rule-counts.ts";
import { RuleStore } from "./rule-store.ts";
import { createScheduledRules, type ScheduledRules } from "./scheduled-rules.ts";
import { createSendToTarget } from "./send-to-target.ts";
import { EVENTS_TABLES } from "./tables.ts";

export interface EventsParts {
  readonly home: HomePorts;
  readonly buses: BusStore;
  readonly rules: RuleStore;
  readonly counts: RuleCounts;
  readonly journal: EventJournal;
  readonly archives: Archives;
  readonly connections: Connections;
  readonly destinations: Destinations;
  readonly router: Router;
  readonly replays: Replays;
  readonly schedules: ScheduledRules;
  readonly outbox: Outbox<RuleDelivery>;
}

export function createEventsParts(home: HomePorts): EventsParts {
  home.store.migrate("events", EVENTS_TABLES);
  const buses = new BusStore(home);
  const rules = new RuleStore(home);
  const counts = new RuleCounts(home);
  const journal = new EventJournal(home);
  const archives = new Archives(home);
  const connections = createConnections(home);
  const destinations = createDestinations(home);
  const call = createCallDestination(home, connections, destinations);
  const send = createSendToTarget(home, (bus, event, via) => router.accept(bus, event, { via }), call);
  const deliverer = createDeliverer(home, counts, send);
  const outbox: Outbox<RuleDelivery> = createOutbox<RuleDelivery>({
    owner: "events",
    store: home.store,
    clock: home.clock,
    random: () => Number.parseInt(home.uuid().slice(0, 8), 16) / 2 ** 32,
    shared: ["bus", "event", "ingestedMs"],
    attempt: (delivery) => deliverer.attempt(delivery),
    giveUp(delivery, error, why) {
      const deadLetter = deliverer.giveUp(delivery, error, why);
      if (deadLetter) outbox.enqueue([{ payload: deadLetter, policy: DEFAULT_RETRY }]);
    },
  });
  const router = new Router({ home, buses, rules, archives, counts, journal, outbox });
  const replays = new Replays(home, archives, router);
  const schedules = createScheduledRules(home, rules, router);
  return {
    home,
    buses,
    rules,
    counts,
    journal,
    archives,
    connections,
    destinations,
    router,
    replays,
    schedules,
    outbox,
  };
}
