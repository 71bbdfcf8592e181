/** What each model has of its own in the ML account: code, settings, and a group in the registry. */
import { Aws, CfnMapping, RemovalPolicy } from "aws-cdk-lib";
import { CfnModelPackageGroup } from "aws-cdk-lib/aws-sagemaker";
import { CfnParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import { REGISTRY_ACCOUNTS } from "../frameworks.ts";
import { modelConfig, productConfig } from "../model-config.ts";
import { MODEL_PARAMETERS, PRODUCT_PARAMETERS } from "../names.ts";
import { type AppInputs, pascalCase } from "../stacks/bounded-context.ts";
import { ModelCode } from "./model-code.ts";

export class ModelResources extends Construct {
  constructor(scope: Construct, id: string, { models, products, names, commits }: AppInputs) {
    super(scope, id);
    const registry = new CfnMapping(this, "SageMakerRegistry", {
      mapping: Object.fromEntries(Object.entries(REGISTRY_ACCOUNTS).map(([region, account]) => [region, { account }])),
    });
    const registryAccount = registry.findInMap(Aws.REGION, "account");
    const codeOf = new Map<string, ModelCode>();
    for (const discovered of models) {
      const { model } = discovered;
      const modelId = pascalCase(model.name);
      const code = new ModelCode(this, `${modelId}Code`, discovered);
      codeOf.set(model.name, code);
      new CfnParameter(this, `${modelId}Settings`, {
        name: `${MODEL_PARAMETERS}/${model.name}`,
        description: `Settings of model ${model.name}`,
        type: "String",
        value: modelConfig(model, code, commits[model.name] ?? "unknown", registryAccount),
      });
      new CfnModelPackageGroup(this, `${modelId}Packages`, {
        modelPackageGroupName: model.name,
        modelPackageGroupDescription: `Versions of model ${model.name}`,
      }).applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
    for (const product of products) {
      const curation = models.find(({ model }) => model.name === product.models[0]);
      const code = curation && codeOf.get(curation.model.name);
      if (curation === undefined || code === undefined) continue;
      new CfnParameter(this, `${pascalCase(product.name)}ProductSettings`, {
        name: `${PRODUCT_PARAMETERS}/${product.name}`,
        description: `Settings of data product ${product.name}`,
        type: "String",
        value: productConfig(product, names, code.uriOf(curation.model.dataProduct.curation)),
      });
    }
  }
}
