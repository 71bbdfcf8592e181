/** Versions that follow each other faster than their lifecycles: which rows each reads, and what becomes of those that none reads. */
import { readFileSync } from "node:fs";
import { GlueClient, paginateGetDatabases } from "@aws-sdk/client-glue";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { DescribeModelPackageCommand, ListModelPackagesCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE } from "./credit-data.ts";
import { type Clients, come, holding } from "./holding.ts";
import { type App, openApp } from "./open-app.ts";

const LONG_MS = 120_000;
const ARTIFACTS = "tidemill-artifacts-000000000000-us-east-1";
const [header = "", ...rows] = readFileSync(SAMPLE, "utf8").trimEnd().split("\n");
/** The sample with so many of its rows twice. */
const withMore = (more: number) => `${[header, ...rows, ...rows.slice(0, more)].join("\n")}\n`;

describe("versions that follow each other", { timeout: LONG_MS }, () => {
  let app: App;
  let clients: Clients;

  const outcomes = async (count: number) =>
    Object.fromEntries((await app.ended(count)).map(({ name, output }) => [name, output.outcome]));

  /** Rows of all sets that a run was trained and judged on. */
  async function preparedRows(evaluation: string): Promise<number> {
    const Prefix = evaluation.replace(`s3://${ARTIFACTS}/`, "").replace(/evaluation\/evaluation\.json$/, "data/");
    let count = 0;
    for await (const { Contents = [] } of paginateListObjectsV2({ client: app.s3 }, { Bucket: ARTIFACTS, Prefix }))
      for (const { Key } of Contents) {
        const { Body } = await app.s3.send(new GetObjectCommand({ Bucket: ARTIFACTS, Key }));
        const text = (await Body?.transformToString()) ?? "";
        count += text.trimEnd().split("\n").length - 1;
      }
    return count;
  }

  beforeAll(async () => {
    app = await openApp();
    clients = { sfn: app.sfn, lambda: new LambdaClient(app.home.clientConfig()) };
  }, LONG_MS);
  afterAll(() => app?.close());

  it("are each trained on their own rows, whatever was published since", async () => {
    const versions: string[] = [];
    await holding(clients, "drift-query", async () => {
      for (const more of [0, 10]) {
        versions.push(await app.publish(withMore(more)));
        await come(clients, versions.length, "Plan Drift");
      }
    });
    expect(await outcomes(2)).toEqual(
      Object.fromEntries(versions.map((version) => [`credit-card-${version}`, "retrained"])),
    );
    const sagemaker = new SageMakerClient(app.home.clientConfig());
    const listed = await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: "credit-risk" }));
    const trained = new Map<string, [stated: string, prepared: number]>();
    for (const { ModelPackageArn } of listed.ModelPackageSummaryList ?? []) {
      const { CustomerMetadataProperties: stated = {} } = await sagemaker.send(
        new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }),
      );
      trained.set(stated.dataVersion ?? "", [stated.rows ?? "", await preparedRows(stated.evaluation ?? "")]);
    }
    expect(versions.map((version) => trained.get(version))).toEqual([
      ["1000", 1000],
      ["1010", 1010],
    ]);
  });

  it("are left for the newest where none had been read, and begun again when they are back", async () => {
    const versions: string[] = [];
    await holding(clients, "keep-version", async () => {
      for (const more of [30, 40, 50]) {
        versions.push(await app.publish(withMore(more)));
        await come(clients, versions.length, "Keep Version");
      }
    });
    const [first = "", second = "", third = ""] = versions.map((version) => `credit-card-${version}`);
    expect(await outcomes(5)).toMatchObject({ [first]: "superseded", [second]: "superseded", [third]: "recorded" });
    const left = (await app.ended(5)).find(({ name }) => name === first);
    expect(left?.output).toMatchObject({
      reason: `data version ${versions[0]} was replaced by ${versions[2]} before its rows were read`,
    });
    expect(await app.publish(withMore(30))).toBe(versions[0]);
    expect(await outcomes(6)).toMatchObject({ [`${first}-1`]: "recorded" });
  });

  it("leave nothing in the catalog", async () => {
    const names: string[] = [];
    for await (const { DatabaseList = [] } of paginateGetDatabases(
      { client: new GlueClient(app.home.clientConfig()) },
      {},
    ))
      names.push(...DatabaseList.map(({ Name = "" }) => Name));
    expect(names).toEqual(["credit-card"]);
  });
});
