/**
 * Which `aws-sdk:` integrations Step Functions has.
 *
 *   P1. A service or an action that the API models do not have is refused; both are written as in the resource, the action
 *       with its first letter lower-case.
 *   P2. Actions that Step Functions leaves out, such as those that stream, are refused.
 *   P3. Services that Step Functions still lists although the SDKs have dropped them pass with any action.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
import { apiModel } from "./api-model.ts";

const RETIRED: ReadonlySet<string> = new Set([
  ...["elasticinference", "honeycode", "iotfleethub", "iotroborunner", "lookoutmetrics", "lookoutvision", "macie"],
  ...["mobile", "opsworks", "opsworkscm", "privatenetworks", "qldb", "qldbsession", "robomaker", "sms"],
]);

const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  applicationdiscovery: ["describeExportConfigurations", "exportConfigurations"],
  bedrockagentruntime: [
    ...["invokeAgent", "invokeFlow", "invokeInlineAgent", "optimizePrompt", "retrieveAndGenerateStream"],
  ],
  bedrockruntime: ["invokeModelWithResponseStream", "converseStream"],
  cloudwatchlogs: ["startLiveTail"],
  codedeploy: [
    ...["batchGetDeploymentInstances", "getDeploymentInstance", "listDeploymentInstances"],
    "skipWaitTimeForInstanceTermination",
  ],
  comprehendmedical: ["detectEntities"],
  dataexchange: ["sendApiAsset"],
  directconnect: [
    ...["allocateConnectionOnInterconnect", "describeConnectionLoa", "describeConnectionsOnInterconnect"],
    "describeInterconnectLoa",
  ],
  efs: ["createTags"],
  elastictranscoder: ["testRole"],
  emr: ["describeJobFlows"],
  iot: ["attachPrincipalPolicy", "listPrincipalPolicies", "detachPrincipalPolicy", "listPolicyPrincipals"],
  iotdeviceadvisor: ["listTestCases"],
  iotsitewise: ["invokeAssistant"],
  kinesis: ["subscribeToShard"],
  lambda: ["invokeAsync", "invokeWithResponseStream"],
  lexruntimev2: ["startConversation"],
  mediapackage: ["rotateChannelCredentials"],
  qbusiness: ["chat"],
  rdsdata: ["executeSql"],
  s3: ["selectObjectContent"],
  sagemakerruntime: ["invokeEndpointWithResponseStream"],
  shield: ["deleteSubscription"],
  sts: ["assumeRole", "assumeRoleWithSAML", "assumeRoleWithWebIdentity"],
};

/** The port `refusesApi` of `parseDefinition`: whether AWS would not recognize this resource of an SDK integration. */
export function refusesApi(resource: string): boolean {
  const [, service = "", action = ""] =
    /^arn:aws[\w-]*:states:[^:]*:[^:]*:aws-sdk:([^:]+):([^.:]+)/.exec(resource) ?? [];
  if (service === "" || RETIRED.has(service)) return false;
  if (service !== service.toLowerCase() || !/^[a-z]/.test(action)) return true;
  const leftOut = Object.hasOwn(LEFT_OUT, service) ? LEFT_OUT[service] : undefined;
  return leftOut?.includes(action) === true || apiModel(service)?.operation(action) === undefined;
}
