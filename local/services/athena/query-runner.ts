/** Carries queries out: a few at a time, each as its caller, each with an end. */
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../aws-error.ts";
import { systemLimit } from "../../system-limit.ts";
import type { Athena } from "./context.ts";
import { trimCache } from "./object-cache.ts";
import { isOfPrepared, type PreparedStatementSql, performPrepared } from "./prepared-sql.ts";
import { enter, isEnd } from "./query-life.ts";
import type { Query } from "./query-store.ts";
import { bindParameters } from "./sql/bind-parameters.ts";
import { parseStatement } from "./sql/parse-statement.ts";
import { QueryError } from "./sql/query-error.ts";
import type { Statement } from "./sql/statement.ts";
import { catalogColumns } from "./statements/catalog-columns.ts";
import { runCatalogStatement } from "./statements/catalog-statements.ts";
import { runQueryText, type StatementContext, type StatementResult, THREADS } from "./statements/statement-context.ts";
import { createTableAs, insert, unload } from "./statements/write-statements.ts";
import { putFile, putText } from "./write-results.ts";

/** Others wait in QUEUED. */
const CONCURRENT = 4;
/** As many as have processors of their own; most queries are over sooner one after the other than side by side. */
const BRISK = Math.min(CONCURRENT, Math.max(1, Math.floor(availableParallelism() / THREADS)));
/** After that a query is a long one, and the next does not wait for it. */
const BRISK_MS = 1000;
/** Athena's own limit for DML. */
const LONGEST_MS = 30 * 60_000;

export interface QueryRunner {
  /** For a query stored as QUEUED; runs once that is durable. */
  submit(query: Query): void;
  cancel(query: Query): void;
  recover(): void;
  close(): void;
}

export function createQueryRunner(athena: Athena): QueryRunner {
  const { home, queries, engine } = athena;
  const waiting: string[] = [];
  const running = new Map<string, AbortController>();
  const brisk = new Set<string>();
  let closed = false;

  const next = () => {
    while (running.size < CONCURRENT && brisk.size < BRISK && !closed) {
      const id = waiting.shift();
      if (id === undefined) return;
      const query = queries.find(id);
      if (query !== undefined && !isEnd(query.state)) void run(query);
    }
  };

  const run = async (queued: Query) => {
    const abort = new AbortController();
    running.set(queued.id, abort);
    brisk.add(queued.id);
    const stopBrisk = home.clock.at(home.clock.now() + BRISK_MS, () => {
      brisk.delete(queued.id);
      next();
    });
    const stopTimer = home.clock.at(home.clock.now() + LONGEST_MS, () =>
      abort.abort(new QueryError("Query timeout: the query ran for 30 minutes, the most a query may")),
    );
    const query = queued.state === "RUNNING" ? queued : enter(athena, queued, "RUNNING");
    const workDirectory = join(home.directory, "athena", "work", query.id);
    // What it wrote goes first: where that filled the disk, its end could not be written down beside it.
    const clear = () => rmSync(workDirectory, { recursive: true, force: true });
    try {
      const result = await carryOut(athena, query, abort.signal, workDirectory).finally(clear);
      enter(athena, query, "SUCCEEDED", result);
    } catch (thrown) {
      if (!closed) fail(athena, query, abort.signal.aborted ? abort.signal.reason : thrown);
    } finally {
      stopTimer();
      stopBrisk();
      brisk.delete(queued.id);
      running.delete(query.id);
      if (running.size === 0) trimCache(home.directory);
      next();
    }
  };

  const submit = (query: Query) => {
    home.store.afterCommit(() => {
      waiting.push(query.id);
      next();
    });
  };
  return {
    submit,
    cancel(query) {
      enter(athena, query, "CANCELLED", { reason: "Query was cancelled by the user" });
      home.store.afterCommit(() => running.get(query.id)?.abort(new QueryError("Query was cancelled by the user")));
    },
    recover() {
      for (const query of queries.unfinished()) submit(query);
    },
    close() {
      closed = true;
      for (const abort of running.values()) abort.abort(new QueryError("the home stops"));
      engine.close();
    },
  };
}

async function carryOut(
  athena: Athena,
  query: Query,
  signal: AbortSignal,
  workDirectory: string,
): Promise<Partial<Query>> {
  const { home, engine, workGroups } = athena;
  const cutoffBytes = workGroups.get(query.workGroup).configuration.BytesScannedCutoffPerQuery;
  const context: StatementContext = {
    home,
    principal: query.principal,
    signal,
    query,
    engine,
    cutoffBytes,
    workDirectory,
  };
  const given = query.prepared ?? query;
  const text =
    given.parameters.length > 0 || query.prepared ? bindParameters(given.text, given.parameters) : given.text;
  const statement = parseStatement(text);
  const { columns, scannedBytes, manifestLocation } = isOfPrepared(statement)
    ? await performPrepared(athena, context, statement)
    : await perform(context, statement);
  await putText(context, `${query.outputLocation}.metadata`, JSON.stringify({ columns }), query.encryption);
  return { columns, scannedBytes, ...(manifestLocation === undefined ? {} : { manifestLocation }) };
}

async function perform(
  context: StatementContext,
  statement: Exclude<Statement, PreparedStatementSql>,
): Promise<StatementResult> {
  const { query, workDirectory } = context;
  switch (statement.kind) {
    case "select": {
      const path = join(workDirectory, "result.csv");
      const { columns, scannedBytes } = await runQueryText(context, statement.query, { kind: "csv", path });
      await putFile(context, query.outputLocation, path, query.encryption);
      return { columns, scannedBytes };
    }
    case "unload":
      return unload(context, statement);
    case "create-table-as":
      return createTableAs(context, statement);
    case "insert":
      return insert(context, statement);
    default: {
      const lines = await runCatalogStatement(context, statement);
      await putText(context, query.outputLocation, lines.map((line) => `${line}\n`).join(""), query.encryption);
      return { columns: catalogColumns(statement.kind), scannedBytes: 0 };
    }
  }
}

function fail(athena: Athena, query: Query, thrown: unknown): void {
  if (thrown instanceof QueryError && thrown.message.includes("Bytes scanned limit")) {
    enter(athena, query, "CANCELLED", { reason: thrown.message });
  } else if (thrown instanceof QueryError) {
    // Of Athena's names this one is for what is no fault of the query.
    const errorCategory = thrown.message.startsWith("GENERIC_INTERNAL_ERROR") ? 1 : 2;
    enter(athena, query, "FAILED", { reason: thrown.message, errorCategory });
  } else if (thrown instanceof AwsError && /AccessDenied/.test(thrown.code)) {
    const reason = `Insufficient permissions to execute the query. ${thrown.message}`;
    enter(athena, query, "FAILED", { reason, errorCategory: 2 });
  } else {
    const message = systemLimit(thrown) ?? (thrown instanceof Error ? thrown.message : String(thrown));
    const system = !(thrown instanceof AwsError) || thrown.status >= 500;
    enter(athena, query, "FAILED", { reason: message, errorCategory: system ? 1 : 2 });
  }
}
