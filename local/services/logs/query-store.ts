/** Logs Insights queries and their answers, kept for a week. */
import { z } from "zod";
import type { Store } from "../../store/index.ts";

const Query = z.object({
  id: z.string(),
  text: z.string(),
  groups: z.array(z.string()),
  startMs: z.number(),
  endMs: z.number(),
  most: z.number(),
  createdMs: z.number(),
  status: z.enum(["Scheduled", "Complete", "Failed", "Cancelled"]),
  results: z.array(z.array(z.object({ field: z.string().optional(), value: z.string().optional() }))),
  statistics: z.object({ recordsMatched: z.number(), recordsScanned: z.number(), bytesScanned: z.number() }),
});
export type StoredQuery = z.infer<typeof Query>;

const WEEK_MS = 7 * 24 * 3_600_000;

export class QueryStore {
  readonly #sql;

  constructor(store: Store) {
    this.#sql = {
      find: store.prepare("SELECT body FROM logs_queries WHERE id = ?"),
      all: store.prepare("SELECT body FROM logs_queries ORDER BY created_ms DESC, rowid DESC"),
      open: store.prepare("SELECT body FROM logs_queries WHERE status = 'Scheduled'"),
      put: store.prepare("INSERT OR REPLACE INTO logs_queries VALUES (?, ?, ?, ?)"),
      expire: store.prepare("DELETE FROM logs_queries WHERE created_ms < ?"),
    };
  }

  find(id: string): StoredQuery | undefined {
    const row = this.#sql.find.get(id);
    return row && read(row);
  }

  /** Newest first. */
  all(): StoredQuery[] {
    return this.#sql.all.all().map(read);
  }

  unfinished(): StoredQuery[] {
    return this.#sql.open.all().map(read);
  }

  put(query: StoredQuery): void {
    this.#sql.put.run(query.id, query.createdMs, query.status, JSON.stringify(query));
  }

  expire(nowMs: number): void {
    this.#sql.expire.run(nowMs - WEEK_MS);
  }
}

const read = ({ body }: { body?: unknown }): StoredQuery => Query.parse(JSON.parse(String(body)));
