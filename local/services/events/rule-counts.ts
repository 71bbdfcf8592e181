/**
 * What became of events, counted per rule: matched, and each attempt, delivery, failure and loss of the deliveries.
 *
 * Counts are part of the batch that did what they count, so a crash loses neither or both; many changes of one batch are
 * written as one sum. The empty rule of a bus counts the events no rule took; the empty bus, those put on a bus there is not.
 */
import type { HomePorts } from "../../define-service.ts";
import type { Row, Statement } from "../../store/index.ts";

const COUNTS = [
  "matched",
  "attempts",
  "retries",
  "delivered",
  "failed",
  "dropped",
  "dead_lettered",
  "dead_letters_lost",
  "looped",
] as const;
export type Count = (typeof COUNTS)[number];
export type Counts = Record<Count, number>;

export interface CountedRule {
  readonly bus: string;
  readonly rule: string;
  readonly counts: Counts;
}

export class RuleCounts {
  readonly #home: HomePorts;
  readonly #add: Statement;
  readonly #select: Statement;
  readonly #list: Statement;
  readonly #remove: Statement;
  readonly #unwritten = new Map<string, CountedRule>();
  #unread = new Map<string, CountedRule>();

  constructor(home: HomePorts) {
    this.#home = home;
    const sums = COUNTS.map((name) => `${name} = ${name} + excluded.${name}`).join(", ");
    this.#add = home.store.prepare(
      `INSERT INTO events_counts (bus, rule, ${COUNTS.join(", ")}) VALUES (?, ?${", ?".repeat(COUNTS.length)})
       ON CONFLICT (bus, rule) DO UPDATE SET ${sums}`,
    );
    this.#select = home.store.prepare("SELECT * FROM events_counts WHERE bus = ? AND rule = ?");
    this.#list = home.store.prepare("SELECT * FROM events_counts ORDER BY bus, rule");
    this.#remove = home.store.prepare("DELETE FROM events_counts WHERE bus = ? AND rule = ?");
  }

  add(bus: string, rule: string, ...counted: readonly Count[]): void {
    if (this.#unwritten.size === 0) this.#home.store.beforeCommit(() => this.#write());
    for (const sums of [this.#unwritten, this.#unread]) {
      const { counts } = entryOf(sums, bus, rule);
      for (const name of counted) counts[name]++;
    }
  }

  of(bus: string, rule: string): Counts {
    this.#write();
    return countsOf(this.#select.get(bus, rule));
  }

  list(): CountedRule[] {
    this.#write();
    return this.#list.all().map((row) => ({ bus: String(row.bus), rule: String(row.rule), counts: countsOf(row) }));
  }

  remove(bus: string, rule: string): void {
    this.#write();
    this.#remove.run(bus, rule);
  }

  /** What was counted since it was last asked, for metrics. */
  takeNew(): readonly CountedRule[] {
    const taken = [...this.#unread.values()];
    this.#unread = new Map();
    return taken;
  }

  #write(): void {
    for (const { bus, rule, counts } of this.#unwritten.values())
      this.#add.run(bus, rule, ...COUNTS.map((name) => counts[name]));
    this.#unwritten.clear();
  }
}

function entryOf(sums: Map<string, CountedRule>, bus: string, rule: string): CountedRule {
  const key = `${bus}\n${rule}`;
  let entry = sums.get(key);
  if (entry === undefined) {
    entry = { bus, rule, counts: countsOf(undefined) };
    sums.set(key, entry);
  }
  return entry;
}

function countsOf(row: Row | undefined): Counts {
  const of = (name: Count) => Number(row?.[name] ?? 0);
  return {
    matched: of("matched"),
    attempts: of("attempts"),
    retries: of("retries"),
    delivered: of("delivered"),
    failed: of("failed"),
    dropped: of("dropped"),
    dead_lettered: of("dead_lettered"),
    dead_letters_lost: of("dead_letters_lost"),
    looped: of("looped"),
  };
}
