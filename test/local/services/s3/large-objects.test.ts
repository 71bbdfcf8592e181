/** Objects large enough that a thread computes their checksums while they are written. */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readlinkSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { StoredBody } from "../../../../local/stored-body.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const Bucket = "large";
const directory = temporaryFolder("s3");
const at = (name: string) => join(directory, name);
/** No stretch of it is like another. */
const body = Buffer.alloc(9_000_001);
for (let index = 0; index + 4 <= body.length; index += 4) body.writeUInt32LE(Math.imul(index, 2654435761) >>> 0, index);
const MD5 = createHash("md5").update(body).digest();
const CRC32 = Buffer.alloc(4);
CRC32.writeUInt32BE(crc32(body));

let home: Home;
let client: S3Client;
beforeAll(async () => {
  home = await openHome({ directory: at("home"), services: [s3] });
  await home.start();
  client = new S3Client(home.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket }));
  writeFileSync(at("file"), body);
});
afterAll(async () => {
  client.destroy();
  await home.close();
});

const put = (Key: string, more: object) => client.send(new PutObjectCommand({ Bucket, Key, Body: body, ...more }));
const within = (operation: string, input: object) =>
  home.ports.call("s3", operation, { Bucket, ...input }, { kind: "home", accountId: home.accountId });
const stored = () =>
  readdirSync(at("home/s3/objects"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

async function got(Key: string) {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
  return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
}

describe("a large object", () => {
  it.each([
    { as: "bytes, under their hash", more: {} },
    { as: "a stream, with its checksum after it", more: () => ({ Body: createReadStream(at("file")) }) },
  ])("has the digests of its bytes, sent as $as", async ({ more }) => {
    const answer = await put("sent", typeof more === "function" ? more() : more);
    expect(answer).toMatchObject({ ETag: `"${MD5.toString("hex")}"`, ChecksumCRC32: CRC32.toString("base64") });
    expect((await got("sent")).bytes.equals(body)).toBe(true);
  });

  it.each(["CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("is checked against its %s", async (algorithm) => {
    const { ETag } = await put(algorithm, { ChecksumAlgorithm: algorithm });
    expect(ETag).toBe(`"${MD5.toString("hex")}"`);
  });

  it("has the same ones when it comes from a file of the home's own", async () => {
    const Body = new StoredBody(at("file"), 0, body.length);
    const answer = await within("PutObject", { Key: "own", Body, ChecksumAlgorithm: "CRC32" });
    expect(answer).toMatchObject({ ETag: `"${MD5.toString("hex")}"`, ChecksumCRC32: CRC32.toString("base64") });
    expect((await got("own")).bytes.equals(body)).toBe(true);
  });

  it("has its own digests among others that come at the same time", async () => {
    const sizes = [8_500_000, 8_700_000, 9_000_001, 1000];
    const answers = await Promise.all(sizes.map((size) => put(`many-${size}`, { Body: body.subarray(0, size) })));
    const expected = sizes.map((size) => createHash("md5").update(body.subarray(0, size)).digest("hex"));
    expect(answers.map(({ ETag }) => ETag)).toEqual(expected.map((md5) => `"${md5}"`));
  });

  it.each([
    { what: "MD5", more: { ContentMD5: Buffer.alloc(16).toString("base64") } },
    { what: "checksum", more: { ChecksumCRC64NVME: Buffer.alloc(8).toString("base64") } },
  ])("is refused, and leaves no file, when its $what is another", async ({ more }) => {
    const before = stored();
    await expect(put("refused", more)).rejects.toMatchObject({ name: "BadDigest" });
    expect(stored()).toBe(before);
  });

  it("is refused, and leaves no file, when its source is shorter than it was", async () => {
    writeFileSync(at("shrinking"), body);
    const Body = new StoredBody(at("shrinking"), 0, body.length);
    truncateSync(at("shrinking"), 8_600_000);
    const before = stored();
    await expect(within("PutObject", { Key: "shrunk", Body })).rejects.toThrow("expected 9000001 bytes, found 8600000");
    expect(stored()).toBe(before);
  });

  it.runIf(process.platform === "linux")("is let go of when a client stops reading it midway", async () => {
    // More than the connection's buffers take.
    await put("left", { Body: Buffer.alloc(40_000_000) });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "left" }));
    expect(openObjects()).toHaveLength(1);
    if (Body instanceof Readable) Body.destroy();
    await expect.poll(openObjects).toEqual([]);
    expect((await got("left")).bytes).toHaveLength(40_000_000);
  });

  it.runIf(process.platform === "linux")(
    "is let go of when it waited for another answer on a connection that ends",
    async () => {
      await put("left", { Body: Buffer.alloc(40_000_000) });
      const request = await signedGet("left");
      const socket = connect(Number(new URL(home.endpoint).port), "127.0.0.1");
      socket.write(request + request);
      await expect.poll(openObjects).toHaveLength(2);
      socket.destroy();
      await expect.poll(openObjects).toEqual([]);
    },
  );

  it("is made of parts as they are, their checksums combined or of the whole", async () => {
    const cut = 6_000_000;
    for (const ChecksumType of ["COMPOSITE", "FULL_OBJECT"] as const) {
      const Key = `parts-${ChecksumType}`;
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "CRC32", ChecksumType }),
      );
      const pieces = [body.subarray(0, cut), body.subarray(cut)];
      const Parts = [];
      for (const [index, Body] of pieces.entries()) {
        const PartNumber = index + 1;
        const part = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
        Parts.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
      }
      const done = await client.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      );
      const whole = ChecksumType === "FULL_OBJECT" ? CRC32.toString("base64") : expect.stringMatching(/-2$/);
      expect(done).toMatchObject({ ChecksumCRC32: whole, ETag: expect.stringMatching(/-2"$/) });
      expect((await got(Key)).bytes.equals(body)).toBe(true);
    }
  });
});

/** GetObject as the SDK signs it, not sent. */
async function signedGet(Key: string): Promise<string> {
  const signed = Promise.withResolvers<string>();
  const once = new S3Client(home.clientConfig());
  once.middlewareStack.addRelativeTo(
    <Args extends { request: unknown }, Result>(_next: (args: Args) => Result) =>
      (args: Args): Result => {
        const { headers, path, query } = Object(args.request);
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        signed.resolve(`GET ${path}?${new URLSearchParams(query)} HTTP/1.1\r\n${lines.join("")}\r\n`);
        throw new Error("caught instead of sent");
      },
    { relation: "after", toMiddleware: "httpSigningMiddleware", name: "catch" },
  );
  await once.send(new GetObjectCommand({ Bucket, Key })).catch(() => undefined);
  return await signed.promise;
}

/** Files of objects that this process has open. */
function openObjects(): string[] {
  const paths = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return paths.filter((path) => path.startsWith(at("home/s3/objects")));
}
