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
    commits: Object.fromEntries(models.map((model) => [model.model.name, commitOf(project, model)])),
  };
}

/**
 * What made a model, for its package: the commit that is checked out, `…+modified` where the model's folder, the handlers or
 * the workflows are not as committed; "unknown" outside a git clone.
 *
 * @param project the folder that holds `models/`, `handlers/` and `workflows/`
 */
export function commitOf(project: string, { directory }: Pick<DiscoveredModel, "directory">): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    // A copy without a history of its own may lie in another project's clone, whose commit says nothing of it.
    if (git("ls-files", "workflows") === "") return "unknown";
    const changed = git("status", "--porcelain", "--", directory, "handlers", "workflows") !== "";
    return `${git("rev-parse", "HEAD")}${changed ? "+modified" : ""}`;
  } catch {
    return "unknown";
  }
}
