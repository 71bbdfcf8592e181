/** One production variant: its model laid out in a folder of its own, and the process that serves it. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  attachServing,
  baseRequirements,
  containerEnvironment,
  type EnvironmentCache,
  followLog,
  jobFolders,
  openServing,
  type ServingProcess,
  unpackArchive,
} from "../../runtime/jobs/index.ts";
import { type Context, rolePrincipal } from "./context.ts";
import { JobFailure } from "./job-failure.ts";
import { cloudWatchSink } from "./job-logs.ts";
import type { ModelToServe } from "./models.ts";
import { s3Transfer } from "./s3-transfer.ts";

const MODEL_CODE = "/opt/ml/model/code";
const SUBMITTED_CODE = "/opt/ml/code";

export class VariantServer {
  readonly #context: Context;
  readonly #environments: EnvironmentCache;
  readonly #directory: string;
  readonly #model: ModelToServe;
  readonly #logs: { group: string; stream: string };
  #process: Promise<ServingProcess> | undefined;

  /** @param directory this deployment's own; kept until the variant is removed */
  constructor(
    context: Context,
    environments: EnvironmentCache,
    directory: string,
    model: ModelToServe,
    logs: { group: string; stream: string },
  ) {
    this.#context = context;
    this.#environments = environments;
    this.#directory = directory;
    this.#model = model;
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
    opening.then((serving) => {
      serving.exited.then(forget);
      this.#followLog(serving);
    }, forget);
    return opening;
  }

  /** Ends the process this home started or attached to. */
  async stop(): Promise<void> {
    const serving = await this.#process?.catch(() => undefined);
    await serving?.stop();
  }

  /** Ends the process, whichever home started it, and removes the folder. */
  async remove(): Promise<void> {
    await this.stop();
    await (await attachServing(this.#directory))?.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #followLog(serving: ServingProcess): void {
    const { group, stream } = this.#logs;
    const sink = cloudWatchSink(this.#context.home, rolePrincipal(this.#model.roleArn), group, stream);
    const follower = followLog(jobFolders(this.#directory).logFile, sink, Number.POSITIVE_INFINITY);
    serving.exited.then(() => follower.finish()).catch(() => undefined);
  }

  async #open(): Promise<ServingProcess> {
    const running = await attachServing(this.#directory);
    if (running !== undefined) return running;
    const { home } = this.#context;
    const { root, scratch } = jobFolders(this.#directory);
    await this.#lay(root);
    const { environment: variables, image, roleArn } = this.#model;
    const program = variables.SAGEMAKER_PROGRAM;
    if (program === undefined) {
      throw new JobFailure(
        "ClientError",
        "the model's container has no SAGEMAKER_PROGRAM; name the serving script in its Environment",
      );
    }
    const submitted = variables.SAGEMAKER_SUBMIT_DIRECTORY?.startsWith("s3://") ?? false;
    const codeDirectory = submitted ? SUBMITTED_CODE : MODEL_CODE;
    const requirements = join(root, submitted ? "code" : "model/code", "requirements.txt");
    const environment = await this.#environments.provide(
      existsSync(requirements) ? readFileSync(requirements, "utf8") : baseRequirements(image),
    );
    const identity = {
      region: home.region,
      endpointUrl: home.endpointUrl(),
      credentials: home.credentialsFor(roleArn, "SageMaker"),
    };
    return await openServing({
      directory: this.#directory,
      environment,
      variables: {
        ...containerEnvironment(environment, scratch, identity),
        SM_MODEL_DIR: "/opt/ml/model",
        ...variables,
      },
      program,
      codeDirectory,
    });
  }

  /** Downloads and unpacks model and code, once. */
  async #lay(root: string): Promise<void> {
    const mark = join(this.#directory, "laid");
    if (existsSync(mark)) return;
    rmSync(this.#directory, { recursive: true, force: true });
    mkdirSync(join(root, "model"), { recursive: true });
    const transfer = s3Transfer(this.#context.home, rolePrincipal(this.#model.roleArn));
    const { modelDataUrl, environment } = this.#model;
    const fetch = async (uri: string, folder: string) => {
      const archive = join(this.#directory, "download.tar.gz");
      await transfer.downloadFile(uri, archive);
      await unpackArchive(archive, join(root, folder));
      rmSync(archive);
    };
    if (modelDataUrl !== undefined) await fetch(modelDataUrl, "model");
    const submitted = environment.SAGEMAKER_SUBMIT_DIRECTORY;
    if (submitted?.startsWith("s3://")) await fetch(submitted, "code");
    writeFileSync(mark, "");
  }
}
