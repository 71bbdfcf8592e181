import { describe, expect, it } from "vitest";
import { innermostReason } from "../../cli/cause.ts";

describe("innermostReason", () => {
  it("digs through nested executions and job descriptions", () => {
    const job = JSON.stringify({ TrainingJobName: "j", FailureReason: "AlgorithmError: exit code 1" });
    const execution = JSON.stringify({ Cause: job, Error: "States.TaskFailed", Status: "FAILED" });
    expect(innermostReason(execution)).toBe("AlgorithmError: exit code 1");
  });

  it("reads a function's error and a query's state", () => {
    expect(innermostReason('{"errorType":"E","errorMessage":"no such column"}')).toBe("no such column");
    expect(innermostReason('{"Status":{"State":"FAILED","StateChangeReason":"SYNTAX_ERROR: line 1:8"}}')).toBe(
      "SYNTAX_ERROR: line 1:8",
    );
  });

  it("leaves plain text, text that only looks like JSON, and nothing", () => {
    expect(innermostReason("plain\n  text")).toBe("plain text");
    expect(innermostReason("{broken")).toBe("{broken");
    expect(innermostReason(undefined)).toBe("");
  });

  it("cuts what is too long to read", () => {
    expect(innermostReason("x".repeat(5000)).length).toBeLessThan(610);
  });
});
