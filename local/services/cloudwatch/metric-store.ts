/** Metric data points, as they were put: a value with how often it occurred, or a statistic set. */
import type { Row, Store } from "../../store/index.ts";

export interface MetricId {
  namespace: string;
  name: string;
  dimensions: readonly { Name: string; Value: string }[];
}

export interface DataPoint {
  atMs: number;
  /** Occurrences. */
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  unit: string;
}

const DDL = `
CREATE TABLE cloudwatch_data (
  id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL, at_ms INTEGER NOT NULL,
  count REAL NOT NULL, sum REAL NOT NULL, minimum REAL NOT NULL, maximum REAL NOT NULL, unit TEXT NOT NULL) STRICT;
CREATE INDEX cloudwatch_data_by_metric ON cloudwatch_data (namespace, name, dimensions, at_ms);
CREATE TABLE cloudwatch_alarms (
  name TEXT PRIMARY KEY, definition TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, reason_data TEXT NOT NULL,
  state_ms INTEGER NOT NULL, configured_ms INTEGER NOT NULL) STRICT;
CREATE TABLE cloudwatch_dashboards (name TEXT PRIMARY KEY, body TEXT NOT NULL, modified_ms INTEGER NOT NULL) STRICT;
`;

const HISTORY = `
CREATE TABLE cloudwatch_alarm_history (
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, summary TEXT NOT NULL, data TEXT NOT NULL
) STRICT;
CREATE INDEX cloudwatch_alarm_history_by_time ON cloudwatch_alarm_history (at_ms);
`;

/** Creates the service's tables. */
export function migrateCloudWatch(store: Store): void {
  store.migrate("cloudwatch", [DDL, HISTORY]);
}

export class MetricStore {
  readonly #sql;

  constructor(store: Store) {
    this.#sql = {
      put: store.prepare(
        "INSERT INTO cloudwatch_data (namespace, name, dimensions, at_ms, count, sum, minimum, maximum, unit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ),
      read: store.prepare(
        "SELECT * FROM cloudwatch_data WHERE namespace = ? AND name = ? AND dimensions = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms",
      ),
      list: store.prepare("SELECT DISTINCT namespace, name, dimensions FROM cloudwatch_data ORDER BY 1, 2, 3"),
      expire: store.prepare("DELETE FROM cloudwatch_data WHERE at_ms < ?"),
    };
  }

  put(metric: MetricId, point: DataPoint): void {
    const { atMs, count, sum, minimum, maximum, unit } = point;
    this.#sql.put.run(
      metric.namespace,
      metric.name,
      dimensionKey(metric.dimensions),
      atMs,
      count,
      sum,
      minimum,
      maximum,
      unit,
    );
  }

  /** Points from `startMs` up to, not including, `endMs`; a metric is its exact set of dimensions. */
  read(metric: MetricId, startMs: number, endMs: number): DataPoint[] {
    return this.#sql.read
      .all(metric.namespace, metric.name, dimensionKey(metric.dimensions), startMs, endMs)
      .map(toPoint);
  }

  list(): MetricId[] {
    return this.#sql.list.all().map((row) => ({
      namespace: String(row.namespace),
      name: String(row.name),
      dimensions: JSON.parse(String(row.dimensions)),
    }));
  }

  expire(beforeMs: number): void {
    this.#sql.expire.run(beforeMs);
  }
}

/** One text for a set of dimensions, whatever their order. */
export function dimensionKey(dimensions: MetricId["dimensions"]): string {
  return JSON.stringify(
    dimensions
      .map(({ Name, Value }) => ({ Name, Value }))
      .sort((left, right) => (left.Name < right.Name ? -1 : left.Name > right.Name ? 1 : 0)),
  );
}

/** Whether two metrics are the same one. */
export const sameMetric = (left: MetricId, right: MetricId): boolean =>
  left.namespace === right.namespace &&
  left.name === right.name &&
  dimensionKey(left.dimensions) === dimensionKey(right.dimensions);

const toPoint = (row: Row): DataPoint => ({
  atMs: Number(row.at_ms),
  count: Number(row.count),
  sum: Number(row.sum),
  minimum: Number(row.minimum),
  maximum: Number(row.maximum),
  unit: String(row.unit),
});
