/** AWS SDK clients, each loaded when first used. */

import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";

export interface Clients {
  s3(): Promise<S3Client>;
  sfn(): Promise<SFNClient>;
  ssm(): Promise<SSMClient>;
  lambda(): Promise<LambdaClient>;
  sagemaker(): Promise<SageMakerClient>;
  logs(): Promise<CloudWatchLogsClient>;
  events(): Promise<EventBridgeClient>;
  scheduler(): Promise<SchedulerClient>;
  sqs(): Promise<SQSClient>;
}

export interface ClientOptions {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

export function createClients(options: ClientOptions): Clients {
  const config = { ...options, maxAttempts: 2 };
  return {
    s3: once(async () => new (await import("@aws-sdk/client-s3")).S3Client({ ...config, forcePathStyle: true })),
    sfn: once(async () => new (await import("@aws-sdk/client-sfn")).SFNClient(config)),
    ssm: once(async () => new (await import("@aws-sdk/client-ssm")).SSMClient(config)),
    lambda: once(async () => new (await import("@aws-sdk/client-lambda")).LambdaClient(config)),
    sagemaker: once(async () => new (await import("@aws-sdk/client-sagemaker")).SageMakerClient(config)),
    logs: once(async () => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogsClient(config)),
    events: once(async () => new (await import("@aws-sdk/client-eventbridge")).EventBridgeClient(config)),
    scheduler: once(async () => new (await import("@aws-sdk/client-scheduler")).SchedulerClient(config)),
    sqs: once(async () => new (await import("@aws-sdk/client-sqs")).SQSClient(config)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
