/**
 * SageMaker in the embedded home: jobs as child processes under the container contract, the model registry, endpoints.
 *
 * Jobs read and write S3 and query Athena as their own role. An environment variable, TIDEMILL_ENVIRONMENTS, lets several
 * homes share Python environments; TIDEMILL_PYTHON names the interpreter they are made with.
 */
import { join } from "node:path";
import { defineService } from "../../define-service.ts";
import { offerEndpoints } from "../../runtime/endpoints/index.ts";
import { createEnvironmentCache, createInterpreterPool, isolation } from "../../runtime/jobs/index.ts";
import type { Context } from "./context.ts";
import { endpointConfigOperations } from "./endpoint-configs.ts";
import { EndpointRunner } from "./endpoint-runner.ts";
import { endpointOperations } from "./endpoints.ts";
import { hostingResources } from "./hosting-resources.ts";
import { JobRunner } from "./job-runner.ts";
import { modelPackageGroupOperations, modelPackageGroupResource } from "./model-package-groups.ts";
import { modelPackageOperations } from "./model-packages.ts";
import { modelOperations } from "./models.ts";
import { processingJobOperations } from "./processing-jobs.ts";
import { processingKind } from "./processing-kind.ts";
import { openRecords } from "./records.ts";
import { searchOperations } from "./search.ts";
import { openTags, tagOperations } from "./tags.ts";
import { trainingJobOperations } from "./training-jobs.ts";
import { trainingKind } from "./training-kind.ts";
import { transformJobOperations } from "./transform-jobs.ts";
import { TransformRunner } from "./transform-runner.ts";

export const sagemaker = defineService<typeof import("@aws-sdk/client-sagemaker")>({
  name: "sagemaker",
  signingName: "sagemaker",
  iamPrefix: "sagemaker",
  sdk: () => import("@aws-sdk/client-sagemaker"),
  create(home) {
    const context: Context = { home, records: openRecords(home.store), tags: openTags(home.store), jobs: new Set() };
    const python = process.env.TIDEMILL_PYTHON;
    const cache = process.env.TIDEMILL_ENVIRONMENTS ?? join(home.directory, "environments");
    const environments = createEnvironmentCache(cache, python === undefined ? {} : { python });
    const scratch = join(home.directory, "sagemaker", "interpreters");
    const interpreters = createInterpreterPool(scratch, home.clock);
    home.onStarted(() => [() => environments.prepare(), () => isolation(scratch)]);
    home.onForeseen("sagemaker", async (action) => {
      if (/^create.*Job$/.test(action)) await interpreters.warm(cache);
    });
    const processing = new JobRunner(context, processingKind(context), environments, interpreters);
    const training = new JobRunner(context, trainingKind(context), environments, interpreters);
    const endpoints = new EndpointRunner(context, environments);
    offerEndpoints(home, endpoints);
    const transforms = new TransformRunner(context, environments);
    const runners = [processing, training, transforms, endpoints];
    return {
      operations: {
        ...processingJobOperations(context, processing),
        ...trainingJobOperations(context, training),
        ...transformJobOperations(context, transforms),
        ...modelPackageGroupOperations(context),
        ...modelPackageOperations(context),
        ...modelOperations(context),
        ...endpointConfigOperations(context),
        ...endpointOperations(context, endpoints),
        ...tagOperations(context.tags),
        ...searchOperations(context),
      },
      resources: {
        "AWS::SageMaker::ModelPackageGroup": modelPackageGroupResource(context),
        ...hostingResources(context, endpoints),
      },
      start() {
        for (const runner of runners) runner.recover();
      },
      async stop() {
        for (const runner of runners) await runner.close();
        interpreters.close();
      },
    };
  },
});
