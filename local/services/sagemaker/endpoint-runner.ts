/**
 * Brings endpoints to what they should be: deployments of a configuration, one serving process a variant.
 *
 *   N1. An update serves the old configuration until every process of the new one answers; one that cannot start leaves
 *       the endpoint in service as it was, with the reason.
 *   N2. After a restart each endpoint is served again from its first request on, and a deployment that was under way is
 *       made anew.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { DescribeEndpointOutput, EndpointStatus } from "@aws-sdk/client-sagemaker";
import { type ServedEndpoints, TargetModelError, UnknownVariantError } from "../../runtime/endpoints/index.ts";
import { type EnvironmentCache, type Invocation, ServingAnswerError } from "../../runtime/jobs/index.ts";
import { type Context, now } from "./context.ts";
import { findEndpointConfig } from "./endpoint-configs.ts";
import { failureReason } from "./job-failure.ts";
import { type ModelToServe, modelToServe } from "./models.ts";
import { MultiModel } from "./multi-model.ts";
import { eventDetail } from "./state-events.ts";
import { VariantServer } from "./variant-server.ts";

const KIND = "endpoint";
const MODEL_TIMEOUT_MS = 60_000;

type Asked = Parameters<ServedEndpoints["invoke"]>[2];

interface Variant {
  name: string;
  weight: number;
  instances: number;
  model: ModelToServe;
  startupSeconds?: number | undefined;
}

/** What is served, resolved when it was deployed: models and configurations may be deleted after. */
export interface Deployment {
  number: number;
  configName: string;
  variants: Variant[];
}

export interface EndpointProgress {
  served?: Deployment;
  /** Under way: to be served instead. */
  wanted?: Deployment;
}

export class EndpointRunner implements ServedEndpoints {
  readonly #context: Context;
  readonly #environments: EnvironmentCache;
  readonly #servers = new Map<string, VariantServer>();
  readonly #multiModels = new Map<string, MultiModel>();
  #closed = false;

  constructor(context: Context, environments: EnvironmentCache) {
    this.#context = context;
    this.#environments = environments;
  }

  /** What a configuration deploys. @throws ValidationException when it, or a model of it, is missing */
  deploymentOf(endpointName: string, configName: string): Deployment {
    const { ProductionVariants = [] } = findEndpointConfig(this.#context, configName);
    const variants = ProductionVariants.map(({ VariantName = "", ModelName = "", ...variant }) => ({
      name: VariantName,
      weight: variant.InitialVariantWeight ?? 1,
      instances: variant.InitialInstanceCount ?? 1,
      startupSeconds: variant.ContainerStartupHealthCheckTimeoutInSeconds,
      model: modelToServe(this.#context, ModelName),
    }));
    return { number: this.#context.records.nextNumber(`endpoint/${endpointName}`), configName, variants };
  }

  /** Deploys `wanted` once the open batch, which recorded it, is durable. */
  deploy(name: string): void {
    this.#context.home.store.afterCommit(() => {
      this.#deploy(name).catch((thrown: unknown) => {
        if (!this.#closed) this.#context.home.log("error", `endpoint ${name} was left: ${String(thrown)}`);
      });
    });
  }

  /** Stops serving; the record is gone already. */
  undeploy(name: string, progress: EndpointProgress): void {
    this.#context.home.store.afterCommit(() => {
      const deployments = [progress.served, progress.wanted].filter((deployment) => deployment !== undefined);
      Promise.all(deployments.map((deployment) => this.#remove(name, deployment)))
        .then(() => rmSync(this.#folder(name), { recursive: true, force: true }))
        .catch((thrown: unknown) => this.#context.home.log("warn", `endpoint ${name} left files: ${String(thrown)}`));
    });
  }

  /** Served endpoints are attached to, or started, by their first request. */
  recover(): void {
    for (const { name, progress } of this.#context.records.list<DescribeEndpointOutput, EndpointProgress>(KIND)) {
      for (const variant of progress.served?.variants ?? []) this.#takeUp(name, progress.served, variant);
      if (progress.wanted !== undefined) this.deploy(name);
    }
  }

  /** Ends the processes, also those that an earlier home left: they hold no state, and the next request to the next home starts them. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#servers.values(), ...this.#multiModels.values()].map((server) => server.stop()));
  }

  async invoke(endpointName: string, invocation: Invocation, asked: Asked = {}) {
    const served = this.#context.records.find<object, EndpointProgress>(KIND, endpointName)?.progress.served;
    const variantName = asked.variant;
    const variant = variantName === undefined ? this.#draw(served?.variants) : named(served?.variants, variantName);
    if (served !== undefined && variant === undefined && variantName !== undefined)
      throw new UnknownVariantError(
        variantName,
        served.variants.map(({ name }) => name),
      );
    if (served === undefined || variant === undefined) return undefined;
    const open = this.#opener(endpointName, served, variant, asked.targetModel);
    const process_ = await open();
    try {
      return { answer: await process_.invoke(invocation, MODEL_TIMEOUT_MS), variant: variant.name };
    } catch (thrown) {
      if (thrown instanceof ServingAnswerError || (await process_.ping())) throw thrown;
      // It died, maybe by this very request; asking a new one is safe, as a model keeps no state.
      await process_.stop();
      const again = await open();
      return { answer: await again.invoke(invocation, MODEL_TIMEOUT_MS), variant: variant.name };
    }
  }

  /** What gives the process that is to answer. @throws TargetModelError */
  #opener(endpointName: string, served: Deployment, variant: Variant, targetModel: string | undefined) {
    if (!variant.model.multiModel) {
      if (targetModel === undefined) return () => this.#server(endpointName, served, variant).process();
      throw new TargetModelError(
        `Endpoint ${endpointName} is not a multi-model endpoint and does not support target model header.`,
      );
    }
    if (targetModel === undefined)
      throw new TargetModelError(`Request to endpoint ${endpointName} is missing a target model header.`);
    return () => this.#multiModel(endpointName, served, variant).process(targetModel);
  }

  #takeUp(name: string, deployment: Deployment | undefined, variant: Variant): void {
    if (!variant.model.multiModel) this.#server(name, deployment, variant);
    else
      this.#multiModel(name, deployment, variant)
        .remove()
        .catch((thrown: unknown) =>
          this.#context.home.log("warn", `endpoint ${name} has files of an earlier home: ${String(thrown)}`),
        );
  }

  async #deploy(name: string): Promise<void> {
    const read = () => this.#context.records.find<DescribeEndpointOutput, EndpointProgress>(KIND, name);
    const wanted = read()?.progress.wanted;
    if (wanted === undefined) return;
    let failure: unknown;
    try {
      const alone = wanted.variants.filter(({ model }) => !model.multiModel);
      for (const variant of alone) await this.#server(name, wanted, variant).process();
    } catch (thrown) {
      failure = thrown;
    }
    const record = read();
    if (this.#closed || record === undefined || record.progress.wanted?.number !== wanted.number) return;
    const { served } = record.progress;
    const kept = failure === undefined ? wanted : served;
    const status: EndpointStatus = kept === undefined ? "Failed" : "InService";
    const { FailureReason: _earlier, ...rest } = record.document;
    const document: DescribeEndpointOutput = {
      ...rest,
      EndpointStatus: status,
      LastModifiedTime: now(this.#context),
      EndpointConfigName: (kept ?? wanted).configName,
      ...(kept !== undefined && { ProductionVariants: kept.variants.map(variantSummary) }),
      ...(failure !== undefined && { FailureReason: failureReason(failure) }),
    };
    this.#context.records.update(KIND, name, document, kept === undefined ? {} : { served: kept });
    announceEndpoint(this.#context, document);
    await this.#context.home.store.committed();
    const dropped = failure === undefined ? served : wanted;
    if (dropped !== undefined) await this.#remove(name, dropped);
  }

  async #remove(name: string, deployment: Deployment): Promise<void> {
    for (const variant of deployment.variants) {
      const folder = this.#variantFolder(name, deployment, variant);
      if (variant.model.multiModel) await this.#multiModel(name, deployment, variant).remove();
      else await this.#server(name, deployment, variant).remove();
      this.#servers.delete(folder);
      this.#multiModels.delete(folder);
    }
    rmSync(join(this.#folder(name), String(deployment.number)), { recursive: true, force: true });
  }

  #server(name: string, deployment: Deployment | undefined, variant: Variant): VariantServer {
    const folder = this.#variantFolder(name, deployment, variant);
    const known = this.#servers.get(folder);
    if (known !== undefined) return known;
    const server = this.#newServer(name, deployment, variant, folder);
    this.#servers.set(folder, server);
    return server;
  }

  #multiModel(name: string, deployment: Deployment | undefined, variant: Variant): MultiModel {
    const folder = this.#variantFolder(name, deployment, variant);
    const known = this.#multiModels.get(folder);
    if (known !== undefined) return known;
    const models = new MultiModel(folder, variant.model.modelDataUrl ?? "", (directory, modelDataUrl) => {
      const one = { ...variant, model: { ...variant.model, modelDataUrl } };
      return this.#newServer(name, deployment, one, directory);
    });
    this.#multiModels.set(folder, models);
    return models;
  }

  #newServer(name: string, deployment: Deployment | undefined, variant: Variant, folder: string): VariantServer {
    const logs = { group: `/aws/sagemaker/Endpoints/${name}`, stream: `${variant.name}/${deployment?.number}` };
    return new VariantServer(this.#context, this.#environments, folder, variant, logs);
  }

  #draw(variants: readonly Variant[] = []): Variant | undefined {
    const total = variants.reduce((sum, { weight }) => sum + weight, 0);
    if (variants.length < 2 || total === 0) return variants[0];
    let left = (Number.parseInt(this.#context.home.uuid().slice(0, 8), 16) / 2 ** 32) * total;
    for (const variant of variants) {
      left -= variant.weight;
      if (left < 0) return variant;
    }
    return variants[0];
  }

  #variantFolder(name: string, deployment: Deployment | undefined, variant: Variant): string {
    return join(this.#folder(name), String(deployment?.number), variant.name);
  }

  #folder(name: string): string {
    return join(this.#context.home.directory, "sagemaker", KIND, name);
  }
}

/** The event's statuses are those of the API in capitals: IN_SERVICE, CREATING, … */
export function announceEndpoint(context: Context, document: DescribeEndpointOutput): void {
  const arn = document.EndpointArn ?? "";
  const EndpointStatus = document.EndpointStatus?.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const Tags = Object.fromEntries(context.tags.of(arn).map((tag) => [tag.Key, tag.Value]));
  context.home.emit({
    source: "aws.sagemaker",
    "detail-type": "SageMaker Endpoint State Change",
    resources: [arn],
    detail: eventDetail(document, { EndpointStatus, Tags }),
  });
}

function named(variants: readonly Variant[] = [], name: string): Variant | undefined {
  return variants.find((variant) => variant.name === name);
}

/** A variant as DescribeEndpoint shows it. */
export function variantSummary({ name, weight, instances }: Variant) {
  return {
    VariantName: name,
    CurrentWeight: weight,
    DesiredWeight: weight,
    CurrentInstanceCount: instances,
    DesiredInstanceCount: instances,
  };
}
