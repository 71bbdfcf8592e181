/** Finds the models: every folder of `models/` that holds a `model.ts`, in the order of their names. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Model, ModelDefinitionError } from "./define-model.ts";

export type DiscoveredModel = Readonly<{ model: Model; directory: string }>;

/**
 * Imports every model definition below `root`.
 *
 * @param root the folder `models/`
 * @throws {@link ModelDefinitionError} in one line naming the file, when a definition is wrong, a file it names is
 *   missing, or two models disagree about a data product they share
 */
export async function discoverModels(root: string): Promise<DiscoveredModel[]> {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "model.ts")))
    .map((entry) => join(root, entry.name))
    .sort();
  const found: DiscoveredModel[] = [];
  for (const directory of folders) found.push({ model: await importModel(directory), directory });
  refuseSameName(found);
  return found;
}

async function importModel(directory: string): Promise<Model> {
  const label = `models/${basename(directory)}/model.ts`;
  let exported: { default?: Model };
  try {
    exported = await import(pathToFileURL(join(directory, "model.ts")).href);
  } catch (cause) {
    throw new ModelDefinitionError(`${label}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const model = exported.default;
  if (model?.name === undefined) {
    throw new ModelDefinitionError(`${label}: has no default export; write \`export default defineModel({ … })\``);
  }
  for (const file of namedFiles(model)) {
    if (!existsSync(join(directory, file))) {
      throw new ModelDefinitionError(`${label}: names ${file}, which is not in the folder; add it or correct the name`);
    }
  }
  return model;
}

/** The files of its folder a definition refers to. */
function namedFiles(model: Model): string[] {
  const { dataProduct, query, process, train, evaluate, serve } = model;
  return [dataProduct.curation, query, process.script, train.script, evaluate.script, serve.script];
}

function refuseSameName(found: readonly DiscoveredModel[]): void {
  const folderOf = new Map<string, string>();
  for (const { model, directory } of found) {
    const folder = basename(directory);
    const other = folderOf.get(model.name);
    if (other !== undefined) {
      throw new ModelDefinitionError(
        `models/${folder}/model.ts: name "${model.name}" is taken by models/${other}; give the copy a name of its own`,
      );
    }
    folderOf.set(model.name, folder);
  }
}
