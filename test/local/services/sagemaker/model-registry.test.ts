import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSagemakerHome, ROLE, type SagemakerHome } from "./sagemaker-home.ts";

let home: SagemakerHome;
const ModelPackageGroupName = "credit-risk";

beforeAll(async () => {
  home = await openSagemakerHome();
  await home.sagemaker.send(new sm.CreateModelPackageGroupCommand({ ModelPackageGroupName }));
});
afterAll(() => home.close());

const register = (extra: Partial<sm.CreateModelPackageCommandInput> = {}) =>
  home.sagemaker.send(
    new sm.CreateModelPackageCommand({
      ModelPackageGroupName,
      InferenceSpecification: { Containers: [{ Image: "x/sagemaker-xgboost:3.2-0", ModelDataUrl: "s3://a/m.tar.gz" }] },
      ...extra,
    }),
  );

describe("the model registry", () => {
  it("numbers versions, keeps metadata, and waits for approval unless told otherwise", async () => {
    const group = { ModelPackageGroupName: "numbered" };
    await home.sagemaker.send(new sm.CreateModelPackageGroupCommand(group));
    const first = await register({ ...group, CustomerMetadataProperties: { dataVersion: "0f" } });
    const second = await register({ ...group, ModelApprovalStatus: "Rejected" });
    expect(first.ModelPackageArn).toBe("arn:aws:sagemaker:us-east-1:000000000000:model-package/numbered/1");
    const described = await home.sagemaker.send(
      new sm.DescribeModelPackageCommand({ ModelPackageName: first.ModelPackageArn }),
    );
    expect(described).toMatchObject({
      ModelPackageVersion: 1,
      ModelApprovalStatus: "PendingManualApproval",
      ModelPackageStatus: "Completed",
      CustomerMetadataProperties: { dataVersion: "0f" },
    });
    expect(described.CreationTime).toBeInstanceOf(Date);
    const rejected = await home.sagemaker.send(
      new sm.ListModelPackagesCommand({ ...group, ModelApprovalStatus: "Rejected" }),
    );
    expect(rejected.ModelPackageSummaryList?.map(({ ModelPackageArn }) => ModelPackageArn)).toEqual([
      second.ModelPackageArn,
    ]);
  });

  it("takes no approval status that is none", async () => {
    const { ModelPackageArn } = await register();
    // What a script sends that misspells it: no client of another language checks.
    const ModelApprovalStatus = JSON.parse('"approved"');
    const message = /Value 'approved' at 'modelApprovalStatus' failed to satisfy constraint/;
    const update = new sm.UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus });
    await expect(home.sagemaker.send(update)).rejects.toThrow(message);
    await expect(register({ ModelApprovalStatus })).rejects.toThrow(message);
    const { ModelApprovalStatus: kept } = await home.sagemaker.send(
      new sm.DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }),
    );
    expect(kept).toBe("PendingManualApproval");
  });

  it("registers a retried request once", async () => {
    const ClientToken = "the-same-token-of-a-retried-request-0123";
    const [one, other] = [await register({ ClientToken }), await register({ ClientToken })];
    expect(other.ModelPackageArn).toBe(one.ModelPackageArn);
  });

  it("announces an approval once, and not an approval of what is approved", async () => {
    const { ModelPackageArn } = await register();
    const approve = new sm.UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: "Approved" });
    await home.sagemaker.send(approve);
    await home.sagemaker.send(approve);
    await home.event("SageMaker Model Package State Change", { ModelPackageArn, ModelApprovalStatus: "Approved" });
    const approvals = home.events.filter(
      ({ detail, resources }) => resources[0] === ModelPackageArn && JSON.stringify(detail).includes("Approved"),
    );
    expect(approvals).toHaveLength(1);
    expect(approvals[0]?.detail).toMatchObject({
      ModelPackageGroupName,
      CreationTime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it("names what is missing as SageMaker does", async () => {
    const arn = "arn:aws:sagemaker:us-east-1:000000000000";
    await expect(
      home.sagemaker.send(
        new sm.DescribeModelPackageCommand({ ModelPackageName: `${arn}:model-package/credit-risk/99` }),
      ),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: `ModelPackage ${arn}:model-package/credit-risk/99 does not exist.`,
    });
    await expect(home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName: "none" }))).rejects.toThrow(
      `Could not find endpoint "${arn}:endpoint/none".`,
    );
    await expect(
      home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: "e", EndpointConfigName: "none" })),
    ).rejects.toThrow(`Could not find endpoint configuration "${arn}:endpoint-config/none".`);
    await expect(home.sagemaker.send(new sm.DeleteModelPackageGroupCommand({ ModelPackageGroupName }))).rejects.toThrow(
      /still contains Model Packages/,
    );
    await expect(home.runtime.send(new InvokeEndpointCommand({ EndpointName: "none", Body: "1" }))).rejects.toThrow(
      "Endpoint none of account 000000000000 not found.",
    );
  });
});

describe("an endpoint whose model cannot be loaded", () => {
  it("ends as Failed with the reason, and can be deleted", async () => {
    const PrimaryContainer = { Image: "x/sagemaker-xgboost:3.2-0", ModelDataUrl: "s3://missing/model.tar.gz" };
    await home.sagemaker.send(
      new sm.CreateModelCommand({ ModelName: "bad", ExecutionRoleArn: ROLE, PrimaryContainer }),
    );
    const variant = {
      VariantName: "v",
      ModelName: "bad",
      InitialInstanceCount: 1,
      InstanceType: "ml.t2.medium",
    } as const;
    await home.sagemaker.send(
      new sm.CreateEndpointConfigCommand({ EndpointConfigName: "bad", ProductionVariants: [variant] }),
    );
    await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: "bad", EndpointConfigName: "bad" }));
    await home.event("SageMaker Endpoint State Change", { EndpointName: "bad", EndpointStatus: "FAILED" });
    const described = await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName: "bad" }));
    expect(described.EndpointStatus).toBe("Failed");
    expect(described.FailureReason).toMatch(/bucket does not exist/);
    await home.sagemaker.send(new sm.DeleteEndpointCommand({ EndpointName: "bad" }));
    expect((await home.sagemaker.send(new sm.ListEndpointsCommand({}))).Endpoints).toEqual([]);
  });
});
