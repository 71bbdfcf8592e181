import { describe, expect, it } from "vitest";
import { mayRead } from "../../../handlers/drift/query-columns.ts";

describe("what a model's query reads", () => {
  it.each([
    "SELECT age, risk FROM t",
    'SELECT max("Age") FROM t',
    "select risk from t where t.AGE>30",
    "SELECT *, 1 AS one FROM t",
    "SELECT risk, t.* FROM t",
    "SELECT DISTINCT * FROM t",
    "SELECT risk, * FROM t",
    "SELECT 'age' AS risk FROM t",
  ])("has age in it: %s", (sql) => {
    expect(mayRead(sql)("age")).toBe(true);
  });

  it.each([
    "SELECT risk FROM t -- not age",
    "SELECT risk /* age,\n * */ FROM t",
    "SELECT count(*), risk FROM t",
    "SELECT 2 * risk FROM t",
    "SELECT ages, age_group, x_age FROM t",
  ])("has no age in it: %s", (sql) => {
    expect(mayRead(sql)("age")).toBe(false);
  });
});
