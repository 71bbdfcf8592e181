/** Everything that starts a lifecycle, each alone in a home of the whole app: what AWS emits, a person, a schedule. */
import { readFileSync } from "node:fs";
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { DeleteTableCommand, GetTableCommand, GlueClient, UpdateTableCommand } from "@aws-sdk/client-glue";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lakeFormationCall } from "../../events/index.ts";
import { SAMPLE } from "./credit-data.ts";
import { fireSchedule } from "./fire-schedule.ts";
import { type App, machineArn, openApp, until } from "./open-app.ts";

const LONG_MS = 120_000;
const TABLE = { DatabaseName: "credit-card", Name: "credit_card" };
const UPDATE_RULES = [
  ...["object-created", "table-changed", "database-changed"].map((name) => `tidemill-credit-card-${name}`),
  "tidemill-product-shared",
];

describe("a lifecycle is started", { timeout: LONG_MS }, () => {
  let app: App;
  let events: EventBridgeClient;
  let versions: number;

  /** Leaves one rule of those that hear of updates, or none. */
  async function onlyRule(name?: string): Promise<void> {
    for (const Name of UPDATE_RULES)
      await events.send(Name === name ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
  }

  const startByHand = async (name: string) => {
    const input = JSON.stringify({ product: "credit-card" });
    const stateMachineArn = machineArn("data-product-update");
    return app.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  };

  beforeAll(async () => {
    app = await openApp();
    events = new EventBridgeClient(app.home.clientConfig());
    versions = 0;
  }, LONG_MS);
  afterAll(() => app?.close());

  /** The next version, which nothing hears of but the rule named; the execution something then starts for it. */
  async function nextVersion(rule: string | undefined, cause: () => Promise<unknown>) {
    await onlyRule(rule);
    const before = (await app.executions("data-product-update")).length;
    await app.rewriteProduct(++versions);
    await cause();
    const executions = await app.ended(before + 1);
    expect(executions).toHaveLength(before + 1);
    return executions.at(-1);
  }

  it("by an object in the product's bucket, and its crawl's own catalog event starts no next round", async () => {
    const dataVersion = await app.publish(readFileSync(SAMPLE, "utf8"));
    const [only, ...others] = await app.ended(1);
    expect(only).toMatchObject({
      name: `credit-card-${dataVersion}`,
      input: { product: "credit-card", dataVersion, trigger: "event" },
      output: { outcome: "retrained" },
    });
    expect(others).toEqual([]);
    const duplicate = (line: string) => line.includes("has its execution already") && line.includes(dataVersion);
    await until(async () => (await app.logged("start-lifecycle")).find(duplicate));
    expect(await app.executions("data-product-update")).toHaveLength(1);
  });

  it("by Glue's event of a changed table", async () => {
    const glue = new GlueClient(app.home.clientConfig());
    const update = async () => {
      const { Table } = await glue.send(new GetTableCommand(TABLE));
      const { Name, StorageDescriptor, Parameters, PartitionKeys, TableType } = Table ?? {};
      const TableInput = {
        Name,
        StorageDescriptor,
        Parameters,
        PartitionKeys,
        TableType,
        Description: "by an ETL job",
      };
      await glue.send(new UpdateTableCommand({ DatabaseName: TABLE.DatabaseName, TableInput }));
    };
    const started = await nextVersion("tidemill-credit-card-table-changed", update);
    expect(started).toMatchObject({
      status: "SUCCEEDED",
      input: { trigger: "event" },
      output: { outcome: "recorded" },
    });
  });

  it("by Glue's event of a changed database", async () => {
    const glue = new GlueClient(app.home.clientConfig());
    const started = await nextVersion("tidemill-credit-card-database-changed", () =>
      glue.send(new DeleteTableCommand(TABLE)),
    );
    expect(started).toMatchObject({
      status: "SUCCEEDED",
      input: { trigger: "event" },
      output: { outcome: "recorded" },
    });
  });

  it("by CloudTrail's record of a Lake Formation call", async () => {
    const sample = Object(lakeFormationCall.sample);
    const started = await nextVersion("tidemill-product-shared", async () => app.home.ports.emit(sample));
    expect(started).toMatchObject({
      status: "SUCCEEDED",
      input: { trigger: "event" },
      output: { outcome: "recorded" },
    });
  });

  it("by the model's schedule", async () => {
    const started = await nextVersion(undefined, () => fireSchedule(app, "credit-risk"));
    expect(started).toMatchObject({ input: { trigger: "schedule" }, output: { outcome: "recorded" } });
  });

  it("by StartExecution, once a version: who comes second is told who has it", async () => {
    await onlyRule();
    await app.rewriteProduct(++versions);
    const before = (await app.executions("data-product-update")).length;
    await Promise.all([startByHand("one"), startByHand("two")]);
    await app.ended(before + 2);
    await startByHand("three");
    const [first, second, third] = (await app.ended(before + 3)).slice(before);
    const [worked, told] = first?.output.outcome === "recorded" ? [first, second] : [second, first];
    expect(worked?.output).toMatchObject({ outcome: "recorded" });
    const outcome = expect.stringMatching(/^(duplicate|unchanged)$/);
    expect(told?.output).toMatchObject({ outcome, reason: expect.stringContaining(worked?.arn ?? "-"), models: [] });
    expect(third?.output).toMatchObject({ outcome: "unchanged", reason: expect.stringContaining(worked?.arn ?? "-") });
  });

  it("by the reconciliation when the event of an update never came, once", async () => {
    const started = await nextVersion(undefined, () => fireSchedule(app, "reconciliation"));
    expect(started).toMatchObject({ input: { trigger: "reconciliation" }, output: { outcome: "recorded" } });
    const { length } = await app.executions("data-product-update");
    const claimed = async () =>
      (await app.logged("start-lifecycle")).find((line) => line.includes("is worked on or was"));
    await fireSchedule(app, "reconciliation");
    await until(claimed);
    expect(await app.executions("data-product-update")).toHaveLength(length);
  });
});
