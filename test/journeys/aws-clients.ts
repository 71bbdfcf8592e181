/** AWS clients of a running home, which ask once: what a killed home did not answer is not asked again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SFNClient } from "@aws-sdk/client-sfn";
import { z } from "zod";
import type { Up } from "./command.ts";

export interface HomeClients {
  s3: S3Client;
  sfn: SFNClient;
  lambda: LambdaClient;
  sagemaker: SageMakerClient;
}

const Keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** For a client of any service. */
export function homeConfig(home: string, { endpoint, region }: Pick<Up, "endpoint" | "region">) {
  const credentials = Keys.parse(JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")));
  return { endpoint, region, credentials, maxAttempts: 1 };
}

export function homeClients(home: string, up: Pick<Up, "endpoint" | "region">): HomeClients {
  const config = homeConfig(home, up);
  return {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sfn: new SFNClient(config),
    lambda: new LambdaClient(config),
    sagemaker: new SageMakerClient(config),
  };
}
