import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { discoverModels } from "../../infra/discover-models.ts";
import { productsOf } from "../../infra/products.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { PROJECT } from "./assembly.ts";

const SHIPPED = join(PROJECT, "models", "credit-risk");
const DEFINE_MODEL = join(PROJECT, "infra", "define-model.ts");
let root: string;

/** A copy of the shipped model, as a stranger makes it, with its definition edited. */
function copyModel(folder: string, edit: (definition: string) => string): void {
  cpSync(SHIPPED, join(root, folder), { recursive: true });
  const file = join(root, folder, "model.ts");
  const definition = readFileSync(file, "utf8").replace("../../infra/define-model.ts", DEFINE_MODEL);
  writeFileSync(file, edit(definition));
}
const named = (name: string) => (definition: string) => definition.replace('name: "credit-risk"', `name: "${name}"`);

beforeEach(() => {
  root = temporaryFolder("models");
});

describe("discoverModels", () => {
  it("finds the models of the project by their folders", async () => {
    const found = await discoverModels(join(PROJECT, "models"));
    expect(found.map(({ model }) => model.name)).toContain("credit-risk");
  });

  it("lets two models share one data product", async () => {
    copyModel("credit-risk", named("credit-risk"));
    copyModel("credit-limit", named("credit-limit"));
    const products = productsOf(await discoverModels(root));
    expect(products).toHaveLength(1);
    expect(products[0]).toMatchObject({ name: "credit-card", models: ["credit-limit", "credit-risk"] });
  });

  it("gives a model of another database a data product of its own", async () => {
    copyModel("credit-risk", named("credit-risk"));
    copyModel("churn", (text) => named("churn")(text).replace('database: "credit-card"', 'database: "subscriptions"'));
    const products = productsOf(await discoverModels(root));
    expect(products.map(({ name }) => name)).toEqual(["credit-card", "subscriptions"]);
  });

  it("refuses a copy that kept the name", async () => {
    copyModel("credit-risk", named("credit-risk"));
    copyModel("credit-risk-2", named("credit-risk"));
    await expect(discoverModels(root)).rejects.toThrow(
      'models/credit-risk-2/model.ts: name "credit-risk" is taken by models/credit-risk; give the copy a name of its own',
    );
  });

  it("refuses a shared product with another table", async () => {
    copyModel("credit-risk", named("credit-risk"));
    copyModel("other", (text) => named("other")(text).replace('table: "credit_card"', 'table: "cards"'));
    const models = await discoverModels(root);
    expect(() => productsOf(models)).toThrow(
      'models/other/model.ts: dataProduct "credit-card" is shared with models/credit-risk, which has another table (credit_card there, cards here)',
    );
  });

  it("refuses a shared product with another curation", async () => {
    copyModel("credit-risk", named("credit-risk"));
    copyModel("other", named("other"));
    writeFileSync(join(root, "other", "curation.json"), "{}");
    const models = await discoverModels(root);
    expect(() => productsOf(models)).toThrow(
      "which has another curation; make them the same, or name another database",
    );
  });

  it("names the mistake in a curation file", async () => {
    copyModel("credit-risk", named("credit-risk"));
    writeFileSync(join(root, "credit-risk", "curation.json"), '{"format": 2}');
    const models = await discoverModels(root);
    expect(() => productsOf(models)).toThrow(
      /^models\/credit-risk\/curation.json: format: .*docs\/reference\/curation.md/,
    );
  });

  it.each([
    {
      what: "a label that the query does not give",
      from: 'label: "credit_risk"',
      to: 'label: "credit_rsk"',
      says: 'models/credit-risk/model.ts: label: query.sql gives no column "credit_rsk"',
    },
    {
      what: "a column that the product has not",
      from: 'label: "credit_risk"',
      to: 'label: "credit_risk",\n  columns: ["age", "amont"]',
      says: 'models/credit-risk/model.ts: columns: curation.json has no column "amont"; it has status, duration,',
    },
  ])("names $what", async ({ from, to, says }) => {
    copyModel("credit-risk", (definition) => definition.replace(from, to));
    const models = await discoverModels(root);
    expect(() => productsOf(models)).toThrow(says);
  });

  it.each([
    { form: '"credit-card"."credit_card"', sql: 'SELECT credit_risk FROM "credit-card"."credit_card"' },
    {
      form: 'awsdatacatalog."credit-card".credit_card',
      sql: 'SELECT t.credit_risk FROM credit_card t\nJOIN awsdatacatalog."credit-card".credit_card u ON t.age = u.age',
    },
  ])(
    "refuses a query that reads the table by its database, as $form: it would not be the run's version",
    async ({ form, sql }) => {
      copyModel("credit-risk", named("credit-risk"));
      writeFileSync(join(root, "credit-risk", "query.sql"), sql);
      const models = await discoverModels(root);
      expect(() => productsOf(models)).toThrow(
        `models/credit-risk/query.sql: reads ${form}, the table as it is at that moment; name it credit_card`,
      );
    },
  );

  it("takes a query that joins another database, and one that only tells of its own", async () => {
    copyModel("credit-risk", named("credit-risk"));
    const sql = `-- once: FROM "credit-card".credit_card\nSELECT credit_risk FROM credit_card JOIN "other-card".credit_card USING (age)`;
    writeFileSync(join(root, "credit-risk", "query.sql"), sql);
    expect(productsOf(await discoverModels(root))).toHaveLength(1);
  });

  it("names the containers there are, where a definition asks for another", async () => {
    copyModel("credit-risk", (definition) => definition.replace('xgboost("3.2-0")', 'xgboost("3.2")'));
    await expect(discoverModels(root)).rejects.toThrow(
      'models/credit-risk/model.ts: xgboost("3.2") is no container of SageMaker; there are: xgboost("1.7-1"), xgboost("3.0-5"), xgboost("3.2-0")',
    );
  });

  it("names the file that a definition refers to and the folder lacks", async () => {
    copyModel("credit-risk", named("credit-risk"));
    rmSync(join(root, "credit-risk", "train.py"));
    await expect(discoverModels(root)).rejects.toThrow(
      "models/credit-risk/model.ts: names train.py, which is not in the folder",
    );
  });

  it("names the file of a definition that is wrong", async () => {
    copyModel("credit-risk", (text) => text.replace("rate(7 days)", "weekly"));
    await expect(discoverModels(root)).rejects.toThrow("models/credit-risk/model.ts: schedule: expected an expression");
  });

  it("refuses a definition that is not exported", async () => {
    copyModel("credit-risk", (text) => text.replace("export default", ""));
    await expect(discoverModels(root)).rejects.toThrow("models/credit-risk/model.ts: has no default export");
  });
});
