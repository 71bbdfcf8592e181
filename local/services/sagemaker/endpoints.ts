/** CreateEndpoint, UpdateEndpoint, DescribeEndpoint, ListEndpoints, DeleteEndpoint. */
import type { DescribeEndpointOutput, DesiredWeightAndCapacity } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { addTags, arnOf, type Context, now } from "./context.ts";
import {
  announceEndpoint,
  type Deployment,
  type EndpointProgress,
  type EndpointRunner,
  variantSummary,
} from "./endpoint-runner.ts";
import { required, requiredName, validation } from "./errors.ts";
import { page } from "./page.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built =
  | "CreateEndpoint"
  | "UpdateEndpoint"
  | "UpdateEndpointWeightsAndCapacities"
  | "DescribeEndpoint"
  | "ListEndpoints"
  | "DeleteEndpoint";

const KIND = "endpoint";

export function endpointOperations(context: Context, runner: EndpointRunner): Pick<Operations<Sdk>, Built> {
  const { records, tags } = context;
  const onEndpoint = ({ EndpointName = "*" }: { EndpointName?: string | undefined }) => ({
    resource: arnOf(context, KIND, EndpointName),
  });
  const onBoth = (input: { EndpointName?: string | undefined; EndpointConfigName?: string | undefined }) => [
    onEndpoint(input),
    { resource: arnOf(context, "endpoint-config", input.EndpointConfigName ?? "*") },
  ];
  const find = (name: string) => {
    const record = records.find<DescribeEndpointOutput, EndpointProgress>(KIND, name);
    if (record === undefined) throw validation(`Could not find endpoint "${arnOf(context, KIND, name)}".`);
    return record;
  };
  /** SageMaker's word for deleting one, too. */
  const settled = (name: string) => {
    const record = find(name);
    const { EndpointStatus, EndpointArn } = record.document;
    if (EndpointStatus === "InService" || EndpointStatus === "Failed") return record;
    throw validation(`Cannot update in-progress endpoint "${EndpointArn}".`);
  };
  return {
    CreateEndpoint: {
      authorize: (input) => [...onBoth(input), ...addTags(input.Tags, onEndpoint(input).resource)],
      handle(input) {
        const name = requiredName(input.EndpointName, "endpointName");
        const configName = required(input.EndpointConfigName, "endpointConfigName");
        const arn = arnOf(context, KIND, name);
        if (records.find(KIND, name)) throw validation(`Cannot create already existing endpoint "${arn}".`);
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
        records.insert(KIND, name, document, { wanted });
        tags.add(arn, input.Tags);
        announceEndpoint(context, document);
        runner.deploy(name);
        return { EndpointArn: arn };
      },
    },
    UpdateEndpoint: {
      authorize: onBoth,
      handle(input) {
        const name = requiredName(input.EndpointName, "endpointName");
        const configName = required(input.EndpointConfigName, "endpointConfigName");
        const { document, progress } = settled(name);
        const wanted = runner.deploymentOf(name, configName);
        const updating = { ...document, EndpointStatus: "Updating" as const, LastModifiedTime: now(context) };
        records.update(KIND, name, updating, { ...progress, wanted });
        announceEndpoint(context, updating);
        runner.deploy(name);
        return { EndpointArn: document.EndpointArn };
      },
    },
    UpdateEndpointWeightsAndCapacities: {
      authorize: onEndpoint,
      handle(input) {
        const name = requiredName(input.EndpointName, "endpointName");
        const { document, progress } = settled(name);
        const wanted = required(input.DesiredWeightsAndCapacities, "desiredWeightsAndCapacities");
        const served = reweighed(progress.served, wanted);
        const updated = {
          ...document,
          ProductionVariants: served.variants.map(variantSummary),
          LastModifiedTime: now(context),
        };
        records.update(KIND, name, updated, { ...progress, served });
        announceEndpoint(context, updated);
        return { EndpointArn: document.EndpointArn };
      },
    },
    DescribeEndpoint: {
      authorize: onEndpoint,
      handle: ({ EndpointName }) => find(requiredName(EndpointName, "endpointName")).document,
    },
    DeleteEndpoint: {
      authorize: onEndpoint,
      handle({ EndpointName }) {
        const name = requiredName(EndpointName, "endpointName");
        const { document, progress } = settled(name);
        records.remove(KIND, name);
        announceEndpoint(context, { ...document, EndpointStatus: "Deleting", LastModifiedTime: now(context) });
        tags.remove(document.EndpointArn ?? "");
        runner.undeploy(name, progress);
        return {};
      },
    },
    ListEndpoints: {
      handle(input) {
        const endpoints = records
          .list<DescribeEndpointOutput>(KIND)
          .map(({ name, document }) => ({
            name,
            document,
            createdAt: document.CreationTime ?? new Date(0),
            modifiedAt: document.LastModifiedTime,
            status: document.EndpointStatus,
          }))
          .filter(({ document }) => !input.StatusEquals || document.EndpointStatus === input.StatusEquals);
        const { items, ...rest } = page(endpoints, input);
        return { Endpoints: items.map(({ document }) => summary(document)), ...rest };
      },
    },
  };
}

/** The deployment with other weights. @throws ValidationException for a variant that it does not have */
function reweighed(served: Deployment | undefined, wanted: readonly DesiredWeightAndCapacity[]): Deployment {
  if (served === undefined) throw validation("The endpoint serves nothing; update it to a configuration that can be.");
  const unknown = wanted.find(({ VariantName }) => !served.variants.some(({ name }) => name === VariantName));
  if (unknown !== undefined) throw validation(`Could not find production variant "${unknown.VariantName}".`);
  const variants = served.variants.map((variant) => {
    const { DesiredWeight, DesiredInstanceCount } =
      wanted.find(({ VariantName }) => VariantName === variant.name) ?? {};
    return {
      ...variant,
      weight: DesiredWeight ?? variant.weight,
      instances: DesiredInstanceCount ?? variant.instances,
    };
  });
  return { ...served, variants };
}

function summary({
  EndpointName,
  EndpointArn,
  CreationTime,
  LastModifiedTime,
  EndpointStatus,
}: DescribeEndpointOutput) {
  return { EndpointName, EndpointArn, CreationTime, LastModifiedTime, EndpointStatus };
}
