/**
 * The optimized integrations AWS knows; `aws-sdk:*` takes any action, which the host checks.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the page of each service
 */
const OPTIMIZED: Readonly<Record<string, readonly string[]>> = {
  apigateway: ["invoke"],
  athena: ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"],
  batch: ["submitJob"],
  bedrock: ["invokeModel", "createModelCustomizationJob"],
  bedrockagentcore: ["invokeHarness"],
  codebuild: [
    "startBuild",
    "stopBuild",
    "batchDeleteBuilds",
    "batchGetReports",
    "startBuildBatch",
    "stopBuildBatch",
    "retryBuildBatch",
    "deleteBuildBatch",
  ],
  databrew: ["startJobRun"],
  dynamodb: ["getItem", "putItem", "deleteItem", "updateItem"],
  ecs: ["runTask"],
  eks: [
    "call",
    "runJob",
    "createCluster",
    "deleteCluster",
    "createNodegroup",
    "deleteNodegroup",
    "createFargateProfile",
    "deleteFargateProfile",
  ],
  elasticmapreduce: [
    "createCluster",
    "terminateCluster",
    "addStep",
    "cancelStep",
    "setClusterTerminationProtection",
    "modifyInstanceFleetByName",
    "modifyInstanceGroupByName",
  ],
  "emr-containers": ["createVirtualCluster", "deleteVirtualCluster", "startJobRun"],
  "emr-serverless": [
    "createApplication",
    "startApplication",
    "stopApplication",
    "deleteApplication",
    "startJobRun",
    "cancelJobRun",
  ],
  events: ["putEvents"],
  glue: ["startJobRun"],
  http: ["invoke"],
  lambda: ["invoke"],
  mediaconvert: ["createJob"],
  sagemaker: [
    "createTrainingJob",
    "createTransformJob",
    "createEndpoint",
    "createEndpointConfig",
    "createHyperParameterTuningJob",
    "createLabelingJob",
    "createModel",
    "createProcessingJob",
    "updateEndpoint",
  ],
  sns: ["publish"],
  sqs: ["sendMessage"],
  states: ["startExecution"],
};

/** Optimized integrations that also run as a job, `.sync`. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  athena: ["startQueryExecution"],
  batch: ["submitJob"],
  bedrock: ["createModelCustomizationJob"],
  codebuild: ["startBuild", "startBuildBatch", "retryBuildBatch"],
  databrew: ["startJobRun"],
  ecs: ["runTask"],
  eks: [
    ...["runJob", "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup", "createFargateProfile"],
    "deleteFargateProfile",
  ],
  elasticmapreduce: ["createCluster", "terminateCluster", "addStep"],
  "emr-containers": ["deleteVirtualCluster", "startJobRun"],
  "emr-serverless": [
    ...["createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun"],
  ],
  glue: ["startJobRun"],
  mediaconvert: ["createJob"],
  sagemaker: [
    ...["createTrainingJob", "createTransformJob", "createHyperParameterTuningJob", "createLabelingJob"],
    "createProcessingJob",
  ],
  states: ["startExecution"],
};

/** Services whose optimized integration never waits for a task token. */
const NO_TOKEN: ReadonlySet<string> = new Set([
  ...[
    "athena",
    "batch",
    "bedrockagentcore",
    "codebuild",
    "databrew",
    "dynamodb",
    "elasticmapreduce",
    "emr-containers",
    "emr-serverless",
  ],
  ...["glue", "http", "mediaconvert", "sagemaker"],
]);

/** What an `arn:aws:states:::` resource names; undefined for functions, activities and anything else. */
export type NamedIntegration = Readonly<{ service: string; action: string; suffix: string }>;

/** Takes `arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken` apart; the service of an SDK integration is `aws-sdk`. */
export function namedIntegration(resource: string): NamedIntegration | undefined {
  const named = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1];
  if (named === undefined || named.startsWith("activity:")) return undefined;
  const suffix = /\.(?:sync(?::2)?|waitForTaskToken)$/.exec(named)?.[0] ?? "";
  const [service = "", ...action] = named.slice(0, named.length - suffix.length).split(":");
  return { service, action: action.join(":"), suffix };
}

/** False for an `arn:aws:states:::` resource that names no integration. Functions, activities and others pass. */
export function isKnownResource(resource: string): boolean {
  const named = namedIntegration(resource);
  if (named === undefined) return true;
  const { service, action, suffix } = named;
  if (suffix.startsWith(".sync") && !isJob(service, action)) return false;
  if (suffix === ".sync:2" && service !== "states") return false;
  if (suffix === ".waitForTaskToken" && NO_TOKEN.has(service)) return false;
  if (service === "aws-sdk") return /^[a-z0-9]+:[a-z]\w*$/.test(action);
  return Object.hasOwn(OPTIMIZED, service) && OPTIMIZED[service]?.includes(action) === true;
}

function isJob(service: string, action: string): boolean {
  return Object.hasOwn(JOBS, service) && JOBS[service]?.includes(action) === true;
}

/** Parameters that AWS asks for when the state machine is made, as far as they are known without the APIs. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  "lambda:invoke": ["FunctionName"],
  "sqs:sendMessage": ["QueueUrl", "MessageBody"],
  "sns:publish": ["Message"],
  "dynamodb:putItem": ["TableName", "Item"],
  "dynamodb:getItem": ["TableName", "Key"],
  "states:startExecution": ["StateMachineArn"],
  "events:putEvents": ["Entries"],
  "ecs:runTask": ["TaskDefinition"],
  "glue:startJobRun": ["JobName"],
};

/** What AWS says of parameters that the integration needs and the state does not give, computed or not. */
export function missingParameters({ service, action }: NamedIntegration, given: readonly string[]): string[] {
  const required = REQUIRED[`${service}:${action}`] ?? [];
  return required
    .filter((field) => !given.includes(field))
    .map((field) => `The field '${field}' is required but was missing`);
}
