import {
  BatchGetPreparedStatementCommand,
  CreatePreparedStatementCommand,
  DeletePreparedStatementCommand,
  GetPreparedStatementCommand,
  ListPreparedStatementsCommand,
  UpdatePreparedStatementCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenAthena, ORDERS_CSV, ORDERS_DDL, openAthena } from "./open-athena.ts";

let athena: OpenAthena;
beforeAll(async () => {
  athena = await openAthena();
  await athena.put("orders/part.csv", ORDERS_CSV);
  await athena.rows("CREATE DATABASE shop");
  await athena.rows(ORDERS_DDL);
});
afterAll(() => athena.close());

const reasonOf = async (sql: string) => (await athena.run(sql)).Status?.StateChangeReason;
const WorkGroup = "wg";

describe("a prepared statement", () => {
  it("is kept by workgroup, changed, listed by pages, and gone when deleted", async () => {
    const { client } = athena;
    const send = (StatementName: string, QueryStatement: string) =>
      client.send(
        new CreatePreparedStatementCommand({ WorkGroup, StatementName, QueryStatement, Description: "of a" }),
      );
    await send("crud_b", "SELECT ?");
    await send("crud_a", "SELECT 1");
    await expect(send("crud_a", "SELECT 2")).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: "PreparedStatement crud_a already exists in workGroup wg",
    });
    const first = await client.send(new ListPreparedStatementsCommand({ WorkGroup, MaxResults: 1 }));
    const second = await client.send(
      new ListPreparedStatementsCommand({ WorkGroup, MaxResults: 1, NextToken: first.NextToken }),
    );
    const names = [first, second].map((page) => page.PreparedStatements?.map(({ StatementName }) => StatementName));
    expect([names, second.NextToken]).toEqual([[["crud_a"], ["crud_b"]], undefined]);
    const QueryStatement = "SELECT 3";
    await client.send(new UpdatePreparedStatementCommand({ WorkGroup, StatementName: "crud_a", QueryStatement }));
    const got = await client.send(new GetPreparedStatementCommand({ WorkGroup, StatementName: "crud_a" }));
    expect(got.PreparedStatement).toMatchObject({ StatementName: "crud_a", WorkGroupName: "wg", QueryStatement });
    const batch = await client.send(
      new BatchGetPreparedStatementCommand({ WorkGroup, PreparedStatementNames: ["crud_b", "none"] }),
    );
    expect(batch.PreparedStatements?.map(({ StatementName }) => StatementName)).toEqual(["crud_b"]);
    expect(batch.UnprocessedPreparedStatementNames).toMatchObject([{ StatementName: "none" }]);
    for (const StatementName of ["crud_a", "crud_b"])
      await client.send(new DeletePreparedStatementCommand({ WorkGroup, StatementName }));
    await expect(
      client.send(new GetPreparedStatementCommand({ WorkGroup, StatementName: "crud_a" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException", ResourceName: "crud_a" });
  });

  it.each([
    ["1a", "SELECT 1", /StatementName "1a" must begin/],
    ["ok", "EXECUTE other", /EXECUTE cannot be prepared/],
    ["ok", "COPY x TO '/tmp/x'", /QueryStatement: line 1:1: mismatched input 'COPY'/],
  ])("is refused when it is made: %s from %s", async (StatementName, QueryStatement, message) => {
    const made = athena.client.send(new CreatePreparedStatementCommand({ WorkGroup, StatementName, QueryStatement }));
    await expect(made).rejects.toMatchObject({ name: "InvalidRequestException", message });
  });
});

describe("EXECUTE", () => {
  it("runs what PREPARE kept, by USING or by execution parameters, with the rows and the file of a SELECT", async () => {
    await athena.run("PREPARE by_customer FROM SELECT id FROM orders WHERE customer = ? AND id < ?");
    expect(await athena.rows("EXECUTE by_customer USING 'ann', 3")).toEqual([["id"], ["1"]]);
    expect(await athena.rows("EXECUTE by_customer USING 'a,nn', 3")).toEqual([["id"]]);
    const query = await athena.run("EXECUTE by_customer", { ExecutionParameters: ["'ann'", "9"] });
    expect(query).toMatchObject({ Query: "EXECUTE by_customer", StatementType: "DML", Status: { State: "SUCCEEDED" } });
    expect(query.ResultConfiguration?.OutputLocation).toMatch(/\.csv$/);
    expect(await athena.rows("EXECUTE by_customer", { ExecutionParameters: ["'ann'", "9"] })).toEqual([
      ["id"],
      ["1"],
      ["3"],
    ]);
    expect(await athena.run("DEALLOCATE PREPARE by_customer")).toMatchObject({ Status: { State: "SUCCEEDED" } });
    expect(await reasonOf("EXECUTE by_customer USING 'ann', 3")).toBe(
      "NOT_FOUND: Prepared statement not found: by_customer",
    );
    expect(await reasonOf("DEALLOCATE PREPARE by_customer")).toMatch(/^NOT_FOUND/);
  });

  it("writes too: CREATE TABLE AS and INSERT INTO", async () => {
    await athena.run("PREPARE make FROM CREATE TABLE made AS SELECT id, customer FROM orders WHERE id = ?");
    await athena.run("PREPARE more FROM INSERT INTO made SELECT id, customer FROM orders WHERE id = ?");
    await athena.run("EXECUTE make USING 1");
    await athena.run("EXECUTE more USING 2");
    expect(await athena.rows("SELECT * FROM made ORDER BY id")).toEqual([
      ["id", "customer"],
      ["1", "ann"],
      ["2", "bob"],
    ]);
  });

  it("takes literals only, as many as there are places", async () => {
    await athena.run("PREPARE two FROM SELECT ?, ?");
    expect(await reasonOf("EXECUTE two USING 1")).toMatch(/Incorrect number of parameters: expected 2 but found 1/);
    expect(await reasonOf("EXECUTE two USING 1, (SELECT 1)")).toMatch(/is not a literal/);
    expect(await reasonOf("EXECUTE two USING 1, 2; DROP TABLE orders")).toMatch(/not a literal|Only one sql/);
    expect(await reasonOf("EXECUTE two USING 1,")).toMatch(/mismatched input '<EOF>'/);
    expect(await athena.rows("EXECUTE two USING '--', ' '' '")).toEqual([
      ["_col0", "_col1"],
      ["--", " ' "],
    ]);
  });

  it("asks for the statement as its sender", async () => {
    const runner = athena.as(["athena:StartQueryExecution", "s3:*", "glue:*"]);
    for (const [sql, action] of [
      ["EXECUTE two USING 1, 2", "athena:GetPreparedStatement"],
      ["PREPARE mine FROM SELECT 1", "athena:CreatePreparedStatement"],
      ["DEALLOCATE PREPARE two", "athena:DeletePreparedStatement"],
    ] as const)
      await expect(athena.run(sql, {}, runner)).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(action),
      });
  });
});
