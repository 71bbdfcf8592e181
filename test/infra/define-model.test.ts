import { describe, expect, it } from "vitest";
import { defineModel, type ModelDefinition, sklearn, xgboost } from "../../infra/define-model.ts";

const definition: ModelDefinition = {
  name: "credit-risk",
  dataProduct: { database: "credit-card", table: "credit_card" },
  label: "credit_risk",
  query: "query.sql",
  process: { script: "preprocess.py", framework: sklearn("1.4-2") },
  train: { script: "train.py", framework: xgboost("3.2-0"), hyperparameters: { max_depth: 4 } },
  evaluate: { metric: "auc", floor: 0.7, better: "higher" },
  drift: { test: "psi", threshold: 0.2 },
  schedule: "rate(7 days)",
  release: "manual",
};

describe("defineModel", () => {
  it("fills in what a definition leaves out", () => {
    const model = defineModel(definition);
    expect(model.evaluate.script).toBe("evaluate.py");
    expect(model.serve).toEqual({
      script: "inference.py",
      answers: "probability",
      instanceType: "ml.m5.large",
      instanceCount: 1,
    });
    expect(model.process.arguments).toEqual(["--train-test-split-ratio", "0.2"]);
    expect(model.dataProduct).toMatchObject({ curation: "curation.json", minRows: 100 });
  });

  it.each(["psi", "ks"] as const)("measures drift by %s", (test) => {
    expect(defineModel({ ...definition, drift: { test, threshold: 0.1 } }).drift).toEqual({ test, threshold: 0.1 });
  });

  it.each<{ mistake: string; changed: object; message: string }>([
    {
      mistake: "a misspelt field",
      changed: { shedule: "rate(7 days)" },
      message: 'the model has no field "shedule"; check the spelling',
    },
    {
      mistake: "a misspelt nested field",
      changed: { drift: { test: "psi", treshold: 0.2, threshold: 0.2 } },
      message: 'drift has no field "treshold"; check the spelling',
    },
    {
      mistake: "a schedule in words",
      changed: { schedule: "every week" },
      message: 'schedule: expected an expression such as "rate(7 days)" or "cron(0 6 * * ? *)", found "every week"',
    },
    {
      mistake: "a framework by name",
      changed: { process: { script: "preprocess.py", framework: "sklearn" } },
      message: 'process.framework: expected a framework such as xgboost("3.2-0") or sklearn("1.4-2"), found "sklearn"',
    },
    {
      mistake: "a path that leaves the folder",
      changed: { query: "../query.sql" },
      message: `query: expected the name of a file in the model's folder, found "../query.sql"`,
    },
    {
      mistake: "a missing number",
      changed: { evaluate: { metric: "auc", better: "higher" } },
      message: "evaluate.floor: expected number, received undefined, found nothing",
    },
    {
      mistake: "a name SageMaker would refuse",
      changed: { name: "Credit Risk" },
      message: 'name: expected lower-case letters, digits and single hyphens, found "Credit Risk"',
    },
  ])("refuses $mistake in one line", ({ changed, message }) => {
    const wrong: ModelDefinition = { ...definition, ...changed };
    expect(() => defineModel(wrong)).toThrow(message);
  });

  it("makes a wrong field a type error", () => {
    // @ts-expect-error `shedule` is not a field: the editor says so.
    const misspelt: ModelDefinition = { ...definition, shedule: "rate(7 days)" };
    expect(misspelt.name).toBe("credit-risk");
    // @ts-expect-error There is no such container; who does not check types is told at synth.
    expect(() => xgboost("9.9-9")).toThrow("there are: xgboost");
  });
});
