/**
 * Optimized integrations that are no call of one API: their members as the documentation has them.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html, …/connect-api-gateway.html,
 * …/connect-eks.html, …/connect-emr.html
 */
import { ApiModel, type ApiModelSource, type ApiShape } from "./api-model.ts";

/** A member is free (`true`), or an object with members of its own; its name ends in `*` where it is required. */
type Members = { readonly [name: string]: true | Members };

const CONNECTION: Members = { "ConnectionArn*": true };
const CLUSTER: Members = { "ClusterName*": true, "CertificateAuthority*": true, "Endpoint*": true };
const JAR: Members = { "Jar*": true, Args: true, MainClass: true, Properties: true };

const OWN: Readonly<Record<string, Readonly<Record<string, Members>>>> = {
  http: {
    Invoke: {
      "ApiEndpoint*": true,
      "Method*": true,
      Authentication: CONNECTION,
      InvocationConfig: CONNECTION,
      Headers: true,
      QueryParameters: true,
      RequestBody: true,
      Transform: { RequestBodyEncoding: true, RequestEncodingOptions: { ArrayFormat: true } },
    },
  },
  apigateway: {
    Invoke: {
      "ApiEndpoint*": true,
      "Method*": true,
      Headers: true,
      Stage: true,
      Path: true,
      QueryParameters: true,
      RequestBody: true,
      AllowNullValues: true,
      AuthType: true,
    },
  },
  eks: {
    Call: { ...CLUSTER, "Method*": true, "Path*": true, QueryParameters: true, RequestBody: true },
    RunJob: { ...CLUSTER, "Job*": true, Namespace: true, LogOptions: true },
  },
  elasticmapreduce: {
    TerminateCluster: { "ClusterId*": true },
    SetClusterTerminationProtection: { "ClusterId*": true, "TerminationProtected*": true },
    AddStep: {
      "ClusterId*": true,
      "Step*": { "Name*": true, ActionOnFailure: true, "HadoopJarStep*": JAR, StepMonitoringConfiguration: true },
      ExecutionRoleArn: true,
    },
    CancelStep: { "ClusterId*": true, "StepId*": true },
    ModifyInstanceFleetByName: { "ClusterId*": true, "InstanceFleetName*": true, "InstanceFleet*": true },
    ModifyInstanceGroupByName: { "ClusterId*": true, "InstanceGroupName*": true, "InstanceGroup*": true },
  },
};

const models = new Map(Object.entries(OWN).map(([service, calls]) => [service, new ApiModel(modelOf(service, calls))]));

/** Undefined for a service of which everything is a call of an API. */
export function ownIntegrations(service: string): ApiModel | undefined {
  return models.get(service);
}

function modelOf(serviceId: string, calls: Readonly<Record<string, Members>>): ApiModelSource {
  const shapes: ApiShape[] = [{ t: "document" }];
  const place = (members: true | Members): number => {
    if (members === true) return 0;
    const named = Object.entries(members).map(([name, inner]) => [name.replace("*", ""), place(inner)] as const);
    const r = Object.keys(members).flatMap((name) => (name.endsWith("*") ? [name.slice(0, -1)] : []));
    return shapes.push({ t: "structure", m: Object.fromEntries(named), r }) - 1;
  };
  const operations = Object.fromEntries(Object.entries(calls).map(([name, members]) => [name, { i: place(members) }]));
  return { serviceId, operations, shapes };
}
