import { describe, expect, it } from "vitest";
import { createHandler } from "../../../handlers/gate/index.ts";
import { invoke } from "../invoke.ts";

const gate = (evaluation: unknown, input: object = {}) =>
  invoke(
    createHandler({ readText: async () => (typeof evaluation === "string" ? evaluation : JSON.stringify(evaluation)) }),
    {
      evaluation: "s3://artifacts/evaluation.json",
      metric: "auc",
      floor: 0.7,
      better: "higher",
      champion: false,
      ...input,
    },
  );

describe("gate", () => {
  it.each([
    {
      case: "above the floor, no champion",
      evaluation: { metrics: { auc: 0.8 }, rows: 9 },
      input: {},
      passed: true,
      says: /no champion/,
    },
    {
      case: "below the floor",
      evaluation: { metrics: { auc: 0.6 }, rows: 9 },
      input: {},
      passed: false,
      says: /floor 0.7/,
    },
    {
      case: "worse than the champion",
      evaluation: { metrics: { auc: 0.75 }, champion: { auc: 0.8 }, rows: 9 },
      input: { champion: true },
      passed: false,
      says: /loses to the champion's 0.8/,
    },
    {
      case: "equal to the champion",
      evaluation: { metrics: { auc: 0.8 }, champion: { auc: 0.8 }, rows: 9 },
      input: { champion: true },
      passed: true,
      says: /does not lose/,
    },
    {
      case: "lower where lower is better",
      evaluation: { metrics: { rmse: 1 }, champion: { rmse: 2 }, rows: 9 },
      input: { metric: "rmse", better: "lower", floor: 3, champion: true },
      passed: true,
      says: /rmse 1/,
    },
  ])("decides on a model $case", async ({ evaluation, input, passed, says }) => {
    expect(await gate(evaluation, input)).toMatchObject({ passed, reason: expect.stringMatching(says) });
  });

  it.each([
    { what: "no JSON", evaluation: "{NaN}", input: {} },
    { what: "without the metric", evaluation: { metrics: { f1: 1 }, rows: 9 }, input: {} },
    { what: "without the champion's part", evaluation: { metrics: { auc: 1 }, rows: 9 }, input: { champion: true } },
  ])("does not decide on an evaluation $what", async ({ evaluation, input }) => {
    await expect(gate(evaluation, input)).rejects.toMatchObject({ name: "UnreadableDocumentError" });
  });
});
