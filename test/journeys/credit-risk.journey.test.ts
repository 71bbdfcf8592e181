/** The whole of what a user does with the credit-risk model, by the command and by AWS clients, in one home. */
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateModelPackageCommand,
  DescribeModelPackageCommand,
  SageMakerClient,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { alteredModel } from "./altered-model.ts";
import { type Ended, tidemill, type Up, up } from "./command.ts";
import { olderCustomers, renamedColumn, SAMPLE, tenMoreRows, truncated } from "./credit-data.ts";

interface Published {
  outcome: string;
  dataVersion: string;
  executionArn: string;
  modelPackageArn: string;
  reason: string;
  drift?: unknown;
}
interface Model {
  modelPackageArn: string;
  version: number;
  approvalStatus: string;
  dataVersion: string;
  metrics: Record<string, number>;
}

const LONG_MS = 600_000;

describe("the credit-risk lifecycle", { timeout: LONG_MS }, () => {
  let folder: string;
  let home: string;
  let running: Up;
  let first: Published;
  let clientConfig: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

  const publish = async (file: string) =>
    (await tidemill(home, "publish", "credit-card", file)) as Ended & { json: Published };
  const models = async () => (await tidemill(home, "models", "list")).json as Model[];

  /** What the endpoint says of the first customer of the product as it is now. */
  async function probability(): Promise<number> {
    const runtime = new SageMakerRuntimeClient(clientConfig);
    const s3 = new S3Client({ ...clientConfig, forcePathStyle: true });
    const product = { Bucket: "credit-card-000000000000-us-east-1", Key: "credit_card/credit_card.csv" };
    const csv = await (await s3.send(new GetObjectCommand(product))).Body?.transformToString();
    const row = csv?.split("\n")[1]?.split(",").slice(0, -1).join(",") ?? "";
    const answer = await runtime.send(
      new InvokeEndpointCommand({ EndpointName: "credit-risk", ContentType: "text/csv", Body: row }),
    );
    return Number(Buffer.from(answer.Body).toString("utf8").trim());
  }

  beforeAll(async () => {
    folder = temporaryFolder("journey");
    home = join(folder, "home");
  }, LONG_MS);
  afterAll(() => running?.stop());

  it("goes from nothing to a registered model with one command, also where two give it at once", async () => {
    const both = await Promise.all([tidemill(home, "start", "--once"), tidemill(home, "start", "--once")]);
    // The other looks on in the first one's home, and may lose sight of it just before its end.
    const started = both.find(({ stderr }) => stderr.includes("✓ Train Model")) ?? both[0];
    expect(started.stderr).toContain("✓ Train Model");
    const { modelPackageArn } = started.json as { modelPackageArn: string };
    for (const each of both) expect(each).toMatchObject({ code: 0, json: { modelPackageArn } });
    const result = started.json as {
      metrics: { auc: number };
      approvalStatus: string;
      modelPackageArn: string;
      durations: object;
    };
    expect(result.metrics.auc).toBeGreaterThanOrEqual(0.74);
    expect(result.approvalStatus).toBe("PendingManualApproval");
    expect(Object.keys(result.durations).length).toBeGreaterThan(10);
    running = await up(home);
    const env = (await tidemill(home, "env")).json as Record<string, string>;
    clientConfig = {
      endpoint: env.AWS_ENDPOINT_URL ?? "",
      region: env.AWS_REGION ?? "",
      credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "" },
    };
  });

  it("answers unchanged to the same file, with no second run", async () => {
    const again = await publish(SAMPLE);
    expect(again.code).toBe(0);
    expect(again.json.outcome).toBe("unchanged");
    first = again.json;
    const list = (await tidemill(home, "executions", "list", "--state-machine", "data-product-update"))
      .json as unknown[];
    expect(list).toHaveLength(1);
  });

  it("releases on approval: the endpoint answers a row with a probability", async () => {
    const approved = await tidemill(home, "models", "approve", first.modelPackageArn);
    expect(approved.json).toMatchObject({ approvalStatus: "Approved", released: true, endpointName: "credit-risk" });
    expect(approved.code).toBe(0);
    const answered = await probability();
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(1);
  });

  it("does nothing when approved twice", async () => {
    // By its short name, which is what the command itself says is next.
    const twice = await tidemill(home, "models", "approve", "credit-risk/1");
    expect(twice).toMatchObject({ code: 0, json: { approvalStatus: "Approved", released: false } });
    expect(twice.json).toMatchObject({ endpointName: "credit-risk", reason: expect.stringContaining("serves it") });
  });

  it("tells of the package as it is now where the same data comes once more", async () => {
    const again = await tidemill(home, "start");
    expect(again).toMatchObject({ code: 0, json: { outcome: "unchanged", approvalStatus: "Approved" } });
    expect(again.stderr).not.toContain("models approve");
  });

  it("records ten rows of the same kind, and does not retrain", async () => {
    const published = await publish(tenMoreRows(folder));
    expect(published).toMatchObject({ code: 0, json: { outcome: "recorded" } });
    expect(await models()).toHaveLength(1);
  });

  it("retrains when ages have shifted, and says what moved", async () => {
    const published = await publish(olderCustomers(folder, 15));
    expect(published).toMatchObject({ code: 0, json: { outcome: "retrained" } });
    expect(JSON.stringify(published.json.drift)).toContain("age");
    const versions = await models();
    expect(published.stderr).toMatch(/status +Rejected: auc 0\.\d{4} loses to the champion's 0\.\d{4}/);
    expect(versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(versions[1]?.dataVersion).toBe(published.json.dataVersion);
  });

  it("releases a newer approved version over the older, and not an older one after it", async () => {
    await publish(olderCustomers(folder, 30));
    const [, second, third] = await models();
    const newer = await tidemill(home, "models", "approve", third?.modelPackageArn ?? "");
    expect(newer.json).toMatchObject({ released: true, endpointName: "credit-risk" });
    const older = await tidemill(home, "models", "approve", second?.modelPackageArn ?? "");
    expect(older).toMatchObject({ code: 0, json: { approvalStatus: "Approved", released: false } });
    expect((older.json as { reason: string }).reason).toContain("/3");
  });

  it("rolls back when the new version cannot serve, and goes on answering with the old one", async () => {
    const sagemaker = new SageMakerClient(clientConfig);
    const good = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: first.modelPackageArn }));
    const container = good.InferenceSpecification?.Containers?.[0];
    const broken = await sagemaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: "credit-risk",
        ModelApprovalStatus: "PendingManualApproval",
        InferenceSpecification: {
          ...good.InferenceSpecification,
          Containers: [{ ...container, Environment: { ...container?.Environment, SAGEMAKER_PROGRAM: "metrics.py" } }],
        },
        CustomerMetadataProperties: good.CustomerMetadataProperties,
      }),
    );
    const approved = await tidemill(home, "models", "approve", broken.ModelPackageArn ?? "");
    expect(approved).toMatchObject({ code: 1, json: { approvalStatus: "Rejected", released: false } });
    expect(await probability()).toBeGreaterThan(0);
  });

  it.each([
    {
      what: "ranks customers the wrong way round",
      python: "right = predict\ndef predict(*rows):\n    return 1 - right(*rows)",
      says: "auc 0.",
    },
    {
      what: "answers what is no probability",
      python: "def predict(table, model):\n    return [float('nan')] * table.row_count",
      says: 'the answer "nan"',
    },
  ])("rolls back a new version that loads and $what", async ({ python, says }) => {
    const answered = await probability();
    const altered = await alteredModel(clientConfig, first.modelPackageArn, python);
    const approved = await tidemill(home, "models", "approve", altered);
    expect(approved).toMatchObject({
      code: 1,
      json: { modelPackageArn: altered, approvalStatus: "Rejected", released: false, endpointName: "credit-risk" },
    });
    expect(approved.json).toHaveProperty("reason", expect.stringMatching(`^rolled back to the one before: .*${says}`));
    expect(approved.stderr).toContain("rolled back");
    expect(await probability()).toBe(answered);
  });

  it("stops at a renamed column and leaves the champion as it is", async () => {
    const before = await models();
    const published = await publish(renamedColumn(folder));
    expect(published).toMatchObject({ code: 0, json: { outcome: "stopped" } });
    expect(published.json.reason).toContain("duration");
    expect(published.json.drift).toMatchObject({ verdict: "incompatible", schema: { missing: ["duration"] } });
    expect(await models()).toEqual(before);
  });

  it("refuses a truncated file, naming the line", async () => {
    const published = await publish(truncated(folder));
    expect(published).toMatchObject({ code: 3, json: { outcome: "refused", line: expect.any(Number) } });
  });

  it("releases only on the transition to Approved", async () => {
    const sagemaker = new SageMakerClient(clientConfig);
    const before = (await tidemill(home, "executions", "list", "--state-machine", "release-model")).json as unknown[];
    await sagemaker.send(
      new UpdateModelPackageCommand({ ModelPackageArn: first.modelPackageArn, ApprovalDescription: "noted" }),
    );
    await tidemill(home, "models", "approve", first.modelPackageArn);
    const after = (await tidemill(home, "executions", "list", "--state-machine", "release-model")).json as unknown[];
    expect(after).toHaveLength(before.length);
  });

  it("serves an older version once more when the newer one is rejected", async () => {
    const rejected = await tidemill(home, "models", "reject", "credit-risk/3");
    expect(rejected).toMatchObject({ code: 0, json: { approvalStatus: "Rejected", endpointName: "credit-risk" } });
    expect(rejected.json).toHaveProperty("reason", expect.stringContaining("goes on serving"));
    await tidemill(home, "models", "reject", "credit-risk/2");
    const idle = await tidemill(home, "models", "reject", "credit-risk/1");
    expect(idle.json).toEqual({ modelPackageArn: first.modelPackageArn, approvalStatus: "Rejected" });
    const back = await tidemill(home, "models", "approve", "credit-risk/1");
    expect(back).toMatchObject({ code: 0, json: { released: true, endpointName: "credit-risk" } });
    const serving = await tidemill(home, "models", "reject", "credit-risk/1");
    expect(serving.json).toMatchObject({ endpointName: "credit-risk" });
  });

  it("shows an execution by the name that its list gives, and what the gate said of each version", async () => {
    const { dataVersion, executionArn } = first;
    const shown = await tidemill(home, "executions", "show", `credit-card-${dataVersion}`);
    expect(shown).toMatchObject({ code: 0, json: { executionArn, status: "SUCCEEDED" } });
    const unknown = await tidemill(home, "executions", "show", "nothing");
    expect(unknown).toMatchObject({ code: 2, json: { error: expect.stringContaining("no execution nothing") } });
    const compared = await tidemill(home, "models", "compare", "credit-risk");
    const told = expect.stringMatching(/^auc [\d.]+ .*champion/);
    expect(compared.json).toMatchObject([
      { version: 1, comparison: told },
      { comparison: told },
      { comparison: told },
      {},
      {},
      {},
    ]);
  });
});
