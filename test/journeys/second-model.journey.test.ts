/** A stranger adds models by docs/how-to/add-a-model.md: nothing but folders in `models/`, on the same product and on a new one. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { tidemillOf, type Up, upOf } from "./command.ts";
import { codeBlock, copyModel, copyProject } from "./project-copy.ts";
import { describeBalance } from "./regression-model.ts";
import { describeChurn, subscriptions } from "./subscription-product.ts";

interface Model {
  modelPackageArn: string;
  group: string;
  version: number;
  dataVersion: string;
  approvalStatus: string;
  metrics: { auc: number; rmse: number };
}

const LONG_MS = 300_000;

describe("a second model", { timeout: LONG_MS }, () => {
  let folder: string;
  let project: string;
  let running: Up;
  let published: string;

  const tidemill = (...words: string[]) => tidemillOf(project, join(folder, "home"), ...words);
  const models = async () => (await tidemill("models", "list")).json as Model[];
  const churnModels = async () => (await models()).filter(({ group }) => group === "churn");
  const publish = (file: string) => tidemill("publish", "subscriptions", file);

  beforeAll(async () => {
    folder = temporaryFolder("second");
    project = copyProject(join(folder, "project"));
    const definition = codeBlock("docs/how-to/add-a-model.md", "ts");
    writeFileSync(join(copyModel(project, "early-warning"), "model.ts"), definition);
    describeChurn(copyModel(project, "churn"));
    describeBalance(copyModel(project, "balance"));
    running = await upOf(project, join(folder, "home"));
  }, LONG_MS);
  afterAll(() => running?.stop());

  it("on the same product is trained by the publish that trains the first, and registered in a group of its own", async () => {
    const sample = join(project, "models", "credit-risk", "data", "kredit.asc");
    const result = await tidemill("publish", "credit-card", sample);
    expect(result).toMatchObject({ code: 0, json: { outcome: "retrained" } });
    const registered = await models();
    expect(registered.map(({ group, version }) => [group, version])).toEqual([
      ["credit-risk", 1],
      ["early-warning", 1],
    ]);
    expect(registered[0]?.dataVersion).toBe(registered[1]?.dataVersion);
  });

  it("on a new product is trained from quoted CSV with decimals, gaps and text", async () => {
    const result = await publish(subscriptions(folder, "subscriptions.csv", { rows: 600 }));
    expect(result).toMatchObject({ code: 0, json: { outcome: "retrained" } });
    const [churn] = await churnModels();
    expect(churn).toMatchObject({ group: "churn", version: 1 });
    expect(churn?.metrics.auc).toBeGreaterThan(0.8);
    published = churn?.modelPackageArn ?? "";
  });

  it("is released by approval, and answers rows with commas in their text", async () => {
    expect(await tidemill("models", "approve", published)).toMatchObject({ code: 0, json: { endpointName: "churn" } });
    const env = (await tidemill("env")).json as Record<string, string>;
    const runtime = new SageMakerRuntimeClient({
      endpoint: env.AWS_ENDPOINT_URL ?? "",
      region: env.AWS_REGION ?? "",
      credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "" },
    });
    const rows = ["Student,north,-150.5,1,8,", '"Basic, yearly","south, islands",180,55,0,4.5'];
    const Body = rows.join("\n");
    const answer = await runtime.send(
      new InvokeEndpointCommand({ EndpointName: "churn", ContentType: "text/csv", Body }),
    );
    const [likely = 0, unlikely = 1] = Buffer.from(answer.Body).toString("utf8").trim().split("\n").map(Number);
    expect(likely).toBeGreaterThan(0.7);
    expect(unlikely).toBeLessThan(0.3);
  });

  it("of another kind is released where it answers with numbers", async () => {
    expect(await tidemill("models", "approve", "balance/1")).toMatchObject({
      code: 0,
      json: { released: true, endpointName: "balance", reason: expect.stringMatching(/held-out rows answered$/) },
    });
  });

  it("records more rows of the same kind, measured against its own baseline", async () => {
    const result = await publish(subscriptions(folder, "more.csv", { rows: 630 }));
    expect(result).toMatchObject({ code: 0, json: { outcome: "recorded", drift: { verdict: "stable" } } });
    expect(await churnModels()).toHaveLength(1);
  });

  it("retrains when its numbers moved, and leaves the other product's models alone", async () => {
    const result = await publish(subscriptions(folder, "moved.csv", { rows: 600, balance: 150 }));
    expect(result).toMatchObject({ code: 0, json: { outcome: "retrained", drift: { moved: ["balance"] } } });
    const registered = await models();
    expect(registered.map(({ group, version }) => `${group} ${version}`)).toEqual([
      "balance 1",
      "balance 2",
      "churn 1",
      "churn 2",
      "credit-risk 1",
      "early-warning 1",
    ]);
    // The champion expects balances of before: of errors, the lesser wins.
    expect(registered[1]).toMatchObject({ approvalStatus: "PendingManualApproval" });
  });
});
