import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  type LifecycleRule,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const directory = temporaryFolder("s3");
const DATA = { Bucket: "data" };
const CONTEXT = { stackName: "stack", logicalId: "Bucket", generateName: () => "made" };
let home: Home;
let client: S3Client;

beforeAll(async () => {
  home = await openHome({ directory, services: [s3] });
  await home.start();
  client = new S3Client(home.clientConfig());
  await client.send(new CreateBucketCommand(DATA));
  await client.send(new PutObjectCommand({ ...DATA, Key: "k", Body: "x" }));
});

afterAll(async () => {
  client.destroy();
  await home.close();
});

describe("a bucket nobody configured", () => {
  it.each([
    ["CORS", () => client.send(new GetBucketCorsCommand(DATA)), "NoSuchCORSConfiguration"],
    ["website", () => client.send(new GetBucketWebsiteCommand(DATA)), "NoSuchWebsiteConfiguration"],
    ["replication", () => client.send(new GetBucketReplicationCommand(DATA)), "ReplicationConfigurationNotFoundError"],
    ["lock", () => client.send(new GetObjectLockConfigurationCommand(DATA)), "ObjectLockConfigurationNotFoundError"],
  ])("has no %s", async (_what, ask, name) => {
    await expect(ask()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 404 } });
  });

  it("answers the rest as S3 does", async () => {
    const { Rules } = (await client.send(new GetBucketOwnershipControlsCommand(DATA))).OwnershipControls ?? {};
    expect(Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    expect((await client.send(new GetBucketRequestPaymentCommand(DATA))).Payer).toBe("BucketOwner");
    expect((await client.send(new GetBucketLoggingCommand(DATA))).LoggingEnabled).toBeUndefined();
    expect((await client.send(new GetBucketAccelerateConfigurationCommand(DATA))).Status).toBeUndefined();
    expect((await client.send(new ListBucketInventoryConfigurationsCommand(DATA))).IsTruncated).toBe(false);
    expect((await client.send(new ListBucketMetricsConfigurationsCommand(DATA))).IsTruncated).toBe(false);
  });
});

describe("an object's encryption", () => {
  const KMS = { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: "arn:aws:kms:us-east-1:000000000000:key/k" };
  const head = async (Key: string) => {
    const { ServerSideEncryption, SSEKMSKeyId } = await client.send(new HeadObjectCommand({ ...DATA, Key }));
    return { ServerSideEncryption, SSEKMSKeyId };
  };

  it("is what its writer asked for, else the bucket's default, which a copy takes too", async () => {
    const put = await client.send(new PutObjectCommand({ ...DATA, Key: "kms", Body: "x", ...KMS }));
    expect(put).toMatchObject(KMS);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...DATA, Key: "parts", ...KMS }));
    const part = { ...DATA, Key: "parts", UploadId };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: "x" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload }));
    await client.send(new CopyObjectCommand({ ...DATA, Key: "copy", CopySource: "data/kms" }));
    const byDefault = { ServerSideEncryption: "AES256", SSEKMSKeyId: undefined };
    expect(await Promise.all(["kms", "parts", "copy", "k"].map(head))).toEqual([KMS, KMS, byDefault, byDefault]);
  });
});

describe("access control lists", () => {
  const full = [{ Grantee: { ID: "000000000000", Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }];

  it("say that the account owns everything, and are off", async () => {
    const object = { ...DATA, Key: "k" };
    expect((await client.send(new GetBucketAclCommand(DATA))).Grants).toEqual(full);
    expect((await client.send(new GetObjectAclCommand(object))).Grants).toEqual(full);
    await client.send(new PutObjectAclCommand({ ...object, ACL: "bucket-owner-full-control" }));
    const refusals = [
      client.send(new PutObjectAclCommand({ ...object, ACL: "public-read" })),
      client.send(new PutBucketAclCommand({ ...DATA, ACL: "public-read" })),
    ];
    for (const refused of refusals)
      await expect(refused).rejects.toMatchObject({ name: "AccessControlListNotSupported" });
    const missing = client.send(new GetObjectAclCommand({ ...DATA, Key: "none" }));
    await expect(missing).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

describe("a configuration", () => {
  it("that was put is answered, until it is deleted", async () => {
    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"], MaxAgeSeconds: 60 }];
    await client.send(new PutBucketCorsCommand({ ...DATA, CORSConfiguration: { CORSRules } }));
    expect((await client.send(new GetBucketCorsCommand(DATA))).CORSRules).toEqual(CORSRules);
    await client.send(new DeleteBucketCorsCommand(DATA));
    await expect(client.send(new GetBucketCorsCommand(DATA))).rejects.toThrow();

    const OwnershipControls = { Rules: [{ ObjectOwnership: "ObjectWriter" as const }] };
    await client.send(new PutBucketOwnershipControlsCommand({ ...DATA, OwnershipControls }));
    const owned = await client.send(new GetBucketOwnershipControlsCommand(DATA));
    expect(owned.OwnershipControls).toEqual(OwnershipControls);

    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const } }];
    const ServerSideEncryptionConfiguration = { Rules };
    await client.send(new PutBucketEncryptionCommand({ ...DATA, ServerSideEncryptionConfiguration }));
    await client.send(new DeleteBucketEncryptionCommand(DATA));
    const encryption = await client.send(new GetBucketEncryptionCommand(DATA));
    expect(JSON.stringify(encryption.ServerSideEncryptionConfiguration)).toContain("AES256");

    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    await client.send(new PutPublicAccessBlockCommand({ ...DATA, PublicAccessBlockConfiguration }));
    await client.send(new DeletePublicAccessBlockCommand(DATA));
    await expect(client.send(new GetPublicAccessBlockCommand(DATA))).rejects.toMatchObject({
      name: "NoSuchPublicAccessBlockConfiguration",
    });
  });

  it("of a lifecycle says what to do", async () => {
    const put = (rule: LifecycleRule) =>
      client.send(new PutBucketLifecycleConfigurationCommand({ ...DATA, LifecycleConfiguration: { Rules: [rule] } }));
    const empty: LifecycleRule = { Status: "Enabled", Filter: { Prefix: "" } };
    await expect(put(empty)).rejects.toMatchObject({ name: "InvalidRequest", message: /At least one action/ });
    await put({ ...empty, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
  });

  it("of the template is answered", async () => {
    const LoggingConfiguration = { DestinationBucketName: "data", LogFilePrefix: "logs/" };
    await home.resourceTypes.get("AWS::S3::Bucket")?.create({ BucketName: "logged", LoggingConfiguration }, CONTEXT);
    const { LoggingEnabled } = await client.send(new GetBucketLoggingCommand({ Bucket: "logged" }));
    expect(LoggingEnabled).toEqual({ TargetBucket: "data", TargetPrefix: "logs/" });
  });
});
