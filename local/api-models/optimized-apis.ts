/** Which API an optimized integration calls, where it is a call of one. */

/** Service of an optimized integration → its API. */
const SERVICES: Readonly<Record<string, string>> = {
  athena: "athena",
  batch: "batch",
  bedrock: "bedrock",
  codebuild: "codebuild",
  databrew: "databrew",
  dynamodb: "dynamodb",
  ecs: "ecs",
  eks: "eks",
  elasticmapreduce: "emr",
  "emr-containers": "emrcontainers",
  "emr-serverless": "emrserverless",
  events: "eventbridge",
  glue: "glue",
  lambda: "lambda",
  mediaconvert: "mediaconvert",
  sagemaker: "sagemaker",
  sns: "sns",
  sqs: "sqs",
  states: "sfn",
};

/** Calls that another API has, or the same one under another name. */
const ELSEWHERE: Readonly<Record<string, ApiCall>> = {
  "bedrock:invokeModel": { service: "bedrockruntime", action: "invokeModel" },
  "elasticmapreduce:createCluster": { service: "emr", action: "runJobFlow" },
};

export type ApiCall = Readonly<{ service: string; action: string }>;

/** Undefined for a service whose optimized integration is no call of one API, such as `http`. */
export function optimizedApi(service: string, action: string): ApiCall | undefined {
  const elsewhere = `${service}:${action}`;
  if (Object.hasOwn(ELSEWHERE, elsewhere)) return ELSEWHERE[elsewhere];
  const api = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  return api === undefined ? undefined : { service: api, action };
}
