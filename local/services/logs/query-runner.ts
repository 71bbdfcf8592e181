/** Carries Logs Insights queries out, one after the other; what was under way when the home ended runs again. */
import type { HomePorts } from "../../define-service.ts";
import { parseQuery } from "./insights/parse-query.ts";
import { runQuery } from "./insights/run-query.ts";
import type { LogStore } from "./log-store.ts";
import type { QueryStore, StoredQuery } from "./query-store.ts";

export class LogQueryRunner {
  readonly #home: HomePorts;
  readonly #logs: LogStore;
  readonly #queries: QueryStore;
  readonly #closed = new AbortController();
  readonly #running = new Map<string, AbortController>();
  #last: Promise<void> = Promise.resolve();

  constructor(home: HomePorts, logs: LogStore, queries: QueryStore) {
    this.#home = home;
    this.#logs = logs;
    this.#queries = queries;
  }

  /** For a query that is stored as scheduled; it runs once that is durable. */
  submit({ id }: StoredQuery): void {
    const abort = new AbortController();
    this.#running.set(id, abort);
    const signal = AbortSignal.any([abort.signal, this.#closed.signal]);
    this.#home.store.afterCommit(() => {
      this.#last = this.#last
        .then(() => this.#run(id, signal))
        .catch((thrown: unknown) => this.#home.log("error", `the log query ${id} was lost`, { error: String(thrown) }))
        .finally(() => this.#running.delete(id));
    });
  }

  /** @returns false when it had ended */
  stop(query: StoredQuery): boolean {
    if (query.status !== "Scheduled") return false;
    this.#queries.put({ ...query, status: "Cancelled" });
    this.#running.get(query.id)?.abort();
    return true;
  }

  recover(): void {
    for (const query of this.#queries.unfinished()) this.submit(query);
  }

  close(): Promise<void> {
    this.#closed.abort();
    return this.#last;
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    const query = this.#queries.find(id);
    if (query?.status !== "Scheduled") return;
    const { groups, startMs, endMs, most } = query;
    try {
      const asked = { query: parseQuery(query.text), groups, range: { startMs, endMs }, most };
      const outcome = await runQuery(this.#logs, this.#home.accountId, asked, signal);
      this.#end({ ...query, ...outcome, status: "Complete" });
    } catch (thrown) {
      if (signal.aborted) return;
      this.#home.log("error", `the log query ${id} failed`, { error: String(thrown) });
      this.#end({ ...query, status: "Failed" });
    }
  }

  #end(query: StoredQuery): void {
    if (this.#queries.find(query.id)?.status === "Scheduled") this.#queries.put(query);
  }
}
