/** The data products the models are made from: one a Glue database, shared by every model that names it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseCuration } from "../handlers/curation/curation.ts";
import { CurationError } from "../handlers/curation/curation-error.ts";
import { type Model, ModelDefinitionError } from "./define-model.ts";
import type { DiscoveredModel } from "./discover-models.ts";

export type Product = Readonly<{
  /** Also the Glue database. */
  name: string;
  table: string;
  minRows: number;
  /** Absolute path of the file that says how a raw file becomes the table. */
  curation: string;
  models: readonly string[];
}>;

/**
 * Groups the models by the data product they are made from.
 *
 * @throws {@link ModelDefinitionError} when a curation file is wrong when a model names a column that is not there, or when two models of one product disagree about its
 *   table, curation or minimum
 */
export function productsOf(models: readonly DiscoveredModel[]): Product[] {
  const products = new Map<string, { product: Product; owner: string }>();
  for (const { model, directory } of models) {
    const { database, table, minRows, curation } = model.dataProduct;
    const known = products.get(database);
    const product: Product = {
      name: database,
      table,
      minRows,
      curation: join(directory, curation),
      models: [...(known?.product.models ?? []), model.name],
    };
    if (known !== undefined) refuseDisagreement(known.product, product, known.owner, basename(directory));
    const columns = columnsOf(product.curation, `models/${basename(directory)}/${curation}`);
    refuseUnknownColumns(model, directory, columns);
    refuseQualifiedTable(model, directory);
    products.set(database, { product, owner: known?.owner ?? basename(directory) });
  }
  return [...products.values()].map(({ product }) => product).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The product's columns. Read at synth, where their author is, rather than at the first publish. */
function columnsOf(file: string, shown: string): string[] {
  try {
    return parseCuration(readFileSync(file, "utf8"), shown).columns.map(({ name }) => name);
  } catch (error) {
    if (error instanceof CurationError) throw new ModelDefinitionError(error.message, { cause: error });
    throw error;
  }
}

/** A label may be made by the query, so it is looked for there; `columns` are the table's own. */
function refuseUnknownColumns(model: Model, directory: string, known: readonly string[]): void {
  const where = `models/${basename(directory)}/model.ts`;
  const words = readFileSync(join(directory, model.query), "utf8")
    .toLowerCase()
    .split(/[^a-z0-9_*]+/);
  const given = words.includes("*") ? [...words, ...known] : words;
  if (!given.includes(model.label))
    throw new ModelDefinitionError(`${where}: label: ${model.query} gives no column "${model.label}"; name it there`);
  const unknown = model.columns?.find((column) => !known.includes(column));
  if (unknown !== undefined)
    throw new ModelDefinitionError(
      `${where}: columns: ${model.dataProduct.curation} has no column "${unknown}"; it has ${known.join(", ")}`,
    );
}

/** A run reads its own version of the table, which is the one in the database that the query runs in. */
function refuseQualifiedTable({ query, dataProduct: { database, table } }: Model, directory: string): void {
  const sql = readFileSync(join(directory, query), "utf8").replaceAll(/--.*|\/\*[\s\S]*?\*\//g, " ");
  const name = (word: string) => `"?${word}"?`;
  const qualified = new RegExp(
    `(?:from|join|,)\\s*(?:[\\w"-]+\\s*\\.\\s*)?${name(database)}\\s*\\.\\s*${name(table)}(?!\\w)`,
    "i",
  );
  const found = qualified.exec(sql)?.[0].replace(/^(from|join|,)\s*/i, "");
  if (found !== undefined)
    throw new ModelDefinitionError(
      `models/${basename(directory)}/${query}: reads ${found}, the table as it is at that moment; ` +
        `name it ${table}, without its database, to read the version that the run is for`,
    );
}

function refuseDisagreement(first: Product, second: Product, firstFolder: string, secondFolder: string): void {
  const compare = (field: string, a: string | number, b: string | number, show = true) => {
    if (a === b) return;
    const values = show ? ` (${a} there, ${b} here)` : "";
    throw new ModelDefinitionError(
      `models/${secondFolder}/model.ts: dataProduct "${second.name}" is shared with models/${firstFolder}, ` +
        `which has another ${field}${values}; make them the same, or name another database`,
    );
  };
  compare("table", first.table, second.table);
  compare("minRows", first.minRows, second.minRows);
  compare("curation", digest(first.curation), digest(second.curation), false);
}

function digest(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
