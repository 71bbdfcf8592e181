/** A processing job that runs one Python script needing nothing but the standard library. */
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateProcessingJobCommand } from "@aws-sdk/client-sagemaker";
import { BUCKET, ROLE, type SagemakerHome } from "./sagemaker-home.ts";

export interface ScriptJob {
  name: string;
  script: string;
  maxRuntimeSeconds?: number;
  environment?: Record<string, string>;
  /** Uploads /opt/ml/processing/output/out there. */
  outputUri?: string;
}

export async function startScriptJob(home: SagemakerHome, job: ScriptJob): Promise<void> {
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET })).catch(() => undefined);
  const put = (name: string, Body: string) =>
    home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${job.name}/${name}`, Body }));
  await put("job.py", job.script);
  await put("requirements.txt", "# the standard library will do\n");
  await home.sagemaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName: job.name,
      RoleArn: ROLE,
      AppSpecification: {
        ImageUri: "none:1",
        ContainerEntrypoint: ["python3", "/opt/ml/processing/input/code/job.py"],
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.t3.medium", VolumeSizeInGB: 1 } },
      ProcessingInputs: [
        {
          InputName: "code",
          S3Input: {
            S3Uri: `s3://${BUCKET}/${job.name}/`,
            LocalPath: "/opt/ml/processing/input/code",
            S3DataType: "S3Prefix",
          },
        },
      ],
      ...(job.outputUri && {
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: "out",
              S3Output: { S3Uri: job.outputUri, LocalPath: "/opt/ml/processing/output/out", S3UploadMode: "EndOfJob" },
            },
          ],
        },
      }),
      ...(job.environment && { Environment: job.environment }),
      StoppingCondition: { MaxRuntimeInSeconds: job.maxRuntimeSeconds ?? 60 },
    }),
  );
}

/** The detail of the job's last event. */
export async function jobEnd(home: SagemakerHome, name: string): Promise<unknown> {
  const ends = ["Completed", "Failed", "Stopped"].map((ProcessingJobStatus) =>
    home.event("SageMaker Processing Job State Change", { ProcessingJobName: name, ProcessingJobStatus }),
  );
  return (await Promise.race(ends)).detail;
}
