import { describe, expect, it } from "vitest";
import { stepResult } from "../../cli/step-result.ts";

const metadata = { SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: "r" } };
const arn = "arn:aws:sagemaker:us-east-1:000000000000:model-package/credit-risk/1";

describe("stepResult", () => {
  it.each([
    {
      of: "a function, its reason, with numbers one can read",
      output: { Payload: { passed: true, reason: "auc 0.7822139303482587 reaches 0.7", rows: 194 }, StatusCode: 200 },
      says: "auc 0.7822 reaches 0.7",
    },
    {
      of: "a function that counts",
      output: { Payload: { uri: "s3://b/k", rows: 1000, features: 21 } },
      says: "rows 1000, features 21",
    },
    { of: "a job", output: { TrainingJobName: "t", TrainingJobStatus: "Completed" }, says: "completed" },
    { of: "what was made", output: { ModelPackageArn: arn, ...metadata }, says: "model-package/credit-risk/1" },
    { of: "a child execution", output: { ExecutionArn: "a", Output: { outcome: "retrained" } }, says: "retrained" },
    { of: "a search without a find", output: { ModelPackageSummaryList: [] }, says: "none" },
    { of: "a search", output: { ModelPackageSummaryList: [{}, {}] }, says: "2 found" },
    { of: "something named", output: { Parameter: { Name: "/tidemill/x", Value: "{}" } }, says: "/tidemill/x" },
    { of: "a write that answers nothing", output: metadata, says: "" },
    { of: "an answer that is no object", output: 7, says: "" },
  ])("says of $of: $says", ({ output, says }) => {
    expect(stepResult(JSON.stringify(output))).toBe(says);
  });

  it("is one short line whatever the task answers, and nothing where there is no result", () => {
    const long = stepResult(JSON.stringify({ reason: `a\nb${"c".repeat(500)}` }));
    expect(long).toMatch(/^a bc+…$/);
    expect(long.length).toBe(120);
    expect(stepResult(undefined)).toBe("");
    expect(stepResult("{broken")).toBe("");
  });
});
