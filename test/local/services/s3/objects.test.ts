import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let home: Home;
let client: S3Client;
const directory = temporaryFolder("s3");

beforeAll(async () => {
  home = await openHome({ directory, services: [s3] });
  await home.start();
  client = new S3Client(home.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket: "data" }));
  await client.send(new CreateBucketCommand({ Bucket: "versioned" }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket: "versioned", VersioningConfiguration: { Status: "Enabled" } }),
  );
});

afterAll(async () => {
  client.destroy();
  await home.close();
});

const put = (Key: string, Body: string | Uint8Array, more = {}) =>
  client.send(new PutObjectCommand({ Bucket: "data", Key, Body, ...more }));
const get = async (Key: string, more = {}) => {
  const answer = await client.send(new GetObjectCommand({ Bucket: "data", Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};

describe("an object", () => {
  it("keeps tags named like properties of every object", async () => {
    await put("tagged", "x", { Tagging: "__proto__=a&constructor=b&toString=c" });
    const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: "data", Key: "tagged" }));
    expect(TagSet).toEqual([
      { Key: "__proto__", Value: "a" },
      { Key: "constructor", Value: "b" },
      { Key: "toString", Value: "c" },
    ]);
  });

  it("has at most 2 KiB of metadata, names and values together", async () => {
    await put("metadata", "x", { Metadata: { name: "v".repeat(2044) } });
    await expect(put("metadata", "x", { Metadata: { name: "v".repeat(2045) } })).rejects.toMatchObject({
      name: "MetadataTooLarge",
    });
  });

  it("comes back with its bytes, ETag, type and metadata", async () => {
    const { ETag } = await put("folder/ä b+c.txt", "hello", {
      ContentType: "text/plain",
      Metadata: { origin: "test" },
      Tagging: "a=1&b=2",
    });
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(await get("folder/ä b+c.txt")).toMatchObject({
      text: "hello",
      ContentType: "text/plain",
      ContentLength: 5,
      Metadata: { origin: "test" },
      ETag,
    });
    const tags = await client.send(new GetObjectTaggingCommand({ Bucket: "data", Key: "folder/ä b+c.txt" }));
    expect(tags.TagSet).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "keeps the %s checksum the client sent and shows it to those who ask",
    async (ChecksumAlgorithm) => {
      const sent = await put(`sum-${ChecksumAlgorithm}`, "hello", { ChecksumAlgorithm });
      const head = await client.send(
        new HeadObjectCommand({ Bucket: "data", Key: `sum-${ChecksumAlgorithm}`, ChecksumMode: "ENABLED" }),
      );
      const member = `Checksum${ChecksumAlgorithm}` as const;
      expect(sent[member]).toBeTruthy();
      expect(head[member]).toBe(sent[member]);
    },
  );

  it("is refused when its declared checksum is wrong, and nothing is kept", async () => {
    await expect(put("bad", "hello", { ChecksumSHA256: Buffer.alloc(32).toString("base64") })).rejects.toMatchObject({
      name: "BadDigest",
    });
    await expect(get("bad")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("is streamed in and out when large", async () => {
    const body = Buffer.alloc(3_000_000, "tide");
    await put("large.bin", body);
    const answer = await client.send(new GetObjectCommand({ Bucket: "data", Key: "large.bin" }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  it.each([
    { range: "bytes=1-3", text: "ell", contentRange: "bytes 1-3/5" },
    { range: "bytes=3-", text: "lo", contentRange: "bytes 3-4/5" },
    { range: "bytes=-2", text: "lo", contentRange: "bytes 3-4/5" },
  ])("answers $range with that stretch and 206", async ({ range, text, contentRange }) => {
    await put("range", "hello");
    const answer = await get("range", { Range: range });
    expect(answer).toMatchObject({ text, ContentRange: contentRange, $metadata: { httpStatusCode: 206 } });
  });

  it("answers InvalidRange beyond its end", async () => {
    await put("range", "hello");
    await expect(get("range", { Range: "bytes=5-" })).rejects.toMatchObject({
      name: "InvalidRange",
      $metadata: { httpStatusCode: 416 },
    });
  });

  it("is read by condition", async () => {
    const { ETag } = await put("condition", "hello");
    await expect(get("condition", { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get("condition", { IfMatch: '"other"' })).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect((await get("condition", { IfMatch: ETag })).text).toBe("hello");
  });

  it("is written by condition", async () => {
    await put("once", "first", { IfNoneMatch: "*" });
    await expect(put("once", "second", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    await expect(put("absent", "x", { IfMatch: '"e"' })).rejects.toMatchObject({ name: "NoSuchKey" });
    expect((await get("once")).text).toBe("first");
  });

  it("is copied with its metadata, or with new ones", async () => {
    await put("from", "hello", { Metadata: { kept: "yes" } });
    await client.send(new CopyObjectCommand({ Bucket: "data", Key: "to", CopySource: "data/from" }));
    expect(await get("to")).toMatchObject({ text: "hello", Metadata: { kept: "yes" } });
    await client.send(
      new CopyObjectCommand({
        Bucket: "data",
        Key: "from",
        CopySource: "data/from",
        MetadataDirective: "REPLACE",
        Metadata: { now: "new" },
      }),
    );
    expect((await get("from")).Metadata).toEqual({ now: "new" });
    await expect(
      client.send(new CopyObjectCommand({ Bucket: "data", Key: "from", CopySource: "data/from" })),
    ).rejects.toMatchObject({ name: "InvalidRequest" });
  });

  it("tells its attributes", async () => {
    await put("attributes", "hello");
    const answer = await client.send(
      new GetObjectAttributesCommand({ Bucket: "data", Key: "attributes", ObjectAttributes: ["ETag", "ObjectSize"] }),
    );
    expect(answer).toMatchObject({ ETag: "5d41402abc4b2a76b9719d911017c592", ObjectSize: 5 });
  });
});

describe("what is not there", () => {
  it("answers NoSuchKey and NoSuchBucket, and NotFound to HEAD", async () => {
    await expect(get("nowhere")).rejects.toMatchObject({ name: "NoSuchKey", $metadata: { httpStatusCode: 404 } });
    await expect(client.send(new GetObjectCommand({ Bucket: "no-bucket", Key: "x" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
    await expect(client.send(new HeadObjectCommand({ Bucket: "data", Key: "nowhere" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  it("is deleted without complaint", async () => {
    await client.send(new DeleteObjectCommand({ Bucket: "data", Key: "nowhere" }));
  });
});

describe("listing", () => {
  it("folds keys by delimiter and pages through them in order", async () => {
    const keys = ["l/a/1", "l/a/2", "l/b", "l/c/1", "l/d"];
    for (const key of keys) await put(key, key);
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page: { next?: string | undefined } = {};
      const answer = await client.send(
        new ListObjectsV2Command({ Bucket: "data", Prefix: "l/", Delimiter: "/", MaxKeys: 1, ContinuationToken }),
      );
      seen.push(...(answer.Contents ?? []).map(({ Key }) => Key));
      seen.push(...(answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      page.next = answer.NextContinuationToken;
      ContinuationToken = page.next;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(["l/a/", "l/b", "l/c/", "l/d"]);
  });

  it("starts after a key and encodes keys when asked", async () => {
    await put("enc/ä&<", "x");
    const answer = await client.send(
      new ListObjectsV2Command({ Bucket: "data", Prefix: "enc/", StartAfter: "enc/a", EncodingType: "url" }),
    );
    expect(answer.Contents?.map(({ Key }) => Key)).toEqual(["enc/%C3%A4%26%3C"]);
    const plain = await client.send(new ListObjectsV2Command({ Bucket: "data", Prefix: "enc/" }));
    expect(plain.Contents?.map(({ Key }) => Key)).toEqual(["enc/ä&<"]);
  });
});

describe("a versioned bucket", () => {
  const Bucket = "versioned";

  it("keeps what was overwritten, and hides the key behind a delete marker", async () => {
    const first = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "one" }));
    await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "two" }));
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(marker.DeleteMarker).toBe(true);
    await expect(client.send(new GetObjectCommand({ Bucket, Key: "k" }))).rejects.toMatchObject({ name: "NoSuchKey" });
    const old = await client.send(new GetObjectCommand({ Bucket, Key: "k", VersionId: first.VersionId }));
    expect(await old.Body?.transformToString()).toBe("one");
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "k" }));
    expect(listed.Versions?.map(({ Size, IsLatest }) => [Size, IsLatest])).toEqual([
      [3, false],
      [3, false],
    ]);
    expect(listed.DeleteMarkers).toHaveLength(1);
    await client.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: marker.VersionId }));
    const back = await client.send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await back.Body?.transformToString()).toBe("two");
  });

  it("lists every version once, newest first in a key, however small the pages", async () => {
    for (const [key, body] of [
      ["p/a", "1"],
      ["p/a", "22"],
      ["p/b", "333"],
      ["p/a", "4444"],
    ] as const) {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
    }
    const seen: (string | number | undefined)[][] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let truncated: boolean | undefined = true; truncated; ) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "p/", MaxKeys: 1, ...marker }));
      seen.push(...(page.Versions ?? []).map(({ Key, Size }) => [Key, Size]));
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      truncated = page.IsTruncated;
    }
    expect(seen).toEqual([
      ["p/a", 4],
      ["p/a", 2],
      ["p/a", 1],
      ["p/b", 3],
    ]);
  });

  it("is not deleted while it holds versions", async () => {
    await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: "BucketNotEmpty" });
  });
});

describe("deleting many", () => {
  it("answers each key", async () => {
    await put("many/1", "x");
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket: "data", Delete: { Objects: [{ Key: "many/1" }, { Key: "many/2" }] } }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(["many/1", "many/2"]);
  });
});

describe("events", () => {
  it("are put on the bus in the shape of S3 when the bucket asks for EventBridge", async () => {
    const heard: { "detail-type": string; detail: unknown }[] = [];
    const stop = home.ports.listen((event) => void heard.push(event));
    await client.send(new CreateBucketCommand({ Bucket: "loud" }));
    await client.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "loud",
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    await client.send(new PutObjectCommand({ Bucket: "loud", Key: "a b", Body: "hello" }));
    await client.send(new DeleteObjectCommand({ Bucket: "loud", Key: "a b" }));
    await put("quiet", "x");
    stop();
    expect(heard.map((event) => event["detail-type"])).toEqual(["Object Created", "Object Deleted"]);
    expect(heard[0]).toMatchObject({
      source: "aws.s3",
      resources: ["arn:aws:s3:::loud"],
      detail: {
        version: "0",
        bucket: { name: "loud" },
        object: { key: "a b", size: 5, etag: "5d41402abc4b2a76b9719d911017c592", sequencer: expect.any(String) },
        requester: home.accountId,
        reason: "PutObject",
      },
    });
    expect(heard[1]).toMatchObject({ detail: { reason: "DeleteObject", "deletion-type": "Permanently Deleted" } });
  });
});
