/** The lifecycle while the default bus does what EventBridge may do, and then what it promises not to. */
import { readFileSync } from "node:fs";
import { EventBridgeClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-eventbridge";
import { DescribeEndpointCommand, SageMakerClient, UpdateModelPackageCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../local/clock.ts";
import type { CountedRule } from "../../local/services/events/rule-counts.ts";
import { getView } from "../local/own-view.ts";
import { SAMPLE } from "./credit-data.ts";
import { fireSchedule } from "./fire-schedule.ts";
import { type App, openApp, until } from "./open-app.ts";
import { packagesOf } from "./survivors.ts";

const LONG_MS = 120_000;
const ResourceARN = "arn:aws:events:us-east-1:000000000000:event-bus/default";

describe("the lifecycle on a disturbed bus", { timeout: LONG_MS }, () => {
  let app: App;
  let events: EventBridgeClient;
  let sagemaker: SageMakerClient;

  const disturb = (Value: string) =>
    events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "tidemill:chaos", Value }] }));
  /** Every copy of every event so far has come to its target. */
  const quiet = () => {
    const left = app.home.ports.store.prepare("SELECT count(*) AS deliveries FROM events_deliveries");
    return until(async () => (left.get()?.deliveries === 0 ? true : undefined));
  };

  beforeAll(async () => {
    app = await openApp();
    events = new EventBridgeClient(app.home.clientConfig());
    sagemaker = new SageMakerClient(app.home.clientConfig());
    await disturb("seed=7 duplicate=0.7 reorder=0.7 reorderMs=2000 delay=0.3 delayMs=1500");
  }, LONG_MS);
  afterAll(() => app?.close());

  it("handles a version once, whose events come twice, late and out of order", async () => {
    const dataVersion = await app.publish(readFileSync(SAMPLE, "utf8"));
    await app.ended(1);
    await quiet();
    const [only, ...others] = await app.ended(1);
    expect(only).toMatchObject({ name: `credit-card-${dataVersion}`, output: { outcome: "retrained" } });
    expect(others).toEqual([]);
    expect(await packagesOf(sagemaker)).toHaveLength(1);
    const counted = await getView<CountedRule[]>(events, systemClock, "events/counts");
    const duplicates = counted.filter(({ counts }) => counts.delivered > counts.matched);
    expect(duplicates.map(({ rule }) => rule)).toContain("tidemill-credit-card-object-created");
  });

  it("releases an approved version once", async () => {
    const [{ arn: ModelPackageArn } = { arn: "" }] = await packagesOf(sagemaker);
    await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: "Approved" }));
    const released = await until(async () => {
      const releases = await app.executions("release-model");
      return releases.some(({ status }) => status !== "RUNNING") ? releases : undefined;
    });
    await quiet();
    expect(released).toMatchObject([{ status: "SUCCEEDED", output: { released: true } }]);
    expect(await app.executions("release-model")).toHaveLength(1);
    const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: "credit-risk" }));
    expect(endpoint.EndpointStatus).toBe("InService");
  });

  it("hears by the reconciliation of a version whose every event was dropped", async () => {
    await disturb("drop=1");
    await app.rewriteProduct(1);
    await quiet();
    expect(await app.executions("data-product-update")).toHaveLength(1);
    await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["tidemill:chaos"] }));
    await fireSchedule(app, "reconciliation");
    const [, caught, ...others] = await app.ended(2);
    expect(caught).toMatchObject({ input: { trigger: "reconciliation" }, output: { outcome: "recorded" } });
    expect(others).toEqual([]);
  });
});
