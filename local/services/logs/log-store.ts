/** Log groups, streams and events. Appending is one insert an event and one update a call, within the store's open batch. */
import { AwsError } from "../../aws-error.ts";
import type { Row, Store } from "../../store/index.ts";
import { LOGS_TABLES } from "./tables.ts";

export interface LogGroupRecord {
  name: string;
  /** 0: kept for ever. */
  retentionDays: number;
  createdMs: number;
}

export interface LogStreamRecord {
  group: string;
  name: string;
  createdMs: number;
  firstMs: number | undefined;
  lastMs: number | undefined;
  ingestedMs: number | undefined;
}

export interface LogEventRecord {
  id: number;
  stream: string;
  atMs: number;
  ingestedMs: number;
  message: string;
}

/** A place between events: after (or before) the event of this time and id. */
export interface Cursor {
  atMs: number;
  id: number;
}

export class LogStore {
  readonly #sql;

  constructor(store: Store) {
    store.migrate("logs", LOGS_TABLES);
    const events = "SELECT * FROM logs_events WHERE group_name = ? AND";
    const between = "at_ms >= ? AND at_ms < ?";
    this.#sql = {
      group: store.prepare("SELECT * FROM logs_groups WHERE name = ?"),
      groups: store.prepare("SELECT * FROM logs_groups ORDER BY name"),
      putGroup: store.prepare("INSERT OR REPLACE INTO logs_groups VALUES (?, ?, ?)"),
      dropGroup: ["logs_events WHERE group_name", "logs_streams WHERE group_name", "logs_groups WHERE name"].map(
        (from) => store.prepare(`DELETE FROM ${from} = ?`),
      ),
      stream: store.prepare("SELECT * FROM logs_streams WHERE group_name = ? AND name = ?"),
      streams: store.prepare("SELECT * FROM logs_streams WHERE group_name = ? ORDER BY name"),
      putStream: store.prepare("INSERT INTO logs_streams VALUES (?, ?, ?, NULL, NULL, NULL)"),
      dropStreamEvents: store.prepare("DELETE FROM logs_events WHERE group_name = ? AND stream = ?"),
      dropStream: store.prepare("DELETE FROM logs_streams WHERE group_name = ? AND name = ?"),
      append: store.prepare(
        "INSERT INTO logs_events (group_name, stream, at_ms, ingested_ms, message) VALUES (?, ?, ?, ?, ?)",
      ),
      noteAppend: store.prepare(
        "UPDATE logs_streams SET first_ms = MIN(COALESCE(first_ms, ?3), ?3), last_ms = MAX(COALESCE(last_ms, ?4), ?4), ingested_ms = ?5 WHERE group_name = ?1 AND name = ?2",
      ),
      forward: store.prepare(`${events} stream = ? AND ${between} AND (at_ms, id) > (?, ?) ORDER BY at_ms, id LIMIT ?`),
      backward: store.prepare(
        `${events} stream = ? AND ${between} AND (at_ms, id) < (?, ?) ORDER BY at_ms DESC, id DESC LIMIT ?`,
      ),
      inGroup: store.prepare(`${events} ${between} AND (at_ms, id) > (?, ?) ORDER BY at_ms, id LIMIT ?`),
      backwardInGroup: store.prepare(
        `${events} ${between} AND (at_ms, id) < (?, ?) ORDER BY at_ms DESC, id DESC LIMIT ?`,
      ),
      byId: store.prepare(`${events} id = ?`),
      expire: store.prepare("DELETE FROM logs_events WHERE group_name = ? AND at_ms < ?"),
    };
  }

  findGroup(name: string): LogGroupRecord | undefined {
    const row = this.#sql.group.get(name);
    return row && toGroup(row);
  }

  /** @throws AwsError ResourceNotFoundException */
  group(name: string): LogGroupRecord {
    const group = this.findGroup(name);
    if (group) return group;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  groups(): LogGroupRecord[] {
    return this.#sql.groups.all().map(toGroup);
  }

  putGroup({ name, retentionDays, createdMs }: LogGroupRecord): void {
    this.#sql.putGroup.run(name, retentionDays, createdMs);
  }

  dropGroup(name: string): void {
    for (const statement of this.#sql.dropGroup) statement.run(name);
  }

  findStream(group: string, name: string): LogStreamRecord | undefined {
    const row = this.#sql.stream.get(group, name);
    return row && toStream(row);
  }

  /** @throws AwsError ResourceNotFoundException for group or stream */
  stream(group: string, name: string): LogStreamRecord {
    const stream = this.findStream(group, name);
    if (stream) return stream;
    this.group(group);
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }

  streams(group: string): LogStreamRecord[] {
    return this.#sql.streams.all(group).map(toStream);
  }

  putStream(group: string, name: string, createdMs: number): void {
    this.#sql.putStream.run(group, name, createdMs);
  }

  dropStream(group: string, name: string): void {
    this.#sql.dropStreamEvents.run(group, name);
    this.#sql.dropStream.run(group, name);
  }

  /** `events` in order of time, at least one. */
  append(group: string, stream: string, events: readonly { atMs: number; message: string }[], nowMs: number): void {
    for (const { atMs, message } of events) this.#sql.append.run(group, stream, atMs, nowMs, message);
    this.#sql.noteAppend.run(group, stream, events[0]?.atMs ?? nowMs, events.at(-1)?.atMs ?? nowMs, nowMs);
  }

  /** Events of a stream after `from`, oldest first. */
  forward(group: string, stream: string, range: TimeRange, from: Cursor, limit: number): LogEventRecord[] {
    return this.#sql.forward.all(group, stream, range.startMs, range.endMs, from.atMs, from.id, limit).map(toEvent);
  }

  /** Events of a stream before `from`, oldest first: the last `limit` of them. */
  backward(group: string, stream: string, range: TimeRange, from: Cursor, limit: number): LogEventRecord[] {
    return this.#sql.backward
      .all(group, stream, range.startMs, range.endMs, from.atMs, from.id, limit)
      .map(toEvent)
      .reverse();
  }

  /** Events of all streams of a group after `from`, oldest first. */
  inGroup(group: string, range: TimeRange, from: Cursor, limit: number): LogEventRecord[] {
    return this.#sql.inGroup.all(group, range.startMs, range.endMs, from.atMs, from.id, limit).map(toEvent);
  }

  /** Events of all streams of a group before `from` (without it: from the newest), oldest first: the last `limit` of them. */
  backwardInGroup(group: string, range: TimeRange, from: Cursor | undefined, limit: number): LogEventRecord[] {
    const { atMs, id } = from ?? { atMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
    return this.#sql.backwardInGroup.all(group, range.startMs, range.endMs, atMs, id, limit).map(toEvent).reverse();
  }

  event(group: string, id: number): LogEventRecord | undefined {
    const row = this.#sql.byId.get(group, id);
    return row && toEvent(row);
  }

  expire(group: string, beforeMs: number): void {
    this.#sql.expire.run(group, beforeMs);
  }
}

/** From `startMs` up to, not including, `endMs`. */
export interface TimeRange {
  startMs: number;
  endMs: number;
}

const maybe = (value: unknown) => (value === null ? undefined : Number(value));

const toGroup = (row: Row): LogGroupRecord => ({
  name: String(row.name),
  retentionDays: Number(row.retention_days),
  createdMs: Number(row.created_ms),
});

const toStream = (row: Row): LogStreamRecord => ({
  group: String(row.group_name),
  name: String(row.name),
  createdMs: Number(row.created_ms),
  firstMs: maybe(row.first_ms),
  lastMs: maybe(row.last_ms),
  ingestedMs: maybe(row.ingested_ms),
});

const toEvent = (row: Row): LogEventRecord => ({
  id: Number(row.id),
  stream: String(row.stream),
  atMs: Number(row.at_ms),
  ingestedMs: Number(row.ingested_ms),
  message: String(row.message),
});
