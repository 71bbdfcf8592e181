import { describe, expect, it } from "vitest";
import { packageArnOf, shortPackageName } from "../../cli/model-package-name.ts";

const place = { region: "eu-central-1", accountId: "222222222222" };
const arn = "arn:aws:sagemaker:eu-central-1:222222222222:model-package/credit-risk/12";

describe("a model package", () => {
  it("is named by group and version, or by its ARN", () => {
    expect(packageArnOf("credit-risk/12", place)).toBe(arn);
    expect(packageArnOf(arn, place)).toBe(arn);
    expect(shortPackageName(arn)).toBe("credit-risk/12");
  });

  it.each(["credit-risk", "credit-risk/", "credit-risk/0", "credit-risk/1/2", "/1", ""])(
    "is not named by %o, which SageMaker is left to refuse",
    (name) => expect(packageArnOf(name, place)).toBe(name),
  );
});
