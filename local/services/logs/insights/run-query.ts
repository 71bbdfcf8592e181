/** Runs a query over the events of log groups, newest first, giving way to others between pages. */
import { setImmediate } from "node:timers/promises";
import type { ResultField } from "@aws-sdk/client-cloudwatch-logs";
import type { LogEventRecord, LogStore, TimeRange } from "../log-store.ts";
import { EventRow } from "./event-row.ts";
import type { Row, Value } from "./expression.ts";
import type { InsightsQuery } from "./parse-query.ts";
import type { Stage } from "./stages.ts";

export interface QueryStatistics {
  recordsMatched: number;
  recordsScanned: number;
  bytesScanned: number;
}

export interface QueryOutcome {
  results: ResultField[][];
  statistics: QueryStatistics;
}

const PAGE = 500;

/**
 * @param most rows of the answer, where the query itself gives no limit
 * @throws TooManyRowsError, and the signal's reason when it was stopped
 */
export async function runQuery(
  store: LogStore,
  accountId: string,
  { query, groups, range, most }: { query: InsightsQuery; groups: readonly string[]; range: TimeRange; most: number },
  signal: AbortSignal,
): Promise<QueryOutcome> {
  const results: ResultField[][] = [];
  const statistics: QueryStatistics = { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
  const last: Stage = {
    push(row) {
      results.push(shown(query, row));
      return query.limited || results.length < most;
    },
    end: () => undefined,
  };
  const first = query.stages.reduceRight((next, make) => make(next), last);
  for await (const { group, event } of newestFirst(store, groups, range, signal)) {
    statistics.recordsScanned++;
    statistics.bytesScanned += Buffer.byteLength(event.message);
    if (!first.push(new EventRow(event, group, `${accountId}:${group}`))) break;
  }
  first.end();
  statistics.recordsMatched = results.length;
  return { results, statistics };
}

interface Source {
  group: string;
  page: LogEventRecord[];
  done: boolean;
}

/** The events of all groups in one order. */
async function* newestFirst(store: LogStore, groups: readonly string[], range: TimeRange, signal: AbortSignal) {
  const sources: Source[] = groups.map((group) => ({ group, page: [], done: false }));
  const from = new Map<string, LogEventRecord>();
  for (;;) {
    for (const source of sources) {
      if (source.page.length > 0 || source.done) continue;
      await setImmediate();
      signal.throwIfAborted();
      source.page = store.backwardInGroup(source.group, range, from.get(source.group), PAGE);
      source.done = source.page.length === 0;
    }
    const latest = sources
      .filter(({ page }) => page.length > 0)
      .reduce<Source | undefined>((best, one) => (best === undefined || isLater(one, best) ? one : best), undefined);
    const event = latest?.page.pop();
    if (latest === undefined || event === undefined) return;
    from.set(latest.group, event);
    yield { group: latest.group, event };
  }
}

function isLater(one: Source, other: Source): boolean {
  const [left, right] = [one.page.at(-1), other.page.at(-1)];
  return left !== undefined && right !== undefined && (left.atMs - right.atMs || left.id - right.id) > 0;
}

function shown({ shown: fields, times, ofEvents }: InsightsQuery, row: Row): ResultField[] {
  const values = fields.map((field) => ({ field, value: written(row.get(field), times.has(field)) }));
  const answer = values.filter(({ value }) => value !== undefined);
  return ofEvents ? [...answer, { field: "@ptr", value: written(row.get("@ptr"), false) }] : answer;
}

function written(value: Value, isTime: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value !== "number") return value;
  if (isTime) return new Date(value).toISOString().replace("T", " ").replace("Z", "");
  return String(Number.isInteger(value) ? value : Number(value.toFixed(4)));
}
