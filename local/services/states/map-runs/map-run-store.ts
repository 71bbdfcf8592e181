/** Map runs and their children. A child is here from the moment it is wanted; it is an execution once there is room for it. */
import { z } from "zod";
import type { MapRunSettings, StartChildEffect } from "../../../../engine/states/index.ts";
import type { Statement, Store } from "../../../store/index.ts";

export type MapRunStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";

export interface MapRunRecord {
  arn: string;
  executionArn: string;
  stateName: string;
  status: MapRunStatus;
  startMs: number;
  stopMs: number | undefined;
  maxConcurrency: number;
  toleratedCount: number;
  toleratedPercentage: number;
  resultsWritten: number;
  redriveCount: number;
  redriveMs: number | undefined;
}

const CHILD_STATUSES = [
  "PENDING",
  "PENDING_REDRIVE",
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
] as const;
export type ChildStatus = (typeof CHILD_STATUSES)[number];

export interface ChildRecord {
  child: number;
  executionArn: string;
  flow: string;
  type: "STANDARD" | "EXPRESS";
  name: string;
  itemCount: number;
  status: ChildStatus;
  /** JSON text, until it has ended. */
  input: string | undefined;
}

const RunRow = z.object({
  arn: z.string(),
  execution_arn: z.string(),
  state_name: z.string(),
  status: z.enum(["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"]),
  start_ms: z.number(),
  stop_ms: z.number().nullable(),
  max_concurrency: z.number(),
  tolerated_count: z.number(),
  tolerated_percentage: z.number(),
  results_written: z.number(),
  redrive_count: z.number(),
  redrive_ms: z.number().nullable(),
});

const ChildRow = z.object({
  child: z.number(),
  execution_arn: z.string(),
  flow: z.string(),
  type: z.enum(["STANDARD", "EXPRESS"]),
  name: z.string(),
  item_count: z.number(),
  status: z.enum(CHILD_STATUSES),
  input: z.string().nullable(),
});

const CHILD = "child, execution_arn, flow, type, name, item_count, status, input";
const CHILDREN = `SELECT ${CHILD} FROM states_map_children WHERE map_run_arn = ?`;

export class MapRunStore {
  readonly #sql: Record<
    | "insert"
    | "find"
    | "list"
    | "end"
    | "redrive"
    | "settings"
    | "written"
    | "putChild"
    | "child"
    | "byStatus"
    | "children"
    | "setStatus"
    | "setExecution"
    | "ended"
    | "counts",
    Statement
  >;

  constructor(store: Store) {
    const update = (set: string) => store.prepare(`UPDATE states_map_runs SET ${set} WHERE arn = ?`);
    const updateChild = (set: string, where: string) =>
      store.prepare(`UPDATE states_map_children SET ${set} WHERE map_run_arn = ? AND ${where}`);
    this.#sql = {
      insert: store.prepare(
        "INSERT INTO states_map_runs (arn, execution_arn, state_name, status, start_ms, max_concurrency, tolerated_count, tolerated_percentage) VALUES (?, ?, ?, 'RUNNING', ?, ?, ?, ?)",
      ),
      find: store.prepare("SELECT * FROM states_map_runs WHERE arn = ?"),
      list: store.prepare(
        "SELECT * FROM states_map_runs WHERE execution_arn = ? AND (start_ms, arn) < (?, ?) ORDER BY start_ms DESC, arn DESC LIMIT ?",
      ),
      end: update("status = ?, stop_ms = ?"),
      redrive: update(
        "status = 'RUNNING', stop_ms = NULL, results_written = 0, redrive_count = redrive_count + 1, redrive_ms = ?",
      ),
      settings: update("max_concurrency = ?, tolerated_count = ?, tolerated_percentage = ?"),
      written: update("results_written = ?"),
      putChild: store.prepare(
        `INSERT INTO states_map_children (map_run_arn, ${CHILD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      child: store.prepare(`${CHILDREN} AND child = ?`),
      // Left to itself SQLite reads the run's children in order until some have the status: all of them, again and again.
      byStatus: store.prepare(
        `SELECT ${CHILD} FROM states_map_children INDEXED BY states_map_children_by_status WHERE map_run_arn = ? AND status = ? ORDER BY child LIMIT ?`,
      ),
      children: store.prepare(`${CHILDREN} AND child > ? ORDER BY child LIMIT ?`),
      setStatus: updateChild("status = ?", "child = ?"),
      setExecution: updateChild("execution_arn = ?", "child = ?"),
      ended: updateChild("status = ?, input = NULL", "child = ?"),
      counts: store.prepare(
        "SELECT status, COUNT(*) AS children, SUM(item_count) AS items FROM states_map_children WHERE map_run_arn = ? GROUP BY status",
      ),
    };
  }

  insert(arn: string, executionArn: string, stateName: string, startMs: number, settings: MapRunSettings): void {
    const { maxConcurrency, toleratedFailureCount = 0, toleratedFailurePercentage = 0 } = settings;
    const tolerated = [toleratedFailureCount, toleratedFailurePercentage] as const;
    this.#sql.insert.run(arn, executionArn, stateName, startMs, maxConcurrency, ...tolerated);
  }

  find(arn: string): MapRunRecord | undefined {
    const row = this.#sql.find.get(arn);
    return row === undefined ? undefined : toRun(row);
  }

  /** Newest first. `after` is the last row of the page before. */
  list(executionArn: string, after: { startMs: number; arn: string } | undefined, limit: number): MapRunRecord[] {
    const { startMs, arn } = after ?? { startMs: Number.MAX_SAFE_INTEGER, arn: "" };
    return this.#sql.list.all(executionArn, startMs, arn, limit).map(toRun);
  }

  end(arn: string, status: MapRunStatus, stopMs: number): void {
    this.#sql.end.run(status, stopMs, arn);
  }

  redrive(arn: string, nowMs: number): void {
    this.#sql.redrive.run(nowMs, arn);
  }

  update(run: MapRunRecord): void {
    this.#sql.settings.run(run.maxConcurrency, run.toleratedCount, run.toleratedPercentage, run.arn);
  }

  resultsWritten(arn: string, count: number): void {
    this.#sql.written.run(count, arn);
  }

  putChild(effect: StartChildEffect, executionArn: string): void {
    const { mapRunId, index, childMachine, executionType, name, itemCount, input } = effect;
    const own = [index, executionArn, childMachine, executionType, name, itemCount] as const;
    this.#sql.putChild.run(mapRunId, ...own, "PENDING", JSON.stringify(input));
  }

  child(arn: string, child: number): ChildRecord | undefined {
    const row = this.#sql.child.get(arn, child);
    return row === undefined ? undefined : toChild(row);
  }

  byStatus(arn: string, status: ChildStatus, limit: number): ChildRecord[] {
    return this.#sql.byStatus.all(arn, status, limit).map(toChild);
  }

  /** In order of their index, after `after`. */
  children(arn: string, after: number, limit: number): ChildRecord[] {
    return this.#sql.children.all(arn, after, limit).map(toChild);
  }

  setStatus(arn: string, child: number, status: ChildStatus): void {
    this.#sql.setStatus.queue(status, arn, child);
  }

  setExecution(arn: string, child: number, executionArn: string): void {
    this.#sql.setExecution.queue(executionArn, arn, child);
  }

  /** Its input is the execution's from then on. */
  ended(arn: string, child: number, status: ChildStatus): void {
    this.#sql.ended.queue(status, arn, child);
  }

  counts(arn: string): Map<ChildStatus, { children: number; items: number }> {
    const status = z.enum(CHILD_STATUSES);
    return new Map(
      this.#sql.counts
        .all(arn)
        .map((row) => [status.parse(row.status), { children: Number(row.children), items: Number(row.items) }]),
    );
  }
}

function toRun(raw: unknown): MapRunRecord {
  const row = RunRow.parse(raw);
  return {
    arn: row.arn,
    executionArn: row.execution_arn,
    stateName: row.state_name,
    status: row.status,
    startMs: row.start_ms,
    stopMs: row.stop_ms ?? undefined,
    maxConcurrency: row.max_concurrency,
    toleratedCount: row.tolerated_count,
    toleratedPercentage: row.tolerated_percentage,
    resultsWritten: row.results_written,
    redriveCount: row.redrive_count,
    redriveMs: row.redrive_ms ?? undefined,
  };
}

function toChild(raw: unknown): ChildRecord {
  const row = ChildRow.parse(raw);
  return {
    child: row.child,
    executionArn: row.execution_arn,
    flow: row.flow,
    type: row.type,
    name: row.name,
    itemCount: row.item_count,
    status: row.status,
    input: row.input ?? undefined,
  };
}
