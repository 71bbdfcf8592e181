import { beforeEach, describe, expect, it } from "vitest";
import type { Claim } from "../../../handlers/aws/claims.ts";
import { createHandler } from "../../../handlers/start-lifecycle/index.ts";
import { invoke } from "../invoke.ts";
import { product } from "../sample.ts";

let started: Map<string, unknown>;
let claims: Map<string, Claim>;
const handler = createHandler({
  readParameters: async () => [JSON.stringify(product)],
  listObjects: async () => [
    { key: "credit_card/credit_card.csv", size: 10, etag: "e1", modified: "2026-01-31T08:00:00.000Z" },
  ],
  readText: async () => "age,credit_risk\n1,2\n",
  readClaim: async (name, version) => claims.get(`${name}-${version}`),
  startExecution: async (name, input) => {
    if (started.has(name)) return undefined;
    started.set(name, input);
    return `arn:${name}`;
  },
  now: () => 36,
});
const event = (source: string, detail: unknown) => ({ version: "0", source, "detail-type": "x", detail });
const [MORNING, NOON] = ["2026-01-31T06:00:00.000Z", "2026-01-31T12:00:00.000Z"];
const START = { product: "credit-card", outcome: "started" };

describe("start-lifecycle", () => {
  beforeEach(() => {
    started = new Map();
    claims = new Map();
  });

  it.each([
    {
      from: "an object written",
      trigger: event("aws.s3", { bucket: { name: "products" }, object: { key: "credit_card/credit_card.csv" } }),
    },
    {
      from: "a catalog table",
      trigger: event("aws.glue", {
        databaseName: "credit-card",
        tableName: "credit_card",
        typeOfChange: "UpdateTable",
      }),
    },
    {
      from: "a catalog database",
      trigger: event("aws.glue", { databaseName: "credit-card", changedTables: ["credit_card"] }),
    },
    {
      from: "a Lake Formation tag",
      trigger: event("aws.lakeformation", {
        requestParameters: { resource: { table: { databaseName: "credit-card", name: "credit_card" } } },
      }),
    },
    {
      from: "a registered location",
      trigger: event("aws.lakeformation", { requestParameters: { resourceArn: "arn:aws:s3:::products/credit_card" } }),
    },
    { from: "a schedule", trigger: { product: "credit-card", model: "credit-risk", trigger: "schedule" } },
    { from: "the reconciliation", trigger: { trigger: "reconciliation" } },
  ])("starts a run from $from, and none the second time", async ({ trigger }) => {
    expect((await invoke(handler, trigger)).starts).toMatchObject([START]);
    expect((await invoke(handler, trigger)).starts).toMatchObject([{ outcome: "duplicate" }]);
    expect([...started.keys()]).toEqual([expect.stringMatching(/^credit-card-[0-9a-f]{16}$/)]);
  });

  it.each([
    {
      what: "another bucket",
      trigger: event("aws.s3", { bucket: { name: "other" }, object: { key: "credit_card/x" } }),
    },
    { what: "another table", trigger: event("aws.glue", { databaseName: "credit-card", tableName: "loans" }) },
    {
      what: "a refused call",
      trigger: event("aws.lakeformation", {
        errorCode: "AccessDenied",
        requestParameters: { resource: { database: { name: "credit-card" } } },
      }),
    },
    { what: "an event that names nothing", trigger: event("aws.lakeformation", { requestParameters: null }) },
  ])("starts nothing for $what", async ({ trigger }) => {
    expect(await invoke(handler, trigger)).toEqual({ starts: [] });
  });

  it("leaves a claimed version to the one who claimed it when reconciling", async () => {
    const [first] = (await invoke(handler, { trigger: "reconciliation" })).starts;
    started.clear();
    claims.set(`credit-card-${first?.dataVersion}`, { status: "COMPLETED", timesSuperseded: 0, since: MORNING });
    expect((await invoke(handler, { trigger: "reconciliation" })).starts).toMatchObject([{ outcome: "claimed" }]);
  });

  describe("of a version that is back, after an execution had left it for another,", () => {
    const written = event("aws.s3", { bucket: { name: "products" }, object: { key: "credit_card/credit_card.csv" } });
    const leave = (timesSuperseded: number) => {
      const [name = ""] = started.keys();
      claims.set(name, { status: "SUPERSEDED", timesSuperseded, since: MORNING });
    };

    it.each([
      { from: "an event", trigger: written },
      { from: "the reconciliation", trigger: { trigger: "reconciliation" } },
    ])("begins it again from $from, once for every time it was left", async ({ trigger }) => {
      await invoke(handler, written);
      leave(1);
      expect((await invoke(handler, trigger)).starts).toMatchObject([START]);
      expect((await invoke(handler, trigger)).starts).toMatchObject([{ outcome: "duplicate" }]);
      leave(2);
      expect((await invoke(handler, trigger)).starts).toMatchObject([START]);
      const [first = "", ...others] = started.keys();
      expect(others).toEqual([`${first}-1`, `${first}-2`]);
      expect([...started.values()]).toMatchObject(Array(3).fill({ dataVersion: first.slice("credit-card-".length) }));
    });
  });

  describe.each(["event", "reconciliation"])("for an %s,", (kind) => {
    const written = event("aws.s3", { bucket: { name: "products" }, object: { key: "credit_card/credit_card.csv" } });
    const trigger = kind === "event" ? written : { trigger: "reconciliation" };
    const none = [{ outcome: kind === "event" ? "duplicate" : "claimed" }];

    it.each([
      { status: "RUNNING", since: NOON, again: false },
      { status: "FAILED", since: NOON, again: false },
      { status: "COMPLETED", since: MORNING, again: false },
      // Whether who claimed it still runs is the workflow's to see.
      { status: "RUNNING", since: MORNING, again: true },
      { status: "FAILED", since: MORNING, again: true },
    ])("a version that is $status since $since and was written at 08:00 begins again: $again", async (claim) => {
      await invoke(handler, written);
      const [name = ""] = started.keys();
      claims.set(name, { ...claim, timesSuperseded: 1 });
      expect((await invoke(handler, trigger)).starts).toMatchObject(claim.again ? [START] : none);
      expect((await invoke(handler, trigger)).starts).toMatchObject(claim.again ? [{ outcome: "duplicate" }] : none);
      expect([...started.keys()].slice(1)).toEqual(claim.again ? [`${name}-20260131080000`] : []);
    });
  });

  it("gives somebody's own request a name of its own and passes force on", async () => {
    await invoke(handler, { product: "credit-card", trigger: "manual", force: true });
    const [name, input] = [...started][0] ?? [];
    expect(name).toMatch(/^credit-card-[0-9a-f]{16}-manual-10$/);
    expect(input).toMatchObject({ trigger: "manual", force: true });
    // It takes the version that it finds.
    expect(input).not.toHaveProperty("dataVersion");
  });

  it("says what is wrong with an input it does not know", async () => {
    await expect(invoke(handler, { product: "Credit Card", trigger: "manual" })).rejects.toMatchObject({
      name: "InvalidInputError",
    });
  });
});
