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
