/** AWS::SageMaker::Model, EndpointConfig and Endpoint. */
import type { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnBoolean, cfnNumber, cfnTags, parseProperties } from "../../parse-properties.ts";
import { arnOf, type Context } from "./context.ts";
import { createEndpointConfig, removeEndpointConfig } from "./endpoint-configs.ts";
import { createEndpoint, findEndpoint, removeEndpoint, updateEndpoint } from "./endpoint-life.ts";
import type { EndpointRunner } from "./endpoint-runner.ts";
import { createModel, removeModel } from "./models.ts";
import type { RecordKind } from "./records.ts";

const LONGEST_NAME = 63;
const CONTAINERS = "AWS::SageMaker::Model has one container here";

const Container = z.strictObject({
  Image: z.string().optional(),
  ModelDataUrl: z.string().optional(),
  ModelPackageName: z.string().optional(),
  Environment: z.record(z.string(), z.coerce.string()).optional(),
  ContainerHostname: z.string().optional(),
  Mode: z.literal("SingleModel").optional(),
});
const ModelProperties = z.strictObject({
  ModelName: z.string().optional(),
  ExecutionRoleArn: z.string(),
  PrimaryContainer: Container.optional(),
  Containers: z.array(Container).max(1, CONTAINERS).optional(),
  // A model is served by a process of this machine: accepted, without effect.
  EnableNetworkIsolation: cfnBoolean.optional(),
  VpcConfig: z.strictObject({ SecurityGroupIds: z.array(z.string()), Subnets: z.array(z.string()) }).optional(),
  Tags: cfnTags.optional(),
});
const Variant = z.strictObject({
  VariantName: z.string(),
  ModelName: z.string(),
  InitialVariantWeight: cfnNumber.optional(),
  InitialInstanceCount: cfnNumber.optional(),
  ContainerStartupHealthCheckTimeoutInSeconds: cfnNumber.optional(),
  // What it runs on is this machine: accepted, without effect.
  InstanceType: z.custom<ProductionVariantInstanceType>((type) => typeof type === "string").optional(),
  ServerlessConfig: z.strictObject({ MaxConcurrency: cfnNumber, MemorySizeInMB: cfnNumber }).optional(),
  ModelDataDownloadTimeoutInSeconds: cfnNumber.optional(),
  VolumeSizeInGB: cfnNumber.optional(),
  EnableSSMAccess: cfnBoolean.optional(),
});
const ConfigProperties = z.strictObject({
  EndpointConfigName: z.string().optional(),
  ProductionVariants: z.array(Variant).min(1),
  KmsKeyId: z.string().optional(),
  Tags: cfnTags.optional(),
});
const EndpointProperties = z.strictObject({
  EndpointName: z.string().optional(),
  EndpointConfigName: z.string(),
  // Every deployment is whole at once, after the new processes answer.
  DeploymentConfig: z.looseObject({}).optional(),
  Tags: cfnTags.optional(),
});

/** By which CloudFormation, too, tells what it made. */
const STACK_TAG = "aws:cloudformation:stack-name";
const ID_TAG = "aws:cloudformation:logical-id";

export function hostingResources(context: Context, runner: EndpointRunner): Record<string, ResourceType> {
  return {
    "AWS::SageMaker::Model": {
      properties: ModelProperties,
      create(given, { generateName }) {
        const properties = parseProperties("AWS::SageMaker::Model", ModelProperties, given);
        const ModelName = properties.ModelName ?? generateName(LONGEST_NAME);
        refuseTaken(context, "model", ModelName);
        return stateOf(createModel(context, defined({ ...properties, ModelName })), "ModelName", ModelName);
      },
      delete: ({ physicalId }) => removeModel(context, nameIn(physicalId)),
    },
    "AWS::SageMaker::EndpointConfig": {
      properties: ConfigProperties,
      create(given, { generateName }) {
        const properties = parseProperties("AWS::SageMaker::EndpointConfig", ConfigProperties, given);
        const EndpointConfigName = properties.EndpointConfigName ?? generateName(LONGEST_NAME);
        refuseTaken(context, "endpoint-config", EndpointConfigName);
        const arn = createEndpointConfig(context, defined({ ...properties, EndpointConfigName }));
        return stateOf(arn, "EndpointConfigName", EndpointConfigName);
      },
      delete: ({ physicalId }) => removeEndpointConfig(context, nameIn(physicalId)),
    },
    "AWS::SageMaker::Endpoint": endpointResource(context, runner),
  };
}

function endpointResource(context: Context, runner: EndpointRunner): ResourceType {
  const parse = (given: unknown) => parseProperties("AWS::SageMaker::Endpoint", EndpointProperties, given);
  const state = (name: string) => stateOf(arnOf(context, "endpoint", name), "EndpointName", name);
  return {
    properties: EndpointProperties,
    async create(given, made) {
      const { EndpointName, EndpointConfigName, Tags = [] } = parse(given);
      const name = EndpointName ?? made.generateName(LONGEST_NAME);
      const before = isMadeBy(context, name, made) ? findEndpoint(context, name).document.EndpointStatus : undefined;
      if (before === "Failed") removeEndpoint(context, runner, name);
      // A home that was killed while it came up finds it again, and goes on with it.
      if (before !== undefined && before !== "Failed") runner.deploy(name);
      else {
        refuseTaken(context, "endpoint", name);
        createEndpoint(context, runner, { EndpointName: name, EndpointConfigName, Tags: [...Tags, ...tagsOf(made)] });
      }
      await inService(context, name, EndpointConfigName);
      return state(name);
    },
    async update(given, { physicalId }, made) {
      const { EndpointName, EndpointConfigName, Tags = [] } = parse(given);
      const name = nameIn(physicalId);
      if (EndpointName !== undefined && EndpointName !== name) return "replace";
      context.tags.remove(physicalId);
      context.tags.add(physicalId, [...Tags, ...tagsOf(made)]);
      const { document, progress } = findEndpoint(context, name);
      if (progress.wanted !== undefined) runner.deploy(name);
      else if (document.EndpointConfigName !== EndpointConfigName)
        updateEndpoint(context, runner, { EndpointName: name, EndpointConfigName });
      await inService(context, name, EndpointConfigName);
      return state(name);
    },
    delete: ({ physicalId }) => removeEndpoint(context, runner, nameIn(physicalId)),
  };
}

/** @throws AwsError with the endpoint's FailureReason, when it does not come to serve that configuration */
async function inService(context: Context, name: string, configName: string): Promise<void> {
  const arn = arnOf(context, "endpoint", name);
  await new Promise<void>((resolve) => {
    const settled = () => !/ing$/.test(findEndpoint(context, name).document.EndpointStatus ?? "");
    if (settled()) return resolve();
    const end = context.home.listen(({ source, resources }) => {
      if (source !== "aws.sagemaker" || !resources.includes(arn) || !settled()) return;
      end();
      resolve();
    });
  });
  const { EndpointStatus, EndpointConfigName, FailureReason } = findEndpoint(context, name).document;
  if (EndpointStatus === "InService" && EndpointConfigName === configName) return;
  throw new AwsError(
    "NotStabilized",
    `endpoint ${name} does not serve ${configName}: ${FailureReason ?? EndpointStatus}`,
  );
}

function isMadeBy(context: Context, name: string, made: ResourceContext): boolean {
  if (context.records.find("endpoint", name) === undefined) return false;
  const tags = context.tags.of(arnOf(context, "endpoint", name));
  return tagsOf(made).every(({ Key, Value }) => tags.some((tag) => tag.Key === Key && tag.Value === Value));
}

const tagsOf = ({ stackName, logicalId }: ResourceContext) => [
  { Key: STACK_TAG, Value: stackName },
  { Key: ID_TAG, Value: logicalId },
];

/** In words by which a replacement is told that its predecessor has the name. */
function refuseTaken(context: Context, kind: RecordKind, name: string): void {
  if (context.records.find(kind, name) === undefined) return;
  throw new AwsError("AlreadyExists", `${arnOf(context, kind, name)} already exists`);
}

const stateOf = (arn: string, attribute: string, name: string): ResourceState => ({
  physicalId: arn,
  attributes: { [attribute]: name },
});
const nameIn = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

/** Without members that are undefined, as requests are. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(value));
}
