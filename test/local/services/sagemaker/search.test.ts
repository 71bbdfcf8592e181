import * as sm from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";

let home: SagemakerHome;
const ARN = "arn:aws:sagemaker:us-east-1:000000000000:model-package/risk";
const Containers = [{ Image: "x/sagemaker-xgboost:3.2-0", ModelDataUrl: "s3://a/m.tar.gz" }];

beforeAll(async () => {
  home = await openSagemakerHome();
  const Tags = [{ Key: "team", Value: "risk" }];
  await home.sagemaker.send(new sm.CreateModelPackageGroupCommand({ ModelPackageGroupName: "risk", Tags }));
  await home.sagemaker.send(new sm.CreateModelPackageGroupCommand({ ModelPackageGroupName: "other" }));
  for (const [index, ModelApprovalStatus] of (["Approved", "Rejected", "Approved"] as const).entries())
    await home.sagemaker.send(
      new sm.CreateModelPackageCommand({
        ModelPackageGroupName: "risk",
        InferenceSpecification: { Containers },
        ModelApprovalStatus,
        CustomerMetadataProperties: { auc: `0.${index}` },
      }),
    );
});
afterAll(() => home.close());

async function versions(SearchExpression: sm.SearchExpression, more: Partial<sm.SearchCommandInput> = {}) {
  const asked = { Resource: "ModelPackage" as const, SearchExpression, SortBy: "ModelPackageVersion", ...more };
  const { Results, NextToken } = await home.sagemaker.send(new sm.SearchCommand(asked));
  return { versions: Results?.map(({ ModelPackage }) => ModelPackage?.ModelPackageVersion), NextToken };
}
const filter = (Name: string, Operator: sm.Operator, Value?: string) => ({
  Name,
  Operator,
  ...(Value !== undefined && { Value }),
});

describe("a search", () => {
  it.each([
    [filter("ModelApprovalStatus", "Equals", "Approved"), [3, 1]],
    [filter("ModelApprovalStatus", "NotEquals", "Approved"), [2]],
    [filter("ModelPackageVersion", "GreaterThan", "1"), [3, 2]],
    [filter("ModelPackageVersion", "LessThanOrEqualTo", "2"), [2, 1]],
    [filter("ModelPackageArn", "Contains", "risk/2"), [2]],
    [filter("ModelApprovalStatus", "In", "Rejected,PendingManualApproval"), [2]],
    [filter("CustomerMetadataProperties.auc", "Equals", "0.1"), [2]],
    [filter("ModelPackageDescription", "Exists"), []],
    [filter("ModelPackageDescription", "NotExists"), [3, 2, 1]],
    [filter("CreationTime", "LessThan", "2000-01-01T00:00:00Z"), []],
  ])("by %j finds %j", async (one, expected) => {
    expect((await versions({ Filters: [one] })).versions).toEqual(expected);
  });

  it("joins filters by And or Or, sorts, and answers pages", async () => {
    const Filters = [filter("ModelApprovalStatus", "Equals", "Rejected"), filter("ModelPackageVersion", "Equals", "1")];
    expect((await versions({ Filters })).versions).toEqual([]);
    expect((await versions({ Filters, Operator: "Or" })).versions).toEqual([2, 1]);
    expect((await versions({ SubExpressions: [{ Filters, Operator: "Or" }] })).versions).toEqual([2, 1]);
    const first = await versions({}, { SortOrder: "Ascending", MaxResults: 2 });
    const rest = await versions({}, { SortOrder: "Ascending", MaxResults: 2, NextToken: first.NextToken });
    expect([first.versions, rest]).toEqual([[1, 2], { versions: [3], NextToken: undefined }]);
  });

  it("looks at tags and at other resources, of which there may be none", async () => {
    const Filters = [filter("Tags.team", "Equals", "risk")];
    const groups = await home.sagemaker.send(
      new sm.SearchCommand({ Resource: "ModelPackageGroup", SearchExpression: { Filters } }),
    );
    expect(groups.Results?.map(({ ModelPackageGroup }) => ModelPackageGroup?.ModelPackageGroupName)).toEqual(["risk"]);
    expect(groups.Results?.[0]?.ModelPackageGroup?.Tags).toEqual([{ Key: "team", Value: "risk" }]);
    expect((await home.sagemaker.send(new sm.SearchCommand({ Resource: "Experiment" }))).Results).toEqual([]);
  });

  it("refuses a value that cannot be compared", async () => {
    const refused = versions({ Filters: [filter("ModelPackageVersion", "GreaterThan", "one")] });
    await expect(refused).rejects.toMatchObject({ name: "ValidationException", message: /is not a number/ });
  });
});

describe("many packages at once", () => {
  it("are described, and those there are not told of", async () => {
    const ModelPackageArnList = [`${ARN}/2`, `${ARN}/9`];
    const answer = await home.sagemaker.send(new sm.BatchDescribeModelPackageCommand({ ModelPackageArnList }));
    expect(answer.ModelPackageSummaries).toMatchObject({ [`${ARN}/2`]: { ModelApprovalStatus: "Rejected" } });
    expect(Object.keys(answer.BatchDescribeModelPackageErrorMap ?? {})).toEqual([`${ARN}/9`]);
  });
});
