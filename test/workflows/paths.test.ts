import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../engine/states/json.ts";
import { simulate } from "../../engine/states/simulate.ts";
import { answers, sameSchema } from "./answers.ts";

type Fault = { fault: string; cause: string };
const fault = (name: string, cause = "it broke"): Fault => ({ fault: name, cause });
const isFault = (answer: unknown): answer is Fault =>
  typeof answer === "object" && answer !== null && "fault" in answer;

async function run(workflow: string, input: JsonValue, changes: Record<string, JsonValue | Fault> = {}) {
  const all: Record<string, JsonValue | Fault> = { ...answers, ...changes };
  const text = readFileSync(new URL(`../../workflows/${workflow}.asl.json`, import.meta.url), "utf8");
  const announced: string[] = [];
  const asked = new Map<string, string>();
  const outcome = await simulate(text, {
    input,
    task: ({ stateName, parameters }) => {
      asked.set(stateName, JSON.stringify(parameters));
      for (const [, type] of JSON.stringify(parameters).matchAll(/"DetailType":"([^"]+)"/g)) announced.push(type ?? "");
      const answer = all[stateName] ?? {};
      return isFault(answer) ? { failed: true, error: answer.fault, cause: answer.cause } : { output: answer };
    },
  });
  return { ...outcome, announced, asked };
}

const FAILED = "Model Lifecycle Failed";
const UPDATED = "Data Product Updated";
const TAKEN = fault("DynamoDB.ConditionalCheckFailedException");
const UPDATE = { product: "credit-card", trigger: "event" };
const CHAMPION = {
  "Find Approved": { ModelPackageSummaryList: [{ ModelPackageArn: "arn:package/1" }] },
  "Plan Drift": { Payload: { schema: sameSchema, sql: "SELECT 1" } },
};
const claim = (status: string, models: string[] = ["credit-risk"]) => ({
  Item: { execution: { S: "arn:other" }, status: { S: status }, models: { S: JSON.stringify(models) } },
});

describe("data-product-update", () => {
  it.each([
    { case: "trains on a first version", changes: {}, outcome: "retrained" },
    { case: "records a small change", changes: CHAMPION, outcome: "recorded" },
    {
      case: "retrains on drift",
      changes: { ...CHAMPION, "Judge Drift": { Payload: { verdict: "drifted", reason: "age moved" } } },
      outcome: "retrained",
    },
    {
      case: "retrains on an added column",
      changes: {
        ...CHAMPION,
        "Plan Drift": { Payload: { schema: { ...sameSchema, added: ["bonus"] }, sql: "SELECT 1" } },
      },
      outcome: "retrained",
    },
    {
      case: "stops at an incompatible schema",
      changes: {
        "Plan Drift": { Payload: { schema: { ...sameSchema, compatible: false, reason: "missing: age" }, sql: "" } },
      },
      outcome: "stopped",
    },
    {
      case: "takes over from a holder that was stopped",
      changes: { "Claim Version": TAKEN, "Read Claim": claim("RUNNING"), "Look At Holder": { Status: "ABORTED" } },
      outcome: "retrained",
    },
    {
      case: "works for a model added to a finished version",
      changes: { "Claim Version": TAKEN, "Read Claim": claim("COMPLETED", []) },
      outcome: "retrained",
    },
  ])("$case and says so once", async ({ changes, outcome }) => {
    const ended = await run("data-product-update", UPDATE, changes);
    expect(ended).toMatchObject({ status: "SUCCEEDED", announced: [UPDATED] });
    expect(ended.output).toMatchObject({
      outcome,
      product: "credit-card",
      dataVersion: "0123456789abcdef",
      models: [{ model: "credit-risk", outcome }],
    });
  });

  it("has nothing to do for a product without models", async () => {
    const alone = JSON.parse(answers["Read Product"].Parameter.Value);
    const changes = { "Read Product": { Parameter: { Value: JSON.stringify({ ...alone, models: [] }) } } };
    const ended = await run("data-product-update", UPDATE, changes);
    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { outcome: "recorded", models: [] } });
  });

  it("keeps the models it worked for with the claim", async () => {
    const { asked } = await run("data-product-update", UPDATE);
    expect(asked.get("Complete Claim")).toContain(String.raw`":models":{"S":"[\"credit-risk\"]"}`);
  });

  it.each([
    { case: "a finished version", changes: { "Read Claim": claim("COMPLETED") }, outcome: "unchanged" },
    {
      case: "a version being worked on",
      changes: { "Read Claim": claim("RUNNING"), "Look At Holder": { Status: "RUNNING" } },
      outcome: "duplicate",
    },
  ])("does nothing for $case", async ({ changes, outcome }) => {
    const ended = await run("data-product-update", UPDATE, { "Claim Version": TAKEN, ...changes });
    expect(ended).toMatchObject({ status: "SUCCEEDED", announced: [] });
    expect(ended.output).toMatchObject({ outcome, reason: expect.stringContaining("arn:other") });
  });

  it.each([
    "Read Product",
    "Describe Product",
    "Claim Version",
    "Crawl Product",
    "Read Schema",
    "Read Model",
    "Find Approved",
    "Plan Drift",
    "Query Drift",
    "Read Drift",
    "Judge Drift",
    "Keep Drift Report",
    "Complete Claim",
  ])("announces a failure of %s once, and frees the claim", async (state) => {
    const ended = await run("data-product-update", UPDATE, { ...CHAMPION, [state]: fault("Some.Error") });
    expect(ended).toMatchObject({ status: "FAILED", error: "Some.Error", announced: [FAILED] });
    expect(ended.asked.has("Give Back Claim")).toBe(true);
  });

  it.each([
    { ended: "failed", cause: '{"Status":"FAILED"}', announced: [] },
    { ended: "was stopped", cause: '{"Status":"ABORTED"}', announced: [FAILED] },
  ])("announces a training that $ended only where it could not itself", async ({ cause, announced }) => {
    expect(
      await run("data-product-update", UPDATE, { "Train Model": fault("States.TaskFailed", cause) }),
    ).toMatchObject({ status: "FAILED", announced });
  });
});

describe("train-model", () => {
  const input = { model: "credit-risk", product: "credit-card", dataVersion: "0123456789abcdef" };

  it("registers a model that waits for approval", async () => {
    const ended = await run("train-model", input);
    expect(ended).toMatchObject({ status: "SUCCEEDED", announced: ["Model Registered"] });
    expect(ended.output).toMatchObject({
      approvalStatus: "PendingManualApproval",
      modelPackageArn: "arn:package/2",
      metrics: { auc: 0.8 },
    });
    expect(ended.asked.get("Train")).toContain(String.raw`"note":"\"a\\\"b\""`);
    expect(ended.asked.get("Train")).toContain(String.raw`"sagemaker_program":"\"train.py\""`);
    expect(ended.asked.get("Train")).toMatch(/"TrainingJobName":"credit-risk-train-0123456789abcdef-[0-9a-f]{6}-00"/);
    expect(ended.asked.get("Evaluate")).not.toContain("champion");
  });

  it("registers a loser as Rejected, compared with the champion on the same rows", async () => {
    const lost = {
      Payload: { passed: false, reason: "loses", metrics: { auc: 0.7 }, champion: { auc: 0.8 }, rows: 200 },
    };
    const ended = await run(
      "train-model",
      { ...input, champion: { modelPackageArn: "arn:package/1", modelDataUrl: "s3://artifacts/1/model.tar.gz" } },
      { Gate: lost },
    );
    expect(ended.output).toMatchObject({ approvalStatus: "Rejected" });
    expect(ended.asked.get("Evaluate")).toContain("/opt/ml/processing/input/champion");
    expect(ended.asked.get("Register")).toContain('"champion.auc":"0.8"');
  });

  it.each([
    "Read Model",
    "Read Query",
    "Prepare Data",
    "Train",
    "Evaluate",
    "Gate",
    "Read Schema",
    "Plan Baseline",
    "Query Baseline",
    "Write Baseline",
    "Register",
  ])("announces a failure of %s once", async (state) => {
    expect(await run("train-model", input, { [state]: fault("Some.Error") })).toMatchObject({
      status: "FAILED",
      error: "Some.Error",
      announced: [FAILED],
    });
  });
});

describe("release-model", () => {
  const approved = { detail: { ModelPackageArn: "arn:package/2" } };
  const served = { "Find Endpoint": { Endpoints: [{ EndpointName: "credit-risk" }] } };
  const bad = { "Smoke Test": fault("SmokeTestFailedError", "auc 0.4") };

  it("releases the newest approved package", async () => {
    const ended = await run("release-model", approved);
    expect(ended).toMatchObject({ status: "SUCCEEDED", announced: ["Model Released"] });
    expect(ended.output).toEqual({
      modelPackageArn: "arn:package/2",
      released: true,
      endpointName: "credit-risk",
      reason: "smoke test passed",
    });
  });

  it.each([
    {
      case: "an older version",
      changes: { "Find Newest Approved": { ModelPackageSummaryList: [{ ModelPackageArn: "arn:package/3" }] } },
      says: "a newer version is approved: arn:package/3",
    },
    {
      case: "one approved twice",
      changes: { "Claim Release": TAKEN, "Read Claim": claim("RELEASED") },
      says: "already released by arn:other",
    },
    {
      case: "one rejected meanwhile",
      changes: { "Describe Package": { ...answers["Describe Package"], ModelApprovalStatus: "Rejected" } },
      says: "the package is Rejected, not Approved",
    },
  ])("does not release $case, and says why", async ({ changes, says }) => {
    const ended = await run("release-model", approved, changes);
    expect(ended).toMatchObject({ status: "SUCCEEDED", announced: [] });
    expect(ended.output).toMatchObject({ released: false, reason: says });
  });

  it.each([
    { case: "deletes an endpoint that was not there before", changes: bad, by: "Delete Endpoint" },
    { case: "goes back to the former configuration", changes: { ...bad, ...served }, by: "Restore Previous" },
    {
      case: "goes back after a deployment that failed",
      changes: { ...served, Deploy: fault("EndpointFailedError") },
      by: "Restore Previous",
    },
  ])("$case when a release fails", async ({ changes, by }) => {
    const ended = await run("release-model", approved, changes);
    expect(ended).toMatchObject({ status: "SUCCEEDED", announced: ["Model Release Rolled Back"] });
    expect(ended.output).toMatchObject({ released: false });
    expect(ended.asked.has(by)).toBe(true);
  });

  it.each([
    "Describe Package",
    "Find Newest Approved",
    "Claim Release",
    "Read Model",
    "Find Endpoint",
    "Create Model",
    "Create Endpoint Config",
    "Record Release",
  ])("announces a failure of %s once", async (state) => {
    expect(await run("release-model", approved, { [state]: fault("Some.Error") })).toMatchObject({
      status: "FAILED",
      announced: [FAILED],
    });
  });

  it("announces a roll-back that failed", async () => {
    expect(await run("release-model", approved, { ...bad, "Delete Endpoint": fault("Some.Error") })).toMatchObject({
      status: "FAILED",
      announced: [FAILED],
    });
  });
});
