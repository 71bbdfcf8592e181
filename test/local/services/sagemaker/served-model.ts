/** Models that an endpoint serves, and one that never is loaded. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { tarball } from "../../../../infra/tarball.ts";
import { BUCKET, ROLE, type SagemakerHome } from "./sagemaker-home.ts";

const STUCK =
  'import os, time\ndef model_fn(model_dir):\n    print("loading", os.getpid(), flush=True)\n    time.sleep(100000)\n';

/** A model's archive whose inference.py is `program`. */
export const serving = (program: string) =>
  tarball([
    { path: "code/inference.py", content: Buffer.from(program) },
    { path: "code/requirements.txt", content: Buffer.from("# the standard library will do\n") },
  ]);

/** A model of these bytes (none: not in S3) and an endpoint configuration, both called `name`. */
export async function configure(
  home: SagemakerHome,
  name: string,
  Body: Uint8Array | undefined,
  variant: Partial<sm.ProductionVariant> = {},
  object = "model.tar.gz",
): Promise<void> {
  const Key = `${name}/${object}`;
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET })).catch(() => undefined);
  if (Body !== undefined) await home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  await home.sagemaker.send(
    new sm.CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: "none:1",
        ModelDataUrl: `s3://${BUCKET}/${Key}`,
        Environment: { SAGEMAKER_PROGRAM: "inference.py" },
      },
    }),
  );
  const ProductionVariants = [
    { VariantName: "all", ModelName: name, InitialInstanceCount: 1, InstanceType: "ml.t2.medium" as const, ...variant },
  ];
  await home.sagemaker.send(new sm.CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
}

/** The same, and an endpoint of that name. */
export async function deploy(...[home, name, ...rest]: Parameters<typeof configure>): Promise<void> {
  await configure(home, name, ...rest);
  await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
}

export const deployStuck = (home: SagemakerHome, variant: Partial<sm.ProductionVariant> = {}) =>
  deploy(home, "stuck", serving(STUCK), variant);

/** Processes that began to load the model, by their ids, in the order of their starts. */
export function loading(directory: string): number[] {
  const log = join(directory, "sagemaker/endpoint/stuck/1/all/log");
  if (!existsSync(log)) return [];
  return [...readFileSync(log, "utf8").matchAll(/^loading (\d+)$/gm)].map(([, pid]) => Number(pid));
}
