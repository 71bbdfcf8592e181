/** An endpoint from its beginning to its end, for the API and for templates. */
import type { CreateEndpointInput, DescribeEndpointOutput, UpdateEndpointInput } from "@aws-sdk/client-sagemaker";
import { arnOf, type Context, now } from "./context.ts";
import { announceEndpoint, type EndpointProgress, type EndpointRunner } from "./endpoint-runner.ts";
import { required, requiredName, validation } from "./errors.ts";

const KIND = "endpoint";

/** @throws ValidationException when there is none */
export function findEndpoint(context: Context, name: string) {
  const record = context.records.find<DescribeEndpointOutput, EndpointProgress>(KIND, name);
  if (record === undefined) throw validation(`Could not find endpoint "${arnOf(context, KIND, name)}".`);
  return record;
}

/** One that no change is under way of; that is SageMaker's word for deleting one, too. @throws ValidationException */
export function settledEndpoint(context: Context, name: string) {
  const record = findEndpoint(context, name);
  const { EndpointStatus, EndpointArn } = record.document;
  if (EndpointStatus === "InService" || EndpointStatus === "Failed") return record;
  throw validation(`Cannot update in-progress endpoint "${EndpointArn}".`);
}

/** Begins to serve. @returns its ARN. @throws ValidationException */
export function createEndpoint(context: Context, runner: EndpointRunner, input: CreateEndpointInput): string {
  const name = requiredName(input.EndpointName, "endpointName");
  const configName = required(input.EndpointConfigName, "endpointConfigName");
  const arn = arnOf(context, KIND, name);
  if (context.records.find(KIND, name)) throw validation(`Cannot create already existing endpoint "${arn}".`);
  const wanted = runner.deploymentOf(name, configName);
  const at = now(context);
  const document: DescribeEndpointOutput = {
    EndpointName: name,
    EndpointArn: arn,
    EndpointConfigName: configName,
    EndpointStatus: "Creating",
    CreationTime: at,
    LastModifiedTime: at,
  };
  context.records.insert(KIND, name, document, { wanted });
  context.tags.add(arn, input.Tags);
  announceEndpoint(context, document);
  runner.deploy(name);
  return arn;
}

/** Begins to serve another configuration. @returns its ARN. @throws ValidationException */
export function updateEndpoint(context: Context, runner: EndpointRunner, input: UpdateEndpointInput): string {
  const name = requiredName(input.EndpointName, "endpointName");
  const configName = required(input.EndpointConfigName, "endpointConfigName");
  const { document, progress } = settledEndpoint(context, name);
  const wanted = runner.deploymentOf(name, configName);
  const updating = { ...document, EndpointStatus: "Updating" as const, LastModifiedTime: now(context) };
  context.records.update(KIND, name, updating, { ...progress, wanted });
  announceEndpoint(context, updating);
  runner.deploy(name);
  return document.EndpointArn ?? "";
}

/** @throws ValidationException */
export function removeEndpoint(context: Context, runner: EndpointRunner, name: string): void {
  const { document, progress } = settledEndpoint(context, name);
  context.records.remove(KIND, name);
  announceEndpoint(context, { ...document, EndpointStatus: "Deleting", LastModifiedTime: now(context) });
  context.tags.remove(document.EndpointArn ?? "");
  runner.undeploy(name, progress);
}
