import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, startTraining } from "./script-job.ts";

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

  it("shows its last metrics, and tells them to CloudWatch", async () => {
    const MetricDefinitions = [{ Name: "loss", Regex: "loss=([0-9.]+)" }];
    const AlgorithmSpecification = { TrainingImage: "none:1", TrainingInputMode: "File" as const, MetricDefinitions };
    const script = 'print("loss=0.5")\nprint("loss=0.25 of loss=0.5")\n';
    await startTraining(home, { name: "metrics", script, request: { AlgorithmSpecification } });
    await jobEnd(home, "metrics", "Training");
    const job = await home.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "metrics" }));
    expect(job.FinalMetricDataList).toEqual([{ MetricName: "loss", Value: 0.25, Timestamp: expect.any(Date) }]);
    const Dimensions = [{ Name: "TrainingJobName", Value: "metrics" }];
    const request = {
      Namespace: "/aws/sagemaker/TrainingJobs",
      MetricName: "loss",
      Dimensions,
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
      Period: 7200,
      Statistics: ["Maximum" as const, "SampleCount" as const],
    };
    const { Datapoints = [] } = await home.cloudwatch.send(new GetMetricStatisticsCommand(request));
    expect(Datapoints.map((point) => point.Maximum)).toEqual([0.25]);
  });

  it.each([
    { spot: true, wait: undefined, said: /^Invalid MaxWaitTimeInSeconds\. It must be present/ },
    { spot: true, wait: 59, said: /greater than or equal to MaxRuntimeInSeconds$/ },
    { spot: false, wait: 60, said: /only supported when EnableManagedSpotTraining is set to true$/ },
  ])("waits for Spot capacity as SageMaker has it: $spot, $wait", async ({ spot, wait, said }) => {
    const StoppingCondition = { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: wait };
    const request = { EnableManagedSpotTraining: spot, StoppingCondition };
    await expect(startTraining(home, { name: "spot", script: "print(1)", request })).rejects.toThrow(said);
  });

  it("runs as a Spot job, and shows that it does", async () => {
    const StoppingCondition = { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 };
    const request = { EnableManagedSpotTraining: true, StoppingCondition };
    await startTraining(home, { name: "spot", script: "print(1)", request });
    await jobEnd(home, "spot", "Training");
    const job = await home.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "spot" }));
    expect(job).toMatchObject({ TrainingJobStatus: "Completed", EnableManagedSpotTraining: true, StoppingCondition });
  });

  it("runs a shell program by the shell, with its arguments, in the job's environment", async () => {
    const script = `#!/bin/sh
echo "$SM_USER_ENTRY_POINT $PWD $# $2 $4 $(python3 -c 'print("python")')" > "$SM_OUTPUT_DIR/failure"
exit 3
`;
    const hyperparameters = { epochs: "3", title: "two words; $HOME" };
    await startTraining(home, { name: "shell", program: "train.sh", script, hyperparameters });
    const end = await jobEnd(home, "shell", "Training");
    expect(end).toMatchObject({
      FailureReason: expect.stringMatching(
        /^AlgorithmError: train\.sh \S+\/code 4 3 two words; \$HOME python\s*, exit code: 3$/,
      ),
    });
  });
});
