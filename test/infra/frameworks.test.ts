import { describe, expect, it } from "vitest";
import { imageUri, REGISTRY_ACCOUNTS, sklearn, xgboost } from "../../infra/frameworks.ts";

describe("imageUri", () => {
  it.each([
    {
      framework: xgboost("3.2-0"),
      region: "us-east-1",
      uri: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0",
    },
    {
      framework: sklearn("1.4-2"),
      region: "eu-central-1",
      uri: "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3",
    },
  ])("is $uri", ({ framework, region, uri }) => {
    expect(imageUri(framework, REGISTRY_ACCOUNTS[region] ?? "", region)).toBe(uri);
  });
});

describe("REGISTRY_ACCOUNTS", () => {
  it("names a twelve-digit account for every region", () => {
    for (const [region, account] of Object.entries(REGISTRY_ACCOUNTS)) {
      expect(account, region).toMatch(/^\d{12}$/);
    }
  });
});
