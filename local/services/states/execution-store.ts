/** Executions, their history, and the tasks they wait for. */
import { z } from "zod";
import {
  decodeHistory,
  encodeHistory,
  type HistoryEvent,
  type JsonObject,
  type RecordedHistory,
} from "../../../engine/states/index.ts";
import type { Row, SqlValue, Statement, Store } from "../../store/index.ts";
import type { PartRow, PartRows } from "./checkpoint-parts.ts";
import type { ExecutionRecord } from "./execution-record.ts";

export interface ExecutionFilter {
  machineArn?: string;
  mapRunArn?: string;
  versionArn?: string;
  aliasArn?: string;
  status?: string;
  redriven?: boolean;
  /** The last row of the page before. */
  after?: { startMs: number; arn: string };
  limit: number;
}

export interface TaskRecord {
  executionArn: string;
  taskId: string;
  submitted: boolean;
  job: { service: string; action: string; reference: string } | undefined;
}

const COLUMNS =
  "arn, machine_arn, name, status, input, output, error, cause, role_arn, revision, start_ms, stop_ms, redrive_count, redrive_ms, seed, type, flow, map_run_arn, item_count, version_arn, alias_arn, trace_header, redrive_token";

const ExecutionRow = z.object({
  arn: z.string(),
  machine_arn: z.string(),
  name: z.string(),
  status: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]),
  input: z.string(),
  output: z.string().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  role_arn: z.string(),
  revision: z.string(),
  start_ms: z.number(),
  stop_ms: z.number().nullable(),
  redrive_count: z.number(),
  redrive_ms: z.number().nullable(),
  seed: z.string(),
  type: z.enum(["STANDARD", "EXPRESS"]),
  flow: z.string().nullable(),
  map_run_arn: z.string().nullable(),
  item_count: z.number().nullable(),
  version_arn: z.string().nullable(),
  alias_arn: z.string().nullable(),
  trace_header: z.string().nullable(),
  redrive_token: z.string().nullable(),
});

const TaskRow = z.object({
  execution_arn: z.string(),
  task_id: z.string(),
  submitted: z.number(),
  job_service: z.string().nullable(),
  job_action: z.string().nullable(),
  job_reference: z.string().nullable(),
});

export class ExecutionStore {
  readonly #store: Store;
  readonly #statements;

  constructor(store: Store) {
    this.#store = store;
    this.#statements = {
      insert: store.prepare(
        `INSERT INTO states_executions (${COLUMNS}, checkpoint) VALUES (${COLUMNS.replaceAll(/[a-z_]+/g, "?")}, ?)`,
      ),
      get: store.prepare(`SELECT ${COLUMNS} FROM states_executions WHERE arn = ?`),
      running: store.prepare("SELECT arn FROM states_executions WHERE status = 'RUNNING'"),
      checkpoint: store.prepare("SELECT checkpoint FROM states_executions WHERE arn = ?"),
      saveCheckpoint: store.prepare("UPDATE states_executions SET checkpoint = ? WHERE arn = ?"),
      end: store.prepare(
        "UPDATE states_executions SET status = ?, output = ?, error = ?, cause = ?, stop_ms = ?, checkpoint = ? WHERE arn = ?",
      ),
      remove: store.prepare("DELETE FROM states_executions WHERE arn = ?"),
      redrive: store.prepare(
        "UPDATE states_executions SET status = 'RUNNING', output = NULL, error = NULL, cause = NULL, stop_ms = NULL, redrive_count = redrive_count + 1, redrive_ms = ?, redrive_token = ? WHERE arn = ?",
      ),
      putPart: store.prepare("INSERT INTO states_checkpoint_parts (execution_arn, id, value) VALUES (?, ?, ?)"),
      parts: store.prepare("SELECT id, value FROM states_checkpoint_parts WHERE execution_arn = ?"),
      removePart: store.prepare("DELETE FROM states_checkpoint_parts WHERE execution_arn = ? AND id = ?"),
      removeParts: store.prepare("DELETE FROM states_checkpoint_parts WHERE execution_arn = ?"),
      putEvents: store.prepare(
        "INSERT INTO states_histories (execution_arn, first_id, last_id, events, codes) VALUES (?, ?, ?, ?, ?)",
      ),
      eventsAfter: store.prepare(
        "SELECT events, codes FROM states_histories WHERE execution_arn = ? AND last_id > ? ORDER BY last_id LIMIT 1",
      ),
      eventsBefore: store.prepare(
        "SELECT events, codes FROM states_histories WHERE execution_arn = ? AND first_id < ? ORDER BY last_id DESC LIMIT 1",
      ),
      lastEvent: store.prepare("SELECT MAX(last_id) AS id FROM states_histories WHERE execution_arn = ?"),
      putTask: store.prepare(
        "INSERT INTO states_tasks (execution_arn, task_id, token) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      ),
      submitted: store.prepare(
        "UPDATE states_tasks SET submitted = 1, job_service = ?, job_action = ?, job_reference = ? WHERE execution_arn = ? AND task_id = ?",
      ),
      endTask: store.prepare("DELETE FROM states_tasks WHERE execution_arn = ? AND task_id = ?"),
      endTasks: store.prepare("DELETE FROM states_tasks WHERE execution_arn = ?"),
      task: store.prepare("SELECT * FROM states_tasks WHERE execution_arn = ? AND task_id = ?"),
      byToken: store.prepare("SELECT * FROM states_tasks WHERE token = ?"),
    };
  }

  /** @param checkpoint JSON text; absent before the first step and after a success, which nothing goes on from */
  insert(record: ExecutionRecord, checkpoint?: string): void {
    const values: SqlValue[] = [record.arn, record.machineArn, record.name, record.status, record.input];
    values.push(record.output ?? null, record.error ?? null, record.cause ?? null, record.roleArn, record.revision);
    values.push(record.startMs, record.stopMs ?? null, record.redriveCount, record.redriveMs ?? null, record.seed);
    values.push(record.type, record.flow ?? null, record.mapRunArn ?? null, record.itemCount ?? null);
    values.push(
      record.versionArn ?? null,
      record.aliasArn ?? null,
      record.traceHeader ?? null,
      record.redriveToken ?? null,
    );
    values.push(checkpoint ?? null);
    this.#statements.insert.queue(...values);
  }

  find(arn: string): ExecutionRecord | undefined {
    const row = this.#statements.get.get(arn);
    return row === undefined ? undefined : toRecord(row);
  }

  runningArns(): string[] {
    return this.#statements.running.all().map((row) => String(row.arn));
  }

  /** Newest first. */
  list(filter: ExecutionFilter): ExecutionRecord[] {
    const where = ["1 = 1"];
    const values: SqlValue[] = [];
    const equal = (column: string, value: SqlValue | undefined) => {
      if (value !== undefined) where.push(`${column} = ?`) && values.push(value);
    };
    equal("machine_arn", filter.machineArn);
    equal("map_run_arn", filter.mapRunArn);
    equal("version_arn", filter.versionArn);
    equal("alias_arn", filter.aliasArn);
    equal("status", filter.status);
    if (filter.redriven !== undefined) where.push(filter.redriven ? "redrive_count > 0" : "redrive_count = 0");
    // Without a scope: what a person started, not the thousands a map did.
    if (filter.mapRunArn === undefined) where.push("map_run_arn IS NULL AND type = 'STANDARD'");
    if (filter.after !== undefined) {
      where.push("(start_ms, arn) < (?, ?)");
      values.push(filter.after.startMs, filter.after.arn);
    }
    const sql = `SELECT ${COLUMNS} FROM states_executions WHERE ${where.join(" AND ")} ORDER BY start_ms DESC, arn DESC LIMIT ?`;
    return this.#store
      .prepare(sql)
      .all(...values, filter.limit)
      .map(toRecord);
  }

  checkpoint(arn: string): JsonObject | undefined {
    const text = this.#statements.checkpoint.get(arn)?.checkpoint;
    return typeof text === "string" ? JSON.parse(text) : undefined;
  }

  /** @param checkpoint JSON text */
  saveCheckpoint(arn: string, checkpoint: string): void {
    this.#statements.saveCheckpoint.queue(checkpoint, arn);
  }

  /** Where the large values of the execution's checkpoint are. */
  parts(arn: string): PartRows {
    return new StoredParts(this.#statements, arn);
  }

  appendHistory(arn: string, recorded: RecordedHistory): void {
    for (const { firstId, lastId, texts, codes } of encodeHistory(recorded))
      this.#statements.putEvents.queue(arn, firstId, lastId, texts, codes);
  }

  lastEventId(arn: string): number {
    return Number(this.#statements.lastEvent.get(arn)?.id ?? 0);
  }

  /** Up to `limit` events after (in reverse: before) the one with the id `from`. */
  events(arn: string, options: { from?: number; limit: number; reverse: boolean }): HistoryEvent[] {
    const { limit, reverse } = options;
    const { eventsAfter, eventsBefore } = this.#statements;
    const found: HistoryEvent[] = [];
    let from = options.from ?? (reverse ? Number.MAX_SAFE_INTEGER : 0);
    while (found.length < limit) {
      const row = (reverse ? eventsBefore : eventsAfter).get(arn, from);
      if (row === undefined) break;
      const wanted = eventsOf(row).filter(({ id }) => (reverse ? id < from : id > from));
      found.push(...(reverse ? wanted.reverse() : wanted));
      from = found.at(-1)?.id ?? from;
    }
    return found.slice(0, limit);
  }

  /** Writes how the execution ended. A success needs no checkpoint any more; redrive goes on from that of any other end. */
  end(record: ExecutionRecord, checkpoint: string | undefined): void {
    const { arn, status, output, error, cause, stopMs } = record;
    this.#statements.end.queue(
      status,
      output ?? null,
      error ?? null,
      cause ?? null,
      stopMs ?? null,
      checkpoint ?? null,
      arn,
    );
    this.#statements.endTasks.queue(arn);
  }

  /** An Express execution leaves nothing but its logs. */
  remove(arn: string): void {
    this.#statements.remove.queue(arn);
    this.#statements.endTasks.queue(arn);
  }

  /** @param token the caller's, which makes a repeated call the same redrive */
  redrive(arn: string, nowMs: number, token?: string): void {
    this.#statements.redrive.run(nowMs, token ?? null, arn);
  }

  putTask(executionArn: string, taskId: string, token: string | undefined): void {
    this.#statements.putTask.queue(executionArn, taskId, token ?? null);
  }

  taskSubmitted(executionArn: string, taskId: string, job: TaskRecord["job"]): void {
    this.#statements.submitted.queue(
      job?.service ?? null,
      job?.action ?? null,
      job?.reference ?? null,
      executionArn,
      taskId,
    );
  }

  endTask(executionArn: string, taskId: string): void {
    this.#statements.endTask.queue(executionArn, taskId);
  }

  task(executionArn: string, taskId: string): TaskRecord | undefined {
    const row = this.#statements.task.get(executionArn, taskId);
    return row === undefined ? undefined : toTask(row);
  }

  taskByToken(token: string): TaskRecord | undefined {
    const row = this.#statements.byToken.get(token);
    return row === undefined ? undefined : toTask(row);
  }
}

type PartStatements = Readonly<Record<"parts" | "putPart" | "removePart" | "removeParts", Statement>>;

class StoredParts implements PartRows {
  readonly #statements: PartStatements;
  readonly #arn: string;

  constructor(statements: PartStatements, arn: string) {
    this.#statements = statements;
    this.#arn = arn;
  }

  all(): readonly PartRow[] {
    return this.#statements.parts.all(this.#arn).map((row) => ({ id: Number(row.id), value: String(row.value) }));
  }

  put({ id, value }: PartRow): void {
    // At once: very many large texts that wait to be written would fill the memory.
    this.#statements.putPart.run(this.#arn, id, value);
  }

  remove(id: number): void {
    this.#statements.removePart.queue(this.#arn, id);
  }

  removeAll(): void {
    this.#statements.removeParts.queue(this.#arn);
  }
}

function eventsOf({ events, codes }: Row): HistoryEvent[] {
  if (codes instanceof Uint8Array) return decodeHistory({ codes, texts: String(events) });
  return JSON.parse(String(events));
}

function toRecord(raw: unknown): ExecutionRecord {
  const row = ExecutionRow.parse(raw);
  return {
    arn: row.arn,
    machineArn: row.machine_arn,
    name: row.name,
    status: row.status,
    input: row.input,
    output: row.output ?? undefined,
    error: row.error ?? undefined,
    cause: row.cause ?? undefined,
    roleArn: row.role_arn,
    revision: row.revision,
    startMs: row.start_ms,
    stopMs: row.stop_ms ?? undefined,
    redriveCount: row.redrive_count,
    redriveMs: row.redrive_ms ?? undefined,
    seed: row.seed,
    type: row.type,
    flow: row.flow ?? undefined,
    mapRunArn: row.map_run_arn ?? undefined,
    itemCount: row.item_count ?? undefined,
    versionArn: row.version_arn ?? undefined,
    aliasArn: row.alias_arn ?? undefined,
    traceHeader: row.trace_header ?? undefined,
    redriveToken: row.redrive_token ?? undefined,
  };
}

function toTask(raw: unknown): TaskRecord {
  const row = TaskRow.parse(raw);
  const job =
    row.job_service === null || row.job_action === null || row.job_reference === null
      ? undefined
      : { service: row.job_service, action: row.job_action, reference: row.job_reference };
  return { executionArn: row.execution_arn, taskId: row.task_id, submitted: row.submitted === 1, job };
}
