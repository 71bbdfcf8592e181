/** XGBoost without a script: the built-in algorithm, trained and served. */
import { readFileSync } from "node:fs";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarball } from "../../../../infra/tarball.ts";
import { BUCKET, openSagemakerHome, ROLE, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd } from "./script-job.ts";

const IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0";
// The environment that the models' tests have anyway.
const requirements = readFileSync(new URL("../../../../models/credit-risk/requirements.txt", import.meta.url));

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await put("source.tar.gz", tarball([{ path: "requirements.txt", content: requirements }]));
  // y = 1 where the first feature is above 0; every seventh value of the second is missing.
  const rows = Array.from({ length: 200 }, (_, n) => {
    const first = ((n * 37) % 100) - 50;
    return { label: first > 0 ? 1 : 0, first, second: n % 7 === 0 ? "" : String(n % 13) };
  });
  const csv = rows.map(({ label, first, second }) => `${label},${first},${second}\n`).join("");
  await put("csv/train/part-0.csv", csv);
  await put("csv/validation/part-0.csv", csv);
  await put("header/train.csv", `label,first,second\n${csv}`);
  const pairs = rows.map(({ label, first, second }) => `${label} 0:${first}${second === "" ? "" : ` 1:${second}`}\n`);
  await put("libsvm/train.libsvm", pairs.join(""));
});
afterAll(() => home.close());

const put = (Key: string, Body: string | Uint8Array) =>
  home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

const channel = (ChannelName: string, key: string, ContentType?: string): sm.Channel => ({
  ChannelName,
  DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${BUCKET}/${key}` } },
  ...(ContentType && { ContentType }),
});

async function train(name: string, hyperparameters: Record<string, string>, channels: sm.Channel[]) {
  await home.sagemaker.send(
    new sm.CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
      HyperParameters: { ...hyperparameters, sagemaker_submit_directory: `s3://${BUCKET}/source.tar.gz` },
      InputDataConfig: channels,
      OutputDataConfig: { S3OutputPath: `s3://${BUCKET}` },
      ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 100 },
    }),
  );
  await jobEnd(home, name, "Training");
  return await home.sagemaker.send(new sm.DescribeTrainingJobCommand({ TrainingJobName: name }));
}

async function deploy(name: string): Promise<void> {
  const Environment = { SAGEMAKER_SUBMIT_DIRECTORY: `s3://${BUCKET}/source.tar.gz` };
  const PrimaryContainer = { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/${name}/output/model.tar.gz`, Environment };
  await home.sagemaker.send(new sm.CreateModelCommand({ ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer }));
  const ProductionVariants = [{ VariantName: "all", ModelName: name, InitialInstanceCount: 1 }];
  await home.sagemaker.send(new sm.CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
  await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  await home.event("SageMaker Endpoint State Change", { EndpointName: name, EndpointStatus: "IN_SERVICE" });
}

async function invoke(EndpointName: string, Body: string, ContentType: string, Accept?: string): Promise<string> {
  const answer = await home.runtime.send(new InvokeEndpointCommand({ EndpointName, Body, ContentType, Accept }));
  return answer.Body.transformToString();
}

describe("XGBoost as the built-in algorithm", () => {
  it("trains on CSV, label first, tells its metrics, and is served", async () => {
    const hyperparameters = { num_round: "20", objective: "binary:logistic", eval_metric: "auc,accuracy", eta: "0.3" };
    const job = await train("csv", hyperparameters, [
      channel("train", "csv/train/", "text/csv"),
      channel("validation", "csv/validation/", "csv"),
    ]);
    expect(job).toMatchObject({ TrainingJobStatus: "Completed" });
    const metrics = Object.fromEntries((job.FinalMetricDataList ?? []).map((m) => [m.MetricName, m.Value]));
    expect(metrics).toEqual({ "train:auc": 1, "train:accuracy": 1, "validation:auc": 1, "validation:accuracy": 1 });
    await deploy("csv");
    const answer = await invoke("csv", "30,5\n-30,\n", "text/csv");
    expect(answer).toMatch(/^0\.9\d+\n0\.0\d+\n$/);
    expect(JSON.parse(await invoke("csv", "30,5", "text/csv", "application/json"))).toEqual({
      predictions: [{ score: Number(answer.split("\n")[0]) }],
    });
    expect(await invoke("csv", "0:30 1:5\n0:-30", "text/libsvm")).toMatch(/^0\.9\d+\n0\.0\d+\n$/);
    await expect(invoke("csv", "1,2,3,4,5", "text/csv")).rejects.toMatchObject({ OriginalStatusCode: 400 });
    await expect(invoke("csv", "{}", "application/json")).rejects.toMatchObject({ OriginalStatusCode: 415 });
  });

  it("trains on LIBSVM where the channel does not say what it is", async () => {
    const job = await train("libsvm", { num_round: "3" }, [channel("train", "libsvm/")]);
    expect(job).toMatchObject({ TrainingJobStatus: "Completed" });
    expect(job.FinalMetricDataList).toMatchObject([{ MetricName: "train:rmse", Value: expect.any(Number) }]);
  });

  it.each([
    { name: "no-rounds", given: {}, key: "csv/train/", said: "Missing required hyperparameter: num_round" },
    {
      name: "unknown",
      given: { num_round: "1", depth: "3" },
      key: "csv/train/",
      said: "Extraneous hyperparameter found",
    },
    {
      name: "range",
      given: { num_round: "1", eta: "1.5" },
      key: "csv/train/",
      said: "Hyperparameter eta: 1.5 is not in",
    },
    { name: "header", given: { num_round: "1" }, key: "header/", said: "no header, found the first line 'label,first" },
    {
      name: "classes",
      given: { num_round: "1", objective: "multi:softmax" },
      key: "csv/train/",
      said: "Require input for parameter 'num_class'",
    },
  ])("says what is wrong: $name", async ({ name, given, key, said }) => {
    const job = await train(name, given, [channel("train", key, "text/csv")]);
    expect(job.TrainingJobStatus).toBe("Failed");
    expect(job.FailureReason).toContain(said);
  });
});
