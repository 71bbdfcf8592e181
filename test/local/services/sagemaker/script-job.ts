/** A job that runs one Python script needing nothing but the standard library. */
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  type Channel,
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
} from "@aws-sdk/client-sagemaker";
import { tarball } from "../../../../infra/tarball.ts";
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

export interface TrainingScript {
  name: string;
  script: string;
  /** Its file; default: train.py. */
  program?: string;
  hyperparameters?: Record<string, string>;
  channels?: Channel[];
  /** More of the source archive: path → text. */
  files?: Readonly<Record<string, string>>;
  /** Members of the request beside these. */
  request?: Partial<CreateTrainingJobCommandInput>;
}

/** A training job; its model goes to s3://artifacts/<name>/output/model.tar.gz. */
export async function startTraining(home: SagemakerHome, job: TrainingScript): Promise<void> {
  const { name, script, program = "train.py", hyperparameters, channels, files = {} } = job;
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET })).catch(() => undefined);
  const Body = tarball([
    { path: program, content: Buffer.from(script) },
    { path: "requirements.txt", content: Buffer.from("# the standard library will do\n") },
    ...Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) })),
  ]);
  await home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${name}.tar.gz`, Body }));
  await home.sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: "none:1", TrainingInputMode: "File" },
      HyperParameters: {
        sagemaker_program: program,
        sagemaker_submit_directory: `s3://${BUCKET}/${name}.tar.gz`,
        ...hyperparameters,
      },
      ...(channels && { InputDataConfig: channels }),
      OutputDataConfig: { S3OutputPath: `s3://${BUCKET}` },
      ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      ...job.request,
    }),
  );
}

/** The detail of the job's last event. */
export async function jobEnd(
  home: SagemakerHome,
  name: string,
  kind: "Processing" | "Training" = "Processing",
): Promise<unknown> {
  const ends = ["Completed", "Failed", "Stopped"].map((status) =>
    home.event(`SageMaker ${kind} Job State Change`, { [`${kind}JobName`]: name, [`${kind}JobStatus`]: status }),
  );
  return (await Promise.race(ends)).detail;
}

/** /opt/ml by the script's own place, so that these tests also pass where no namespace is to be had. */
export function portable(script: string): string {
  return `import pathlib as _p\nROOT = str(next(p for p in _p.Path(__file__).resolve().parents if p.name in ("ml", "root")))\n${script.replaceAll(/"\/opt\/ml\//g, 'ROOT + "/')}`;
}
