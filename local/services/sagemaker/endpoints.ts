/** CreateEndpoint, UpdateEndpoint, DescribeEndpoint, ListEndpoints, DeleteEndpoint. */
import type { DescribeEndpointOutput, DesiredWeightAndCapacity } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { addTags, arnOf, type Context, now } from "./context.ts";
import { createEndpoint, findEndpoint, removeEndpoint, settledEndpoint, updateEndpoint } from "./endpoint-life.ts";
import { announceEndpoint, type Deployment, type EndpointRunner, variantSummary } from "./endpoint-runner.ts";
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
  const { records } = context;
  const onEndpoint = ({ EndpointName = "*" }: { EndpointName?: string | undefined }) => ({
    resource: arnOf(context, KIND, EndpointName),
  });
  const onBoth = (input: { EndpointName?: string | undefined; EndpointConfigName?: string | undefined }) => [
    onEndpoint(input),
    { resource: arnOf(context, "endpoint-config", input.EndpointConfigName ?? "*") },
  ];
  return {
    CreateEndpoint: {
      authorize: (input) => [...onBoth(input), ...addTags(input.Tags, onEndpoint(input).resource)],
      handle: (input) => ({ EndpointArn: createEndpoint(context, runner, input) }),
    },
    UpdateEndpoint: {
      authorize: onBoth,
      handle: (input) => ({ EndpointArn: updateEndpoint(context, runner, input) }),
    },
    UpdateEndpointWeightsAndCapacities: {
      authorize: onEndpoint,
      handle(input) {
        const name = requiredName(input.EndpointName, "endpointName");
        const { document, progress } = settledEndpoint(context, name);
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
      handle: ({ EndpointName }) => findEndpoint(context, requiredName(EndpointName, "endpointName")).document,
    },
    DeleteEndpoint: {
      authorize: onEndpoint,
      handle({ EndpointName }) {
        removeEndpoint(context, runner, requiredName(EndpointName, "endpointName"));
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
