/** One production variant: its model laid out in a folder of its own, and the process that serves it. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DeploymentError } from "../../runtime/endpoints/index.ts";
import {
  attachServing,
  baseRequirements,
  CONTAINER_ROOT,
  containerEnvironment,
  type EnvironmentCache,
  endServing,
  followLog,
  imageName,
  isXgboostImage,
  jobFolders,
  type LogFollower,
  openServing,
  removeTree,
  type ServingProcess,
  ServingStartError,
  unpackArchive,
  XGBOOST_ALGORITHM,
} from "../../runtime/jobs/index.ts";
import { type Context, rolePrincipal } from "./context.ts";
import { JobFailure } from "./job-failure.ts";
import { cloudWatchSink } from "./job-logs.ts";
import type { ModelToServe } from "./models.ts";
import { s3Transfer } from "./s3-transfer.ts";

/** As SageMaker calls a model's only container where it has no name of its own. */
const CONTAINER = "container_1";
/**
 * What a container has to answer its first ping where its variant does not say.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
const STARTUP_SECONDS = 480;
const LONGEST_NAME = 100;
/** As the inference toolkit has it. */
const DEFAULT_PROGRAM = "inference.py";

export interface ServedVariant {
  name: string;
  model: ModelToServe;
  /** ContainerStartupHealthCheckTimeoutInSeconds. */
  startupSeconds?: number | undefined;
}

export class VariantServer {
  readonly #context: Context;
  readonly #environments: EnvironmentCache;
  readonly #directory: string;
  readonly #variant: ServedVariant;
  readonly #logs: { group: string; stream: string };
  readonly #ended = new AbortController();
  #process: Promise<ServingProcess> | undefined;
  /** The part of it that has a process to end. */
  #starting: Promise<unknown> | undefined;
  #serving: ServingProcess | undefined;

  /** @param directory this deployment's own; kept until the variant is removed */
  constructor(
    context: Context,
    environments: EnvironmentCache,
    directory: string,
    variant: ServedVariant,
    logs: { group: string; stream: string },
  ) {
    this.#context = context;
    this.#environments = environments;
    this.#directory = directory;
    this.#variant = variant;
    this.#logs = logs;
  }

  /** The process, ready to answer: the one that runs, that of an earlier home, or a new one. @throws when it cannot start */
  process(): Promise<ServingProcess> {
    if (this.#process !== undefined) return this.#process;
    const opening = this.#open();
    this.#process = opening;
    const forget = () => {
      if (this.#process === opening) this.#process = undefined;
    };
    opening.then(({ exited }) => exited.then(forget), forget);
    return opening;
  }

  /** Ends the process, whichever home started it, or its start; for good. */
  async stop(): Promise<void> {
    this.#ended.abort();
    // Not what comes before a process: a download or an environment may take long, and none is started after it.
    await this.#starting;
    if (this.#serving === undefined) await endServing(this.#directory);
    else await this.#serving.stop();
  }

  /** The same, and removes the folder. */
  async remove(): Promise<void> {
    await this.stop();
    await this.#process?.catch(() => undefined);
    await endServing(this.#directory);
    await removeTree(this.#directory);
  }

  #followLog(): LogFollower {
    const { logFile } = jobFolders(this.#directory);
    // It is followed from before the start on: a model that cannot be loaded says why.
    appendFileSync(logFile, "");
    const principal = rolePrincipal(this.#variant.model.roleArn);
    const sink = cloudWatchSink(this.#context.home, principal, this.#logs.group, this.#logs.stream);
    return followLog(logFile, sink, Number.POSITIVE_INFINITY);
  }

  async #open(): Promise<ServingProcess> {
    const signal = this.#ended.signal;
    const running = await attachServing(this.#directory);
    if (running !== undefined) return await this.#followed(Promise.resolve(running));
    const { root, scratch } = jobFolders(this.#directory);
    await this.#lay(root);
    signal.throwIfAborted();
    const { environment: variables, image, roleArn } = this.#variant.model;
    const submitted = variables.SAGEMAKER_SUBMIT_DIRECTORY?.startsWith("s3://") ?? false;
    const served = this.#program(root, submitted ? "code" : "model/code");
    const requirements = join(root, submitted ? "code" : "model/code", "requirements.txt");
    const environment = await this.#environments.provide(
      existsSync(requirements) ? readFileSync(requirements, "utf8") : baseRequirements(image),
    );
    signal.throwIfAborted();
    const { home } = this.#context;
    const identity = {
      region: home.region,
      endpointUrl: home.endpointUrl(),
      credentials: home.credentialsFor(roleArn, "SageMaker"),
    };
    const opening = openServing({
      directory: this.#directory,
      environment,
      variables: {
        ...containerEnvironment(environment, scratch, identity),
        SM_MODEL_DIR: "/opt/ml/model",
        ...variables,
      },
      ...served,
      image: imageName(image).repository,
      clock: home.clock,
      startupMs: (this.#variant.startupSeconds ?? STARTUP_SECONDS) * 1000,
      signal,
    });
    const followed = this.#followed(opening);
    this.#starting = followed.catch(() => undefined);
    return await followed.catch((thrown: unknown) => {
      throw thrown instanceof ServingStartError ? this.#notHealthy(thrown) : thrown;
    });
  }

  /** The serving program: the user's, or that of the image's built-in algorithm. */
  #program(root: string, code: string): { program: string; codeDirectory: string } {
    const { environment, image } = this.#variant.model;
    const codeDirectory = `${CONTAINER_ROOT}/${code}`;
    if (environment.SAGEMAKER_PROGRAM !== undefined) return { program: environment.SAGEMAKER_PROGRAM, codeDirectory };
    if (isXgboostImage(image)) return XGBOOST_ALGORITHM.serving;
    if (existsSync(join(root, code, DEFAULT_PROGRAM))) return { program: DEFAULT_PROGRAM, codeDirectory };
    throw new JobFailure(
      "ClientError",
      `the model's container has no SAGEMAKER_PROGRAM, and its archive no code/${DEFAULT_PROGRAM}; name the serving script in its Environment`,
    );
  }

  /** The process, whose log goes to CloudWatch from now on until it ends. */
  async #followed(opening: Promise<ServingProcess>): Promise<ServingProcess> {
    const follower = this.#followLog();
    const finish = () => follower.finish().catch(() => undefined);
    try {
      const serving = await opening;
      this.#serving = serving;
      serving.exited.then(finish);
      return serving;
    } catch (thrown) {
      await finish();
      throw thrown;
    }
  }

  #notHealthy(cause: ServingStartError): DeploymentError {
    const health = `The primary container for production variant ${this.#variant.name} did not pass the ping health check.`;
    return new DeploymentError(
      "start",
      `${health} Please check CloudWatch logs for this endpoint. In this home ${cause.message}`,
      {
        cause,
      },
    );
  }

  /** Downloads and unpacks model and code, once. */
  async #lay(root: string): Promise<void> {
    const mark = join(this.#directory, "laid");
    if (existsSync(mark)) return;
    await removeTree(this.#directory);
    mkdirSync(join(root, "model"), { recursive: true });
    const { modelDataUrl, environment, roleArn } = this.#variant.model;
    const transfer = s3Transfer(this.#context.home, rolePrincipal(roleArn));
    const fetch = async (uri: string, folder: string) => {
      // Its own name, for what is said of it, in a folder where that is nothing else's.
      const archive = join(this.#directory, "download", basename(uri).slice(-LONGEST_NAME) || "model.tar.gz");
      await transfer.downloadFile(uri, archive).catch((cause: unknown) => {
        throw new DeploymentError(
          "download",
          `Failed to download model data for container "${CONTAINER}" from URL: "${uri}". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object. ${messageOf(cause)}`,
          { cause },
        );
      });
      await unpackArchive(archive, join(root, folder)).catch((cause: unknown) => {
        throw new DeploymentError(
          "extract",
          `Failed to extract model data archive for container "${CONTAINER}" from URL "${uri}". Please ensure that the object located at the URL is a valid tar.gz archive. ${messageOf(cause)}`,
          { cause },
        );
      });
      rmSync(dirname(archive), { recursive: true });
    };
    if (modelDataUrl !== undefined) await fetch(modelDataUrl, "model");
    const submitted = environment.SAGEMAKER_SUBMIT_DIRECTORY;
    if (submitted?.startsWith("s3://")) await fetch(submitted, "code");
    writeFileSync(mark, "");
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
