import { expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/index.ts";
import { athena } from "../../../../local/services/athena/index.ts";
import { glue } from "../../../../local/services/glue/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const directory = temporaryFolder("athena-recovery");

it("runs a query again that was in flight when the home ended, writing its rows once", async () => {
  const before = await open();
  for (const Bucket of ["data", "results"]) await call(before, "s3", "CreateBucket", { Bucket });
  await ask(before, "CREATE DATABASE shop");
  await ask(before, "CREATE TABLE shop.kept WITH (external_location = 's3://data/kept/') AS SELECT 1 AS x");
  const { QueryExecutionId } = await start(before, "INSERT INTO shop.kept SELECT 2");
  // As a kill would leave it: stored as QUEUED or RUNNING, and nothing told.
  await before.close();

  const after = await open();
  const ended = endOf(after, QueryExecutionId);
  await after.start();
  expect(await ended).toBe("SUCCEEDED");
  const select = await ask(after, "SELECT x FROM shop.kept ORDER BY x");
  expect(await call(after, "athena", "GetQueryResults", { QueryExecutionId: select })).toMatchObject({
    ResultSet: { Rows: ["x", "1", "2"].map((VarCharValue) => ({ Data: [{ VarCharValue }] })) },
  });
  await after.close();
});

async function open(): Promise<Home> {
  const home = await openHome({ directory, services: [s3, glue, athena] });
  return home;
}

async function ask(home: Home, sql: string): Promise<string> {
  const seen = new Map<string, string>();
  const stop = home.ports.listen(({ detail }) => {
    seen.set(String(Object(detail).queryExecutionId), String(Object(detail).currentState));
  });
  const { QueryExecutionId } = await start(home, sql);
  if (seen.get(QueryExecutionId) !== "SUCCEEDED") expect(await endOf(home, QueryExecutionId)).toBe("SUCCEEDED");
  stop();
  return QueryExecutionId;
}

function start(home: Home, QueryString: string): Promise<{ QueryExecutionId: string }> {
  const ResultConfiguration = { OutputLocation: "s3://results/r/" };
  return call(home, "athena", "StartQueryExecution", { QueryString, ResultConfiguration });
}

/** The state in which the query ends. */
function endOf({ ports }: Home, queryExecutionId: string): Promise<string> {
  return new Promise((resolve) => {
    ports.listen(({ detail }) => {
      const told = Object(detail);
      const ends = ["SUCCEEDED", "FAILED", "CANCELLED"].includes(told.currentState);
      if (told.queryExecutionId === queryExecutionId && ends) resolve(told.currentState);
    });
  });
}

async function call<T>({ ports }: Home, service: string, operation: string, input: object): Promise<T> {
  return (await ports.call(service, operation, input, { kind: "home", accountId: ports.accountId })) as T;
}
