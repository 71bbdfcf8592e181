/** What handlers and workflows read of a product and a model: one SSM parameter each. */
import { Aws } from "aws-cdk-lib";
import type { ModelCode } from "./constructs/model-code.ts";
import { type Model, ModelDefinitionError } from "./define-model.ts";
import { type Framework, imageUri } from "./frameworks.ts";
import type { Names } from "./names.ts";
import type { Product } from "./products.ts";

/** A standard parameter's limit. */
const MAX_BYTES = 4096;
const VOLUME_GB = 10;

/** The JSON of `/tidemill/products/<product>`. */
export function productConfig(product: Product, names: Names, curationUri: string): string {
  return JSON.stringify({
    product: product.name,
    database: product.name,
    table: product.table,
    bucket: names.productBucket(product.name),
    prefix: `${product.table}/`,
    crawler: names.crawler(product.name),
    curation: curationUri,
    minRows: product.minRows,
    models: product.models,
  });
}

/**
 * The JSON of `/tidemill/models/<model>`.
 *
 * @param commit git commit the app is built from, or "unknown"
 * @param registryAccount the account that holds SageMaker's images in the stack's region
 * @throws {@link ModelDefinitionError} when the parameter would be larger than 4 KB
 */
export function modelConfig(model: Model, code: ModelCode, commit: string, registryAccount: string): string {
  const { dataProduct, process, train, evaluate, serve } = model;
  const image = (framework: Framework) => imageUri(framework, registryAccount, Aws.REGION, Aws.URL_SUFFIX);
  const job = (instanceType: string, timeoutMinutes: number) => ({
    instanceType,
    instanceCount: 1,
    volumeSizeInGB: VOLUME_GB,
    maxRuntimeInSeconds: timeoutMinutes * 60,
  });
  const config = JSON.stringify({
    model: model.name,
    product: dataProduct.database,
    database: dataProduct.database,
    table: dataProduct.table,
    label: model.label,
    columns: model.columns,
    commit,
    query: code.uriOf(model.query),
    code: code.prefixUri,
    processing: {
      image: image(process.framework),
      script: process.script,
      arguments: process.arguments,
      ...job(process.instanceType, process.timeoutMinutes),
    },
    training: {
      image: image(train.framework),
      script: train.script,
      source: code.sourceDirUri,
      hyperparameters: train.hyperparameters,
      metricDefinitions: train.metricDefinitions,
      ...job(train.instanceType, train.timeoutMinutes),
    },
    evaluation: {
      image: image(train.framework),
      script: evaluate.script,
      arguments: evaluate.arguments,
      metric: evaluate.metric,
      floor: evaluate.floor,
      better: evaluate.better,
      ...job(process.instanceType, process.timeoutMinutes),
    },
    drift: model.drift,
    inference: {
      image: image(train.framework),
      environment: {
        SAGEMAKER_PROGRAM: serve.script,
        SAGEMAKER_SUBMIT_DIRECTORY: code.sourceDirUri,
        // What the endpoint answers in when the caller asks for nothing: rows come as CSV, so do answers.
        SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: "text/csv",
      },
      instanceType: serve.instanceType,
      instanceCount: serve.instanceCount,
      answers: serve.answers,
    },
    release: model.release,
  });
  // Tokens are longer than what they stand for, so this errs on the safe side.
  if (Buffer.byteLength(config) > MAX_BYTES) {
    throw new ModelDefinitionError(
      `model ${model.name}: its settings take ${Buffer.byteLength(config)} bytes, of ${MAX_BYTES} at most; ` +
        "move long arguments, columns or hyperparameters into a file of the model's folder",
    );
  }
  return config;
}
