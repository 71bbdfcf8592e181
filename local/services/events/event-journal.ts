/**
 * The latest events, with the rules each matched; those that matched none are kept apart, so that a flood of others does not
 * push them out. So nothing vanishes that a pattern misses, and a command or page can say why.
 */
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row, type Statement } from "../../store/index.ts";
import type { BusEvent } from "./bus-event.ts";

export interface NotedEvent {
  readonly bus: string;
  /** Names of the rules it matched. */
  readonly rules: readonly string[];
  readonly event: BusEvent;
}

/** Events kept of either kind; up to twice as many before the older half is dropped. */
export const NOTED_EVENTS = 1000;

export class EventJournal {
  readonly #home: HomePorts;
  readonly #matched: Notes;
  readonly #unmatched: Notes;

  constructor(home: HomePorts) {
    this.#home = home;
    this.#matched = new Notes(home, "events_matched");
    this.#unmatched = new Notes(home, "events_unmatched");
  }

  /** Notes an event in the open batch. */
  note(bus: string, rules: readonly string[], event: BusEvent): void {
    (rules.length === 0 ? this.#unmatched : this.#matched).add(bus, rules, this.#home.clock.now(), event);
  }

  /** The newest first. */
  list(options: { unmatched: boolean; bus?: string | undefined; limit: number }): NotedEvent[] {
    const { unmatched, bus, limit } = options;
    const kinds = unmatched ? [this.#unmatched] : [this.#unmatched, this.#matched];
    const wanted = kinds.flatMap((notes) => notes.all()).filter((row) => bus === undefined || row.bus === bus);
    // Stable: of the same millisecond, each kind keeps its order.
    wanted.sort((a, b) => Number(b.noted_ms) - Number(a.noted_ms));
    return wanted.slice(0, limit).map(fromRow);
  }

  find(eventId: string): NotedEvent | undefined {
    return [this.#unmatched, this.#matched]
      .flatMap((notes) => notes.all())
      .map(fromRow)
      .find(({ event }) => event.id === eventId);
  }
}

class Notes {
  readonly #insert: Statement;
  readonly #trim: Statement;
  readonly #all: Statement;
  #nextId: number;

  constructor({ store }: HomePorts, table: string) {
    this.#insert = store.prepare(`INSERT INTO ${table} (id, bus, rules, noted_ms, event) VALUES (?, ?, ?, ?, ?)`);
    this.#trim = store.prepare(`DELETE FROM ${table} WHERE id <= ?`);
    this.#all = store.prepare(
      `SELECT bus, rules, noted_ms, event FROM ${table} ORDER BY id DESC LIMIT ${NOTED_EVENTS}`,
    );
    this.#nextId = Number(store.prepare(`SELECT coalesce(max(id), 0) AS last FROM ${table}`).get()?.last ?? 0) + 1;
  }

  add(bus: string, rules: readonly string[], nowMs: number, event: BusEvent): void {
    const id = this.#nextId++;
    this.#insert.run(id, bus, JSON.stringify(rules), nowMs, JSON.stringify(event));
    if (id % NOTED_EVENTS === 0) this.#trim.run(id - NOTED_EVENTS);
  }

  all(): Row[] {
    return this.#all.all();
  }
}

function fromRow(row: Row): NotedEvent {
  return {
    bus: String(row.bus),
    rules: ownJson(row.rules),
    event: ownJson(row.event),
  };
}
