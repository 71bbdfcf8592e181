import { describe, expect, it } from "vitest";
import { allResources, type Resource, resourcesOf } from "./assembly.ts";

const property = (resource: Resource, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => Object(value)[key], resource.Properties);

describe("the stacks", () => {
  it("have no custom resource, which would need code that nobody sees", async () => {
    const types = (await allResources()).map(({ Type }) => Type);
    expect(
      types.filter((type) => type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource"),
    ).toEqual([]);
  });

  it("keep buckets, tables, databases and model packages when a stack is deleted", async () => {
    const kept = [
      "AWS::S3::Bucket",
      "AWS::DynamoDB::Table",
      "AWS::Glue::Database",
      "AWS::SageMaker::ModelPackageGroup",
    ];
    for (const { id, Type, DeletionPolicy } of await allResources()) {
      if (kept.includes(Type)) expect(DeletionPolicy, id).toBe("Retain");
    }
  });
});

describe("buckets", () => {
  it("are private, encrypted and versioned", async () => {
    for (const bucket of await resourcesOf("AWS::S3::Bucket")) {
      expect(Object.values(Object(bucket.Properties.PublicAccessBlockConfiguration)), bucket.id).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(bucket.Properties.BucketEncryption, bucket.id).toBeDefined();
      expect(property(bucket, "VersioningConfiguration", "Status"), bucket.id).toBe("Enabled");
    }
  });

  it("refuse what does not come by TLS", async () => {
    const buckets = await resourcesOf("AWS::S3::Bucket");
    const policies = await resourcesOf("AWS::S3::BucketPolicy");
    expect(policies).toHaveLength(buckets.length);
    for (const policy of policies) expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });

  it("tell EventBridge of new files in a data product", async () => {
    const emitting = (await resourcesOf("AWS::S3::Bucket")).filter(
      (bucket) => property(bucket, "NotificationConfiguration", "EventBridgeConfiguration") !== undefined,
    );
    expect(emitting.map(({ id }) => id)).toEqual([expect.stringContaining("CreditCardProduct")]);
  });

  it("expire Athena's results", async () => {
    const results = (await resourcesOf("AWS::S3::Bucket")).find(({ id }) => id.startsWith("AthenaResults"));
    expect(JSON.stringify(results?.Properties.LifecycleConfiguration)).toContain('"ExpirationInDays":7');
  });
});

describe("functions", () => {
  it("run on Node 24 and arm64, traced, with a log group of their own", async () => {
    for (const resource of await resourcesOf("AWS::Lambda::Function")) {
      expect(resource.Properties, resource.id).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        TracingConfig: { Mode: "Active" },
        FunctionName: expect.stringMatching(/^tidemill-/),
        LoggingConfig: { LogGroup: expect.anything() },
      });
    }
  });

  it("keep the events they fail on, where events invoke them", async () => {
    const names = (await resourcesOf("AWS::Lambda::Function"))
      .filter(({ Properties }) => Properties.DeadLetterConfig !== undefined)
      .map(({ Properties }) => Properties.FunctionName);
    expect(names.sort()).toEqual(["tidemill-complete-task", "tidemill-report-failure", "tidemill-start-lifecycle"]);
  });
});

describe("rules and schedules", () => {
  it("retry every target and keep what it did not take", async () => {
    for (const rule of await resourcesOf("AWS::Events::Rule")) {
      const targets = rule.Properties.Targets;
      expect(Array.isArray(targets) && targets.length, rule.id).toBe(1);
      expect(Object(targets)[0], rule.id).toMatchObject({
        DeadLetterConfig: { Arn: expect.anything() },
        RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 24 },
      });
    }
    for (const schedule of await resourcesOf("AWS::Scheduler::Schedule")) {
      expect(schedule.Properties.Target, schedule.id).toMatchObject({
        DeadLetterConfig: { Arn: expect.anything() },
        RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 24 },
      });
    }
  });

  it("answer to every way AWS tells of an update", async () => {
    const names = (await resourcesOf("AWS::Events::Rule")).map(({ Properties }) => Properties.Name).sort();
    expect(names).toEqual([
      "tidemill-crawler-ended",
      "tidemill-credit-card-database-changed",
      "tidemill-credit-card-object-created",
      "tidemill-credit-card-table-changed",
      "tidemill-endpoint-changed",
      "tidemill-execution-failed",
      "tidemill-model-approved",
      "tidemill-notify-model-lifecycle-failed",
      "tidemill-notify-model-registered",
      "tidemill-product-shared",
    ]);
  });

  it("look at each model on its schedule and at every product each hour", async () => {
    const schedules = (await resourcesOf("AWS::Scheduler::Schedule")).map(({ Properties }) => [
      Properties.Name,
      Properties.ScheduleExpression,
      Object(Properties.Target).Input,
    ]);
    expect(schedules).toEqual([
      ["credit-risk", "rate(7 days)", '{"product":"credit-card","trigger":"schedule"}'],
      ["reconciliation", "rate(1 hour)", '{"trigger":"reconciliation"}'],
    ]);
  });
});

describe("alarms", () => {
  it("watch each workflow's failures and both queues, and tell the topic", async () => {
    const alarms = await resourcesOf("AWS::CloudWatch::Alarm");
    const names = alarms.map(({ Properties }) => Properties.AlarmName);
    expect(names).toEqual(
      expect.arrayContaining([
        "tidemill-data-product-update-failed",
        "tidemill-train-model-timedout",
        "tidemill-release-model-aborted",
        "tidemill-undelivered-events",
        "tidemill-undelivered-notices",
      ]),
    );
    for (const alarm of alarms) expect(alarm.Properties.AlarmActions, alarm.id).toHaveLength(1);
  });
});

describe("settings", () => {
  it("of a model and its product fit a standard parameter and are JSON", async () => {
    const parameters = await resourcesOf("AWS::SSM::Parameter");
    expect(parameters.map(({ Properties }) => Properties.Name).sort()).toEqual([
      "/tidemill/models/credit-risk",
      "/tidemill/products/credit-card",
    ]);
    for (const { id, Properties } of parameters) {
      const text = rendered(Properties.Value);
      expect(Buffer.byteLength(text), id).toBeLessThan(4096);
      expect(() => JSON.parse(text), id).not.toThrow();
    }
  });
});

/** A joined string with each intrinsic replaced by text as long as what it stands for may be. */
function rendered(value: unknown): string {
  if (typeof value === "string") return value;
  const join = Object(value)["Fn::Join"];
  return Array.isArray(join) ? join[1].map(rendered).join("") : "x".repeat(110);
}
