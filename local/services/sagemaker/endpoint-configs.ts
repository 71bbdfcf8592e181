/** CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs, DeleteEndpointConfig. */
import type { CreateEndpointConfigInput, DescribeEndpointConfigOutput } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { addTags, arnOf, type Context, now } from "./context.ts";
import { required, requiredName, validation } from "./errors.ts";
import { findModel } from "./models.ts";
import { page } from "./page.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built = "CreateEndpointConfig" | "DescribeEndpointConfig" | "ListEndpointConfigs" | "DeleteEndpointConfig";

const KIND = "endpoint-config";

/** @throws ValidationException when there is none */
export function findEndpointConfig(context: Context, name: string): DescribeEndpointConfigOutput {
  const record = context.records.find<DescribeEndpointConfigOutput>(KIND, name);
  if (record === undefined) throw validation(`Could not find endpoint configuration "${arnOf(context, KIND, name)}".`);
  return record.document;
}

export function endpointConfigOperations(context: Context): Pick<Operations<Sdk>, Built> {
  const onConfig = ({ EndpointConfigName = "*" }: { EndpointConfigName?: string | undefined }) => ({
    resource: arnOf(context, KIND, EndpointConfigName),
  });
  return {
    CreateEndpointConfig: {
      authorize: (input) => [onConfig(input), ...addTags(input.Tags, onConfig(input).resource)],
      handle: (input) => ({ EndpointConfigArn: createEndpointConfig(context, input) }),
    },
    DescribeEndpointConfig: {
      authorize: onConfig,
      handle: ({ EndpointConfigName }) =>
        findEndpointConfig(context, requiredName(EndpointConfigName, "endpointConfigName")),
    },
    DeleteEndpointConfig: {
      authorize: onConfig,
      handle({ EndpointConfigName }) {
        removeEndpointConfig(context, requiredName(EndpointConfigName, "endpointConfigName"));
        return {};
      },
    },
    ListEndpointConfigs: {
      handle(input) {
        const configs = context.records
          .list<DescribeEndpointConfigOutput>(KIND)
          .map(({ name, document }) => ({ name, document, createdAt: document.CreationTime ?? new Date(0) }));
        const { items, ...rest } = page(configs, input);
        const EndpointConfigs = items.map(({ document: { EndpointConfigName, EndpointConfigArn, CreationTime } }) => ({
          EndpointConfigName,
          EndpointConfigArn,
          CreationTime,
        }));
        return { EndpointConfigs, ...rest };
      },
    },
  };
}

/** @throws ValidationException for a variant without a model, and for what would not be served as asked */
function checkVariants(context: Context, config: CreateEndpointConfigInput): void {
  const notBuilt = (what: string, instead: string) => validation(`${what} not built in the embedded home; ${instead}`);
  if ((config.ShadowProductionVariants ?? []).length > 0)
    throw notBuilt("ShadowProductionVariants are", "leave them out, or give them as ProductionVariants with a weight");
  if (config.AsyncInferenceConfig !== undefined)
    throw notBuilt("Asynchronous endpoints are", "leave AsyncInferenceConfig out and call InvokeEndpoint");
  const names = (config.ProductionVariants ?? []).map(({ VariantName, ModelName }) => {
    if (ModelName === undefined)
      throw notBuilt("Inference components, which a variant without ModelName is for, are", "name the variant's model");
    findModel(context, ModelName);
    return required(VariantName, "productionVariants.variantName");
  });
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw validation(`Production variant names must be unique, found ${twice} twice.`);
}

/** Also what AWS::SageMaker::EndpointConfig creates by. @returns its ARN. @throws ValidationException */
export function createEndpointConfig(context: Context, input: CreateEndpointConfigInput): string {
  const name = requiredName(input.EndpointConfigName, "endpointConfigName");
  const arn = arnOf(context, KIND, name);
  if (context.records.find(KIND, name)) {
    throw validation(`Cannot create already existing endpoint configuration "${arn}".`);
  }
  const variants = required(input.ProductionVariants, "productionVariants");
  if (variants.length === 0) throw validation("At least one production variant is required.");
  checkVariants(context, input);
  const { Tags, ...request } = input;
  context.records.insert(KIND, name, {
    ...request,
    EndpointConfigName: name,
    EndpointConfigArn: arn,
    CreationTime: now(context),
  });
  context.tags.add(arn, Tags);
  return arn;
}

/** @throws ValidationException when there is none */
export function removeEndpointConfig(context: Context, name: string): void {
  const { EndpointConfigArn = "" } = findEndpointConfig(context, name);
  context.records.remove(KIND, name);
  context.tags.remove(EndpointConfigArn);
}
