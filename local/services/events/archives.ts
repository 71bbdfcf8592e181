/** Archives: the events of a bus that match a pattern, kept for a number of days (0: for ever). */
import { compile as compileRules, type Matcher } from "../../../engine/patterns/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row, type Statement } from "../../store/index.ts";
import type { BusEvent } from "./bus-event.ts";

export interface Archive {
  readonly name: string;
  readonly bus: string;
  readonly pattern: string | undefined;
  readonly description: string | undefined;
  readonly retentionDays: number;
  readonly createdMs: number;
}

export interface ArchivedEvent {
  readonly id: number;
  readonly event: BusEvent;
}

const DAY_MS = 86_400_000;
/** How often at most an archive that is written to is rid of what is past its retention. */
const SWEEP_MS = 3_600_000;
const EVERY_EVENT = '{"version":[{"exists":true}]}';

export class Archives {
  readonly #home: HomePorts;
  readonly #sql: Record<
    "select" | "list" | "write" | "remove" | "empty" | "keep" | "expire" | "read" | "sizes",
    Statement
  >;
  readonly #matchers = new Map<string, Matcher<string>>();
  readonly #sweptMs = new Map<string, number>();

  constructor(home: HomePorts) {
    this.#home = home;
    const prepare = (sql: string) => home.store.prepare(sql);
    this.#sql = {
      select: prepare("SELECT * FROM events_archives WHERE name = ?"),
      list: prepare("SELECT * FROM events_archives ORDER BY name"),
      write: prepare("INSERT OR REPLACE INTO events_archives VALUES (?, ?, ?, ?, ?, ?)"),
      remove: prepare("DELETE FROM events_archives WHERE name = ?"),
      empty: prepare("DELETE FROM events_archived WHERE archive = ?"),
      keep: prepare("INSERT INTO events_archived (archive, time_ms, event) VALUES (?, ?, ?)"),
      expire: prepare("DELETE FROM events_archived WHERE archive = ? AND time_ms < ?"),
      read: prepare(
        "SELECT * FROM events_archived WHERE archive = ? AND time_ms >= ? AND time_ms < ? AND id > ? ORDER BY id LIMIT ?",
      ),
      sizes: prepare(
        "SELECT count(*) AS events, coalesce(sum(length(event)), 0) AS bytes FROM events_archived WHERE archive = ? AND time_ms >= ?",
      ),
    };
    for (const archive of this.list()) this.#watch(archive);
  }

  find(name: string): Archive | undefined {
    const row = this.#sql.select.get(name);
    return row && fromRow(row);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Archive {
    const archive = this.find(name);
    if (archive === undefined) throw new AwsError("ResourceNotFoundException", `Archive ${name} does not exist.`);
    return archive;
  }

  list(): Archive[] {
    return this.#sql.list.all().map(fromRow);
  }

  save(archive: Archive): void {
    const { name, bus, pattern, description, retentionDays, createdMs } = archive;
    this.#sql.write.run(name, bus, pattern ?? null, description ?? null, retentionDays, createdMs);
    this.#watch(archive);
    this.#sweptMs.delete(name);
    this.#sweep(name);
  }

  remove({ name, bus }: Archive): void {
    this.#sql.remove.run(name);
    this.#sql.empty.run(name);
    this.#matchers.get(bus)?.remove(name);
  }

  /** Keeps the event in every archive of its bus that wants it. */
  keep(bus: string, event: BusEvent): void {
    for (const archive of this.#matchers.get(bus)?.match(event) ?? []) {
      this.#sql.keep.run(archive, Date.parse(event.time), JSON.stringify(event));
      this.#sweep(archive);
    }
  }

  /** Up to `limit` events of [fromMs, toMs) after the one with id `afterId`, in order of arrival. */
  read(archive: Archive, fromMs: number, toMs: number, afterId: number, limit: number): ArchivedEvent[] {
    const rows = this.#sql.read.all(archive.name, Math.max(fromMs, this.#oldestMs(archive)), toMs, afterId, limit);
    return rows.map((row) => ({ id: Number(row.id), event: ownJson<BusEvent>(row.event) }));
  }

  /** Without what is past the retention. */
  sizes(name: string): { events: number; bytes: number } {
    const row = this.#sql.sizes.get(name, this.#oldestMs(this.get(name)));
    return { events: Number(row?.events), bytes: Number(row?.bytes) };
  }

  #oldestMs({ retentionDays }: Archive): number {
    return retentionDays > 0 ? this.#home.clock.now() - retentionDays * DAY_MS : 0;
  }

  #sweep(name: string): void {
    const now = this.#home.clock.now();
    if (now - (this.#sweptMs.get(name) ?? 0) < SWEEP_MS) return;
    this.#sweptMs.set(name, now);
    this.#sql.expire.run(name, this.#oldestMs(this.get(name)));
  }

  #watch({ name, bus, pattern }: Archive): void {
    const matcher = this.#matchers.get(bus) ?? compileRules<string>();
    matcher.add(name, pattern ?? EVERY_EVENT);
    this.#matchers.set(bus, matcher);
  }
}

function fromRow(row: Row): Archive {
  return {
    name: String(row.name),
    bus: String(row.bus),
    pattern: row.pattern === null ? undefined : String(row.pattern),
    description: row.description === null ? undefined : String(row.description),
    retentionDays: Number(row.retention_days),
    createdMs: Number(row.created_ms),
  };
}
