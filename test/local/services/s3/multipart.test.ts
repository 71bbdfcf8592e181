import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const Bucket = "parts";
const FIVE_MB = Buffer.alloc(5 * 1024 * 1024, "a");
const directory = temporaryFolder("s3");
let home: Home;
let client: S3Client;

beforeAll(async () => {
  home = await openHome({ directory, services: [s3] });
  await home.start();
  client = new S3Client(home.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  client.destroy();
  await home.close();
});

async function begin(Key: string) {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "text/csv", Metadata: { by: "parts" } }),
  );
  return { Bucket, Key, UploadId };
}

const md5 = (data: Buffer) => createHash("md5").update(data).digest();

describe("an upload in parts", () => {
  it("becomes one object whose ETag names its parts", async () => {
    const upload = await begin("whole");
    const one = await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: FIVE_MB }));
    const two = await client.send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: "tail" }));
    const listed = await client.send(new ListPartsCommand(upload));
    expect(listed.Parts?.map(({ Size }) => Size)).toEqual([FIVE_MB.length, 4]);
    const done = await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: {
          Parts: [
            { PartNumber: 1, ETag: one.ETag },
            { PartNumber: 2, ETag: two.ETag },
          ],
        },
      }),
    );
    const expected = createHash("md5")
      .update(md5(FIVE_MB))
      .update(md5(Buffer.from("tail")))
      .digest("hex");
    expect(done.ETag).toBe(`"${expected}-2"`);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "whole", PartNumber: 2 }));
    expect(head).toMatchObject({ PartsCount: 2, ContentLength: 4, ContentType: "text/csv", Metadata: { by: "parts" } });
    const last = await client.send(new GetObjectCommand({ Bucket, Key: "whole", Range: "bytes=-6" }));
    expect(await last.Body?.transformToString()).toBe("aatail");
    await expect(client.send(new ListPartsCommand(upload))).rejects.toMatchObject({ name: "NoSuchUpload" });
  });

  it("takes a part from another object", async () => {
    const upload = await begin("copied");
    const part = await client.send(
      new UploadPartCopyCommand({
        ...upload,
        PartNumber: 1,
        CopySource: `${Bucket}/whole`,
        CopySourceRange: "bytes=0-2",
      }),
    );
    await client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.CopyPartResult?.ETag }] },
      }),
    );
    const copied = await client.send(new GetObjectCommand({ Bucket, Key: "copied" }));
    expect(await copied.Body?.transformToString()).toBe("aaa");
  });

  it("is refused with parts that are missing, out of order or too small", async () => {
    const upload = await begin("refused");
    const one = await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: "small" }));
    const two = await client.send(new UploadPartCommand({ ...upload, PartNumber: 2, Body: "small" }));
    const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    await expect(complete({ PartNumber: 3, ETag: one.ETag })).rejects.toMatchObject({ name: "InvalidPart" });
    await expect(complete({ PartNumber: 2, ETag: two.ETag }, { PartNumber: 1, ETag: one.ETag })).rejects.toMatchObject({
      name: "InvalidPartOrder",
    });
    await expect(complete({ PartNumber: 1, ETag: one.ETag }, { PartNumber: 2, ETag: two.ETag })).rejects.toMatchObject({
      name: "EntityTooSmall",
    });
  });

  it("is listed until it is aborted", async () => {
    const upload = await begin("aborted");
    const before = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "aborted" }));
    expect(before.Uploads?.map(({ UploadId }) => UploadId)).toEqual([upload.UploadId]);
    await client.send(new AbortMultipartUploadCommand(upload));
    const after = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "aborted" }));
    expect(after.Uploads).toBeUndefined();
  });
});
