import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../../local/clock.ts";
import type { ResourceContext } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import type { Principal } from "../../../../local/principal.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const DAY_MS = 86_400_000;
const CONTEXT: ResourceContext = { stackName: "stack", logicalId: "Bucket", generateName: () => "Stack-Bucket-1" };
let directory: string;
let home: Home;
let client: S3Client;
let nowMs: number;
const clock: Clock = { now: () => nowMs, at: () => () => undefined };

beforeEach(async () => {
  nowMs = Date.now();
  directory = temporaryFolder("s3");
  await open();
});

afterEach(() => close());

async function open() {
  home = await openHome({ directory, services: [s3], clock });
  await home.start();
  client = new S3Client(home.clientConfig());
}

async function close() {
  client.destroy();
  await home.close();
}

const create = (properties: object) => home.resourceTypes.get("AWS::S3::Bucket")?.create(properties, CONTEXT);
const files = () =>
  existsSync(join(directory, "s3/objects"))
    ? readdirSync(join(directory, "s3/objects"), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
    : [];

/** A role whose only policy is `statement`. */
function actAs(statement: object): Principal {
  const roleArn = `arn:aws:iam::${home.accountId}:role/actor`;
  const document = { Version: "2012-10-17", Statement: [statement] };
  home.ports.policies.setRoleSource(() => ({ roleArn, policies: [{ name: "only", document }], trust: {} }));
  return { kind: "role", roleArn, sessionName: "s" };
}

describe("AWS::S3::Bucket", () => {
  it.each([
    "xn--a",
    "sthree-logs",
    "amzn-s3-demo-bucket",
    "logs-s3alias",
    "logs--ol-s3",
    "a..b",
    "10.0.0.1",
    "A",
    "ab",
  ])("is not named %s", async (Bucket) => {
    await expect(client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: "InvalidBucketName",
    });
  });

  it("is made with its configuration, under a name of its own where it has none", async () => {
    const state = await create({
      VersioningConfiguration: { Status: "Enabled" },
      LifecycleConfiguration: { Rules: [{ Id: "r", Status: "Enabled", ExpirationInDays: 3, Prefix: "tmp/" }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      Tags: [{ Key: "a", Value: "b" }],
    });
    expect(state).toMatchObject({ physicalId: "stack-bucket-1", attributes: { Arn: "arn:aws:s3:::stack-bucket-1" } });
    const Bucket = "stack-bucket-1";
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
    expect((await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "a", Value: "b" }]);
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([{ ID: "r", Status: "Enabled", Expiration: { Days: 3 } }]);
    expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  });

  it("names a property nobody built", async () => {
    expect(() => create({ ReplicationConfiguration: {} })).toThrow("ReplicationConfiguration");
  });

  it("is replaced only under another name", async () => {
    const current = await create({ BucketName: "one" });
    const type = home.resourceTypes.get("AWS::S3::Bucket");
    if (current === undefined || type?.update === undefined) throw new TypeError("no bucket type");
    expect(await type.update({ BucketName: "two" }, current, CONTEXT, {})).toBe("replace");
    expect(await type.update({ BucketName: "one" }, current, CONTEXT, {})).toMatchObject({ physicalId: "one" });
  });
});

describe("a bucket's policy", () => {
  it("refuses whom it denies, and comes back as it was given", async () => {
    await create({ BucketName: "guarded" });
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::guarded/no/*" }],
    });
    await client.send(new PutBucketPolicyCommand({ Bucket: "guarded", Policy }));
    expect((await client.send(new GetBucketPolicyCommand({ Bucket: "guarded" }))).Policy).toBe(Policy);
    const principal = actAs({ Effect: "Allow", Action: "s3:*", Resource: "*" });
    const put = (Key: string) => home.ports.call("s3", "PutObject", { Bucket: "guarded", Key, Body: "x" }, principal);
    await expect(put("no/1")).rejects.toMatchObject({ status: 403 });
    expect(await put("yes/1")).toMatchObject({ ETag: expect.any(String) });
  });
});

describe("who may not list", () => {
  it("is not told whether a key exists", async () => {
    const principal = actAs({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
    await create({ BucketName: "hidden" });
    const asRole = home.ports.call("s3", "GetObject", { Bucket: "hidden", Key: "k" }, principal);
    await expect(asRole).rejects.toMatchObject({ code: "AccessDenied", status: 403 });
  });
});

describe("lifecycle rules", () => {
  it("expire objects at the midnight after their days, under their prefix only", async () => {
    const rule = { Status: "Enabled", ExpirationInDays: 1, Prefix: "tmp/" };
    await create({ BucketName: "temporary", LifecycleConfiguration: { Rules: [rule] } });
    for (const Key of ["tmp/old", "kept"]) {
      await client.send(new PutObjectCommand({ Bucket: "temporary", Key, Body: "x" }));
    }
    const keys = async () =>
      (await client.send(new ListObjectsV2Command({ Bucket: "temporary" }))).Contents?.map(({ Key }) => Key);
    await close();
    await open();
    expect(await keys()).toEqual(["kept", "tmp/old"]);
    await close();
    nowMs += 2 * DAY_MS;
    await open();
    nowMs -= 2 * DAY_MS;
    expect(await keys()).toEqual(["kept"]);
  });
});

describe("a home that opens again", () => {
  it("has every acknowledged object, and sweeps files that never became one", async () => {
    await create({ BucketName: "durable" });
    await client.send(new PutObjectCommand({ Bucket: "durable", Key: "k.csv", Body: "kept" }));
    const orphans = join(directory, "s3/objects/00");
    mkdirSync(orphans, { recursive: true });
    writeFileSync(join(orphans, "orphan"), "half an upload");
    await close();
    await open();
    expect(files().map(({ name }) => name)).toEqual([expect.stringMatching(/\.csv$/)]);
    const answer = await client.send(new GetObjectCommand({ Bucket: "durable", Key: "k.csv" }));
    expect(await answer.Body?.transformToString()).toBe("kept");
    await client.send(new HeadBucketCommand({ Bucket: "durable" }));
  });
});
