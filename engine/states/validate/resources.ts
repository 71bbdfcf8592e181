/** The optimized integrations AWS knows; `aws-sdk:*` takes any action, whose parameters the host checks. */
const OPTIMIZED: Readonly<Record<string, readonly string[]>> = {
  apigateway: ["invoke"],
  athena: ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"],
  batch: ["submitJob"],
  bedrock: ["invokeModel", "createModelCustomizationJob"],
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

/** False for an `arn:aws:states:::` resource that names no integration. Functions, activities and others pass. */
export function isKnownResource(resource: string): boolean {
  const named = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1];
  if (named === undefined || named.startsWith("activity:")) return true;
  const [service = "", action = ""] = named.split(":");
  if (service === "aws-sdk") return named.split(":").length >= 3;
  const bare = action.replace(/\.(sync|waitForTaskToken)$/, "");
  return OPTIMIZED[service]?.includes(bare) ?? false;
}
