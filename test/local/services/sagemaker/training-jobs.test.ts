import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { startTraining } from "./script-job.ts";

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
});
afterAll(() => home.close());

describe("a training job", () => {
  it("is described with what SageMaker says of settings nobody gave", async () => {
    await startTraining(home, { name: "plain", script: "print(1)" });
    const job = await home.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "plain" }));
    expect(job.OutputDataConfig).toEqual({ KmsKeyId: "", S3OutputPath: "s3://artifacts" });
    expect(job).toMatchObject({
      EnableNetworkIsolation: false,
      EnableInterContainerTrafficEncryption: false,
      EnableManagedSpotTraining: false,
    });
  });
});
