import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarball } from "../../../infra/tarball.ts";
import { BUCKET, openSagemakerHome, ROLE, type SagemakerHome } from "../../local/services/sagemaker/sagemaker-home.ts";
import { curatedCredit, modelFolder, parquetOf } from "./credit-parquet.ts";

const SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3";
const XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0";
const RUN = `s3://${BUCKET}/run`;
const cluster = { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 10 } } as const;

let home: SagemakerHome;

beforeAll(async () => {
  home = await openSagemakerHome({ athenaResult: await parquetOf(curatedCredit()) });
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const names = readdirSync(modelFolder).filter((name) => name.endsWith(".py") || name === "requirements.txt");
  const files = names.map((path) => ({ path, content: readFileSync(join(modelFolder, path)) }));
  for (const { path, content } of files) await put(`run/code/${path}`, content);
  await put("run/source.tar.gz", tarball(files));
});
afterAll(() => home.close());

const put = (Key: string, Body: Uint8Array) => home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
const read = async (Key: string) =>
  (await (await home.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))).Body?.transformToString()) ?? "";
const s3Input = (name: string, S3Uri: string) => ({
  InputName: name,
  S3Input: {
    S3Uri,
    LocalPath: `/opt/ml/processing/input/${name}`,
    S3DataType: "S3Prefix",
    S3InputMode: "File",
  } as const,
});
const output = (name: string) => ({
  OutputName: name,
  S3Output: {
    S3Uri: `${RUN}/${name}`,
    LocalPath: `/opt/ml/processing/output/${name}`,
    S3UploadMode: "EndOfJob",
  } as const,
});

// One lifecycle: each step takes up what the one before has made.
describe("credit-risk on SageMaker in the embedded home", { shuffle: false }, () => {
  it("splits what Athena gives by the rows' own content", { timeout: 180_000 }, async () => {
    await home.sagemaker.send(
      new sm.CreateProcessingJobCommand({
        ProcessingJobName: "prep",
        RoleArn: ROLE,
        AppSpecification: {
          ImageUri: SKLEARN,
          ContainerEntrypoint: ["python3", "/opt/ml/processing/input/code/preprocess.py"],
          ContainerArguments: ["--train-test-split-ratio", "0.2"],
        },
        ProcessingResources: cluster,
        ProcessingInputs: [
          s3Input("code", `${RUN}/code`),
          {
            InputName: "data",
            DatasetDefinition: {
              LocalPath: "/opt/ml/processing/input/data",
              AthenaDatasetDefinition: {
                Catalog: "AwsDataCatalog",
                Database: "credit-card",
                QueryString: "SELECT * FROM credit_card",
                OutputS3Uri: `${RUN}/athena`,
                OutputFormat: "PARQUET",
              },
            },
          },
        ],
        ProcessingOutputConfig: { Outputs: ["train", "validation", "test"].map(output) },
        StoppingCondition: { MaxRuntimeInSeconds: 600 },
      }),
    );
    const { detail } = await ended("SageMaker Processing Job State Change", { ProcessingJobName: "prep" });
    expect(detail).toMatchObject({ ProcessingJobStatus: "Completed" });
    const [header, ...rows] = (await read("run/test/test.csv")).trim().split("\n");
    expect(header).toMatch(/^credit_risk,status,duration,/);
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.length).toBeLessThan(250);
  });

  it("trains in script mode and reports the metric the log shows", { timeout: 120_000 }, async () => {
    const channel = (ChannelName: string) => ({
      ChannelName,
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `${RUN}/${ChannelName}` } } as const,
    });
    await home.sagemaker.send(
      new sm.CreateTrainingJobCommand({
        TrainingJobName: "train",
        RoleArn: ROLE,
        AlgorithmSpecification: {
          TrainingImage: XGBOOST,
          TrainingInputMode: "File",
          MetricDefinitions: [{ Name: "validation:auc", Regex: "validation-auc:([0-9.]+)" }],
        },
        HyperParameters: {
          sagemaker_program: "train.py",
          sagemaker_submit_directory: `${RUN}/source.tar.gz`,
          max_depth: "4",
        },
        InputDataConfig: [channel("train"), channel("validation")],
        OutputDataConfig: { S3OutputPath: `${RUN}/model` },
        ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 10 },
        StoppingCondition: { MaxRuntimeInSeconds: 600 },
      }),
    );
    const { detail } = await ended("SageMaker Training Job State Change", { TrainingJobName: "train" });
    expect(detail).toMatchObject({ TrainingJobStatus: "Completed", SecondaryStatus: "Completed" });
    const job = await home.sagemaker.send(new sm.DescribeTrainingJobCommand({ TrainingJobName: "train" }));
    expect(job.ModelArtifacts?.S3ModelArtifacts).toBe(`${RUN}/model/train/output/model.tar.gz`);
    expect(job.FinalMetricDataList?.[0]).toMatchObject({ MetricName: "validation:auc" });
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual([
      "Starting",
      "Training",
      "Uploading",
      "Completed",
    ]);
  });

  it("scores at least 0.74 AUC on the held-out rows, champion and challenger on the same", {
    timeout: 120_000,
  }, async () => {
    await home.sagemaker.send(
      new sm.CreateProcessingJobCommand({
        ProcessingJobName: "eval",
        RoleArn: ROLE,
        AppSpecification: {
          ImageUri: XGBOOST,
          ContainerEntrypoint: ["python3", "/opt/ml/processing/input/code/evaluate.py"],
          ContainerArguments: ["--label", "credit_risk"],
        },
        ProcessingResources: cluster,
        ProcessingInputs: [
          s3Input("code", `${RUN}/code`),
          s3Input("test", `${RUN}/test`),
          s3Input("model", `${RUN}/model/train/output/model.tar.gz`),
          s3Input("champion", `${RUN}/model/train/output/model.tar.gz`),
        ],
        ProcessingOutputConfig: { Outputs: [output("evaluation")] },
      }),
    );
    const { detail } = await ended("SageMaker Processing Job State Change", { ProcessingJobName: "eval" });
    expect(detail).toMatchObject({ ProcessingJobStatus: "Completed" });
    const evaluation = JSON.parse(await read("run/evaluation/evaluation.json"));
    expect(evaluation.metrics.auc).toBeGreaterThanOrEqual(0.74);
    expect(evaluation.champion).toEqual(evaluation.metrics);
    expect(Object.keys(evaluation).sort()).toEqual(["champion", "metrics", "rows"]);
  });

  it("registers, approves and serves it: a CSV row gives a probability", { timeout: 120_000 }, async () => {
    const ModelPackageGroupName = "credit-risk";
    await home.sagemaker.send(new sm.CreateModelPackageGroupCommand({ ModelPackageGroupName }));
    const { ModelPackageArn = "" } = await home.sagemaker.send(
      new sm.CreateModelPackageCommand({
        ModelPackageGroupName,
        InferenceSpecification: {
          Containers: [
            {
              Image: XGBOOST,
              ModelDataUrl: `${RUN}/model/train/output/model.tar.gz`,
              Environment: { SAGEMAKER_PROGRAM: "inference.py", SAGEMAKER_SUBMIT_DIRECTORY: "/opt/ml/model/code" },
            },
          ],
          SupportedContentTypes: ["text/csv"],
          SupportedResponseMIMETypes: ["text/csv"],
        },
      }),
    );
    await home.sagemaker.send(new sm.UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: "Approved" }));
    expect(
      (await home.event("SageMaker Model Package State Change", { ModelApprovalStatus: "Approved" })).detail,
    ).toMatchObject({
      ModelPackageArn,
      ModelPackageGroupName,
      ModelPackageVersion: 1,
      ModelPackageStatus: "Completed",
    });
    await home.sagemaker.send(
      new sm.CreateModelCommand({
        ModelName: "m1",
        ExecutionRoleArn: ROLE,
        PrimaryContainer: { ModelPackageName: ModelPackageArn },
      }),
    );
    const variant = {
      VariantName: "AllTraffic",
      ModelName: "m1",
      InitialInstanceCount: 1,
      InstanceType: "ml.m5.large",
    } as const;
    await home.sagemaker.send(
      new sm.CreateEndpointConfigCommand({ EndpointConfigName: "c1", ProductionVariants: [variant] }),
    );
    await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: "credit-risk", EndpointConfigName: "c1" }));
    await home.event("SageMaker Endpoint State Change", { EndpointName: "credit-risk", EndpointStatus: "IN_SERVICE" });
    const [, first = ""] = (await read("run/test/test.csv")).trim().split("\n");
    const answer = await invoke(first.slice(first.indexOf(",") + 1));
    const probability = answer.Body.transformToString();
    expect(Number(probability)).toBeGreaterThan(0);
    expect(answer).toMatchObject({ ContentType: "text/csv", InvokedProductionVariant: "AllTraffic" });
    const { ContentType: _unsaid, ...untyped } = request(first.slice(first.indexOf(",") + 1));
    const same = await home.runtime.send(new InvokeEndpointCommand(untyped));
    expect(same.Body.transformToString()).toBe(probability);
    for (const unreadable of ["1,2", "", "x".repeat(200_000)])
      await expect(invoke(unreadable)).rejects.toMatchObject({ name: "ModelError", OriginalStatusCode: 400 });
  });

  it("serves the endpoint again after a restart of the home", { timeout: 60_000 }, async () => {
    const [, first = ""] = (await read("run/test/test.csv")).trim().split("\n");
    await home.close();
    home = await openSagemakerHome({ directory: home.directory });
    const answer = await invoke(first.slice(first.indexOf(",") + 1));
    expect(Number(answer.Body.transformToString())).toBeLessThan(1);
  });
});

const request = (row: string) => ({
  EndpointName: "credit-risk",
  ContentType: "text/csv",
  Accept: "text/csv",
  Body: Buffer.from(row),
});

const invoke = (row: string) => home.runtime.send(new InvokeEndpointCommand(request(row)));

async function ended(detailType: string, job: Record<string, string>) {
  const status = detailType.includes("Training") ? "TrainingJobStatus" : "ProcessingJobStatus";
  return await Promise.race(
    ["Completed", "Failed", "Stopped"].map((value) => home.event(detailType, { ...job, [status]: value })),
  );
}
