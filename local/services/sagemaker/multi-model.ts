/**
 * The models of a multi-model variant: each is loaded by the first request that names it, and the one that was asked for the
 * longest ago is unloaded when there are many.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DeploymentError, TargetModelError } from "../../runtime/endpoints/index.ts";
import { endServing, removeTree, type ServingProcess } from "../../runtime/jobs/index.ts";
import type { VariantServer } from "./variant-server.ts";

const MOST_LOADED = 16;

export class MultiModel {
  readonly #directory: string;
  readonly #prefix: string;
  readonly #open: (directory: string, modelDataUrl: string) => VariantServer;
  /** Those asked for the longest ago first. */
  readonly #loaded = new Map<string, VariantServer>();

  /** @param directory the variant's own; @param prefix ModelDataUrl; @param open makes the server of one model */
  constructor(directory: string, prefix: string, open: (directory: string, modelDataUrl: string) => VariantServer) {
    this.#directory = directory;
    this.#prefix = prefix.replace(/\/$/, "");
    this.#open = open;
  }

  /** A model's process, loaded if need be. @throws TargetModelError when there is no such model */
  async process(targetModel: string): Promise<ServingProcess> {
    const url = `${this.#prefix}/${targetModel.replace(/^\//, "")}`;
    const server = this.#loaded.get(url) ?? this.#open(join(this.#directory, folderOf(url)), url);
    this.#loaded.delete(url);
    this.#loaded.set(url, server);
    this.#unloadOldest();
    try {
      return await server.process();
    } catch (thrown) {
      if (!(thrown instanceof DeploymentError && thrown.step === "download")) throw thrown;
      const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(url) ?? [];
      throw new TargetModelError(
        `Failed to download model data(bucket: ${bucket}, key: ${key}). Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the model.`,
        { cause: thrown },
      );
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#loaded.values()].map((server) => server.stop()));
  }

  /** Ends every process, also those an earlier home left, and removes their folders. */
  async remove(): Promise<void> {
    await Promise.all([...this.#loaded.values()].map((server) => server.remove()));
    this.#loaded.clear();
    if (!existsSync(this.#directory)) return;
    for (const folder of readdirSync(this.#directory)) await endServing(join(this.#directory, folder));
    await removeTree(this.#directory);
  }

  #unloadOldest(): void {
    const [oldest] = this.#loaded;
    if (oldest === undefined || this.#loaded.size <= MOST_LOADED) return;
    const [url, server] = oldest;
    this.#loaded.delete(url);
    // What cannot be removed now is removed with the variant.
    server.remove().catch(() => undefined);
  }
}

function folderOf(url: string): string {
  return createHash("sha256").update(url).digest("hex").slice(0, 16);
}
