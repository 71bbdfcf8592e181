/**
 * Drives batch transform jobs: the model's serving process is started, every input object goes through it, the process ends.
 *
 *   T1. A job under way when the home dies is begun anew by the next one: its outputs are written again, the same.
 *   T2. Its end is written, and announced as an event, in one batch of the store.
 */
import { join } from "node:path";
import type { DescribeTransformJobResponse } from "@aws-sdk/client-sagemaker";
import { type EnvironmentCache, removeTree } from "../../runtime/jobs/index.ts";
import { type Context, now, rolePrincipal } from "./context.ts";
import { failureReason } from "./job-failure.ts";
import type { ModelToServe } from "./models.ts";
import { s3Transfer } from "./s3-transfer.ts";
import { eventDetail } from "./state-events.ts";
import { transformAll, transformVariables } from "./transform-work.ts";
import { VariantServer } from "./variant-server.ts";

const KIND = "transform-job";
const CONTAINER = "primary";

type Document = DescribeTransformJobResponse;

interface Progress {
  /** As it was when the job was created: it may be deleted after. */
  model: ModelToServe;
}

export class TransformRunner {
  readonly #context: Context;
  readonly #environments: EnvironmentCache;
  readonly #running = new Map<string, { stop: AbortController; server: VariantServer }>();
  #closed = false;

  constructor(context: Context, environments: EnvironmentCache) {
    this.#context = context;
    this.#environments = environments;
  }

  /** Takes a job on, once the open batch is durable. */
  accept(name: string, document: Document, model: ModelToServe): void {
    this.#context.records.insert(KIND, name, document, { model });
    this.#announce(document);
    this.#context.home.store.afterCommit(() => this.#launch(name));
  }

  /** Asks a job to end. */
  stop(name: string): void {
    const { document } = this.#find(name);
    this.#update(name, { ...document, TransformJobStatus: "Stopping" });
    this.#context.home.store.afterCommit(() => this.#running.get(name)?.stop.abort());
  }

  /** Takes up every job an earlier home left unfinished. */
  recover(): void {
    for (const { name, document } of this.#context.records.list<Document>(KIND)) {
      const status = document.TransformJobStatus;
      if (status === "InProgress" || status === "Stopping") this.#launch(name);
    }
  }

  /** Ends the serving processes; the next home begins the jobs anew. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { stop } of this.#running.values()) stop.abort();
    await Promise.all([...this.#running.values()].map(({ server }) => server.stop()));
  }

  #find(name: string) {
    const record = this.#context.records.find<Document, Progress>(KIND, name);
    if (record === undefined) throw new Error(`${KIND} ${name} is gone`);
    return record;
  }

  #update(name: string, document: Document): void {
    this.#context.records.update(KIND, name, document, this.#find(name).progress);
    this.#announce(document);
  }

  #launch(name: string): void {
    if (this.#closed) return;
    this.#run(name).catch((thrown: unknown) => {
      if (!this.#closed) this.#context.home.log("error", `${KIND} ${name} was left: ${String(thrown)}`);
    });
  }

  async #run(name: string): Promise<void> {
    const { document } = this.#find(name);
    const folder = join(this.#context.home.directory, "sagemaker", KIND, name);
    const stop = new AbortController();
    if (document.TransformJobStatus === "Stopping") stop.abort();
    const server = this.#server(name, folder);
    this.#running.set(name, { stop, server });
    const { jobs } = this.#context;
    jobs.add(`${KIND}/${name}`);
    let failure: unknown;
    try {
      await removeTree(join(folder, "data"));
      await this.#transform(name, folder, stop.signal, server);
    } catch (thrown) {
      failure = thrown;
    } finally {
      jobs.delete(`${KIND}/${name}`);
      this.#running.delete(name);
    }
    if (this.#closed) return;
    await server.remove();
    this.#end(name, stop.signal.aborted, failure);
    await this.#context.home.store.committed();
    await removeTree(folder);
  }

  async #transform(name: string, folder: string, signal: AbortSignal, server: VariantServer): Promise<void> {
    signal.throwIfAborted();
    await Promise.race([server.process(), aborted(signal)]);
    const { document, progress } = this.#find(name);
    const started = { ...document, TransformStartTime: document.TransformStartTime ?? now(this.#context) };
    this.#update(name, started);
    const transfer = s3Transfer(this.#context.home, rolePrincipal(progress.model.roleArn));
    const serving = () => server.process();
    const work = transformAll({ job: started, transfer, folder: join(folder, "data"), serving, signal });
    await Promise.race([work, aborted(signal)]);
  }

  #end(name: string, stopped: boolean, failure: unknown): void {
    const at = now(this.#context);
    const { document } = this.#find(name);
    const status = stopped ? "Stopped" : failure === undefined ? "Completed" : "Failed";
    this.#update(name, {
      ...document,
      TransformJobStatus: status,
      TransformStartTime: document.TransformStartTime ?? at,
      TransformEndTime: at,
      ...(status === "Failed" && { FailureReason: failureReason(failure) }),
    });
  }

  #server(name: string, folder: string): VariantServer {
    const { document, progress } = this.#find(name);
    const created = Math.floor((document.CreationTime?.getTime() ?? 0) / 1000);
    const environment = { ...progress.model.environment, ...transformVariables(document) };
    const variant = { name: CONTAINER, model: { ...progress.model, environment } };
    const logs = { group: "/aws/sagemaker/TransformJobs", stream: `${name}/algo-1-${created}` };
    return new VariantServer(this.#context, this.#environments, join(folder, "serving"), variant, logs);
  }

  #announce(document: Document): void {
    const arn = document.TransformJobArn ?? "";
    const Tags = Object.fromEntries(this.#context.tags.of(arn).map((tag) => [tag.Key, tag.Value]));
    this.#context.home.emit({
      source: "aws.sagemaker",
      "detail-type": "SageMaker Transform Job State Change",
      resources: [arn],
      detail: eventDetail(document, { Tags }),
    });
  }
}

/** Rejects once it is. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}
