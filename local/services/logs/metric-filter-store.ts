/** Metric filters: what is counted of a group's events. */
import { z } from "zod";
import type { Store } from "../../store/index.ts";

export const Transformation = z.object({
  metricName: z.string(),
  metricNamespace: z.string(),
  metricValue: z.string(),
  defaultValue: z.number().optional(),
  unit: z.string().optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
});
export type Transformation = z.infer<typeof Transformation>;

const Filter = z.object({
  group: z.string(),
  name: z.string(),
  pattern: z.string(),
  transformation: Transformation,
  createdMs: z.number(),
});
export type MetricFilter = z.infer<typeof Filter>;

export class MetricFilterStore {
  readonly #sql;

  constructor(store: Store) {
    this.#sql = {
      put: store.prepare("INSERT OR REPLACE INTO logs_metric_filters VALUES (?, ?, ?)"),
      all: store.prepare("SELECT body FROM logs_metric_filters ORDER BY group_name, name"),
      ofGroup: store.prepare("SELECT body FROM logs_metric_filters WHERE group_name = ? ORDER BY name"),
      drop: store.prepare("DELETE FROM logs_metric_filters WHERE group_name = ? AND name = ?"),
      dropGroup: store.prepare("DELETE FROM logs_metric_filters WHERE group_name = ?"),
    };
  }

  put(filter: MetricFilter): void {
    this.#sql.put.run(filter.group, filter.name, JSON.stringify(filter));
  }

  /** Of one group, or of all. */
  list(group?: string): MetricFilter[] {
    const rows = group === undefined ? this.#sql.all.all() : this.#sql.ofGroup.all(group);
    return rows.map(({ body }) => Filter.parse(JSON.parse(String(body))));
  }

  /** @returns whether there was one */
  drop(group: string, name: string): boolean {
    return this.#sql.drop.run(group, name) > 0;
  }

  dropGroup(group: string): void {
    this.#sql.dropGroup.run(group);
  }
}
