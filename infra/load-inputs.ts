/** Gathers what the app is built from: models, products, bundled handlers, commits. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { bundleHandlers, discoverHandlers } from "./bundle.ts";
import { type DiscoveredModel, discoverModels } from "./discover-models.ts";
import { productsOf } from "./products.ts";
import type { AppInputs } from "./stacks/bounded-context.ts";

/**
 * Reads the project's folders and bundles its handlers.
 *
 * @param project the folder that holds `models/`, `handlers/` and `workflows/`
 * @param bundles an empty folder for the bundles
 * @throws ModelDefinitionError when a model is wrong
 */
export async function loadInputs(project: string, bundles: string): Promise<Omit<AppInputs, "names">> {
  const handlersRoot = join(project, "handlers");
  const handlers = discoverHandlers(handlersRoot);
  const [models] = await Promise.all([
    discoverModels(join(project, "models")),
    bundleHandlers(handlersRoot, handlers, bundles),
  ]);
  return {
    models,
    products: productsOf(models),
    handlers,
    bundles,
    workflows: join(project, "workflows"),
    commits: Object.fromEntries(models.map((model) => [model.model.name, commitOf(model)])),
  };
}

/** The last commit of the model's folder, `…+modified` when it was edited since; "unknown" outside a git clone. */
export function commitOf({ directory }: Pick<DiscoveredModel, "directory">): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const commit = git("log", "-1", "--format=%H", "--", ".");
    if (commit === "") return "unknown";
    return git("status", "--porcelain", "--", ".") === "" ? commit : `${commit}+modified`;
  } catch {
    return "unknown";
  }
}
