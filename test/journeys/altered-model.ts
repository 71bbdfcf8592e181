/** A registered model with other serving code: it loads as before, and answers as the code says. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateModelPackageCommand,
  DescribeModelPackageCommand,
  type ModelPackageContainerDefinition,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { create, extract } from "tar";
import { temporaryFolder } from "../temporary-folder.ts";

interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** @returns the ARN of a pending version like `modelPackageArn`, whose `code/inference.py` ends in `python` */
export async function alteredModel(config: ClientConfig, modelPackageArn: string, python: string): Promise<string> {
  const sagemaker = new SageMakerClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const good = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: modelPackageArn }));
  const container = good.InferenceSpecification?.Containers?.[0];
  const [, , Bucket = "", ...path] = (container?.ModelDataUrl ?? "").split("/");
  const archive = await s3.send(new GetObjectCommand({ Bucket, Key: path.join("/") }));
  const Key = `models/credit-risk/altered/${Date.now()}/model.tar.gz`;
  const Body = await alter((await archive.Body?.transformToByteArray()) ?? new Uint8Array(), python);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const made = await sagemaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName: "credit-risk",
      ModelApprovalStatus: "PendingManualApproval",
      InferenceSpecification: {
        ...good.InferenceSpecification,
        Containers: [{ ...container, ModelDataUrl: `s3://${Bucket}/${Key}`, Environment: fromModel(container) }],
      },
      CustomerMetadataProperties: good.CustomerMetadataProperties,
    }),
  );
  return made.ModelPackageArn ?? "";
}

/** The container's environment, with its code taken out of the model itself instead of from the archive the job had. */
const fromModel = (container: ModelPackageContainerDefinition | undefined) => ({
  ...container?.Environment,
  SAGEMAKER_SUBMIT_DIRECTORY: "/opt/ml/model/code",
});

async function alter(archive: Uint8Array, python: string): Promise<Buffer> {
  const folder = temporaryFolder("altered");
  const [file, model] = [join(folder, "model.tar.gz"), join(folder, "model")];
  writeFileSync(file, archive);
  mkdirSync(model);
  await extract({ file, cwd: model });
  const code = join(model, "code", "inference.py");
  writeFileSync(code, `${readFileSync(code, "utf8")}\n${python}\n`);
  await create({ file, cwd: model, gzip: true }, readdirSync(model));
  return readFileSync(file);
}
