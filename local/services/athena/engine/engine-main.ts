/**
 * The query process: takes tasks from the home by IPC, a DuckDB to each. Started when first needed and ended when idle, so
 * neither DuckDB nor the translator weighs on an idle home; dies with the home, since its channel closes.
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { QueryError } from "../sql/query-error.ts";
import { athenaMessage } from "./engine-errors.ts";
import type { Analysis, FromEngine, RunResult, RunTask, Task, ToEngine } from "./protocol.ts";

// Of the constructs most queries are made of, so that their code is compiled.
const WARMING = `SELECT 'x' AS name, value, n FROM (SELECT CAST("a" AS varchar) AS value, count(*) AS n, max(ceil("b" * 1.5)) AS top
  FROM "c"."d" AS e WHERE "a" IS NOT NULL AND "b" > 1 GROUP BY "a" ORDER BY n DESC, value LIMIT 5) AS f UNION ALL SELECT 'y', NULL, 1`;

const connections = new Map<number, DuckDBConnection>();

process.on("message", (message: ToEngine) => {
  if (message.task === "cancel") connections.get(message.id)?.interrupt();
  else if (message.task === "warm") void warm();
  else void perform(message.id, message.task);
});
process.on("disconnect", () => process.exit(0));

/** DuckDB loads while the home looks up the tables. */
let engine: Promise<typeof import("./run-query.ts")> | undefined;

async function perform(id: number, task: Task): Promise<void> {
  try {
    send({ id, result: task.kind === "run" ? await run(id, task) : await analyse(task.query, task.database) });
  } catch (thrown) {
    const query = thrown instanceof QueryError;
    send({ id, failure: { query, message: thrown instanceof Error ? thrown.message : String(thrown) } });
  } finally {
    connections.delete(id);
  }
}

/** Loads and compiles what every query goes through. What fails here is told by the first query. */
async function warm(): Promise<void> {
  await analyse(WARMING, "warm").catch(() => undefined);
  await engine?.then(({ warmUp }) => warmUp()).catch(() => undefined);
  send({ warm: true });
}

async function analyse(query: string, database: string): Promise<Analysis> {
  const { analyse: work } = await import("./analyse.ts");
  setImmediate(() => {
    engine ??= import("./run-query.ts");
  });
  return work(query, database);
}

async function run(id: number, task: RunTask): Promise<RunResult> {
  engine ??= import("./run-query.ts");
  const { runQuery } = await engine;
  try {
    return await runQuery(task, (connection) => connections.set(id, connection));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new QueryError(athenaMessage(message, task.query), { cause: thrown });
  }
}

function send(message: FromEngine): void {
  process.send?.(message);
}
