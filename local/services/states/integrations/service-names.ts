/**
 * What Step Functions calls a service, in resource ARNs and in error names, and where this home has it.
 * Optimized integrations speak as AWS SDK for Java 1 did (`Service: AWSLambda; Status Code: …`), aws-sdk ones as version 2.
 */
export interface ServiceName {
  /** Dispatch name in the home. */
  home: string;
  /** Prefix of error names: `<prefix>.<Exception>`. */
  errorPrefix: string;
  /** The client's name in the cause. */
  client: string;
  /** Error name when the service's error is not modelled. */
  generic: string;
}

const OPTIMIZED: Readonly<Record<string, ServiceName>> = {
  lambda: { home: "lambda", errorPrefix: "Lambda", client: "AWSLambda", generic: "AWSLambdaException" },
  states: {
    home: "states",
    errorPrefix: "StepFunctions",
    client: "AWSStepFunctions",
    generic: "AWSStepFunctionsException",
  },
  dynamodb: {
    home: "dynamodb",
    errorPrefix: "DynamoDB",
    client: "AmazonDynamoDBv2",
    generic: "AmazonDynamoDBException",
  },
  sqs: { home: "sqs", errorPrefix: "SQS", client: "AmazonSQS", generic: "AmazonSQSException" },
  sns: { home: "sns", errorPrefix: "SNS", client: "AmazonSNS", generic: "AmazonSNSException" },
  events: {
    home: "events",
    errorPrefix: "EventBridge",
    client: "AmazonEventBridge",
    generic: "AmazonEventBridgeException",
  },
  sagemaker: {
    home: "sagemaker",
    errorPrefix: "SageMaker",
    client: "AmazonSageMaker",
    generic: "AmazonSageMakerException",
  },
  athena: { home: "athena", errorPrefix: "Athena", client: "AmazonAthena", generic: "AmazonAthenaException" },
  glue: { home: "glue", errorPrefix: "Glue", client: "AWSGlue", generic: "AWSGlueException" },
};

const AWS_SDK: Readonly<Record<string, readonly [home: string, client: string]>> = {
  sfn: ["states", "Sfn"],
  eventbridge: ["events", "EventBridge"],
  cloudwatchlogs: ["logs", "CloudWatchLogs"],
  cloudwatch: ["cloudwatch", "CloudWatch"],
  s3: ["s3", "S3"],
  glue: ["glue", "Glue"],
  athena: ["athena", "Athena"],
  lambda: ["lambda", "Lambda"],
  sagemaker: ["sagemaker", "SageMaker"],
  sagemakerruntime: ["sagemaker-runtime", "SageMakerRuntime"],
  dynamodb: ["dynamodb", "DynamoDb"],
  sqs: ["sqs", "Sqs"],
  sns: ["sns", "Sns"],
  ssm: ["ssm", "Ssm"],
  sts: ["sts", "Sts"],
  iam: ["iam", "Iam"],
  scheduler: ["scheduler", "Scheduler"],
};

/** The service of an optimized integration's ARN; undefined when this home does not have it. */
export function optimizedService(service: string): ServiceName | undefined {
  return Object.hasOwn(OPTIMIZED, service) ? OPTIMIZED[service] : undefined;
}

/** The service of an `aws-sdk:` ARN; undefined when this home does not have it. */
export function awsSdkService(service: string): ServiceName | undefined {
  const found = Object.hasOwn(AWS_SDK, service) ? AWS_SDK[service] : undefined;
  if (found === undefined) return undefined;
  const [home, client] = found;
  return { home, client, errorPrefix: client, generic: `${client}Exception` };
}

/** What is there, for an error that has to name it. */
export const KNOWN_SERVICES: readonly string[] = [
  ...Object.keys(OPTIMIZED),
  ...Object.keys(AWS_SDK).map((name) => `aws-sdk:${name}`),
];
