import { createHash, createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../../local/aws-error.ts";
import { createChunkSignatures } from "../../../local/endpoint/chunk-signatures.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { standInS3 } from "../stand-in-services.ts";
import { beforeSigning, sendInstead } from "./send-instead.ts";

let seen: string[] = [];

const s3 = standInS3({
  PutObject: {
    authorize: () => [],
    async handle(input) {
      if (input.Key === "refused") throw new AwsError("AccessDenied", "Access Denied", { status: 403 });
      const body = input.Body instanceof Readable ? await input.Body.toArray() : [];
      seen.push(Buffer.concat(body).toString());
      return {};
    },
  },
});

const directory = temporaryFolder("chunked");
let home: Home;
beforeAll(async () => {
  home = await openHome({ directory, services: [s3] });
});
beforeEach(() => {
  seen = [];
});
afterAll(() => home.close());

function client(): S3Client {
  return new S3Client({ ...home.clientConfig(), maxAttempts: 1, requestChecksumCalculation: "WHEN_REQUIRED" });
}

const CHECKSUM = { "x-amz-trailer": "x-amz-checksum-crc32" };
const TRAILER = "x-amz-checksum-crc32:NhCmhg==\r\n";

describe("an unsigned body in aws-chunked", () => {
  function upload(coded: string, headers: Record<string, string>, Key = "k"): Promise<unknown> {
    const s3Client = client();
    const unsigned = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", ...headers };
    s3Client.middlewareStack.add(sendInstead(coded, unsigned), beforeSigning);
    return s3Client.send(new PutObjectCommand({ Bucket: "b", Key, Body: "replaced" }));
  }
  const five = { "x-amz-decoded-content-length": "5", ...CHECKSUM };
  const good = `5\r\nhello\r\n0\r\n${TRAILER}\r\n`;

  it("is decoded", async () => {
    await upload(good, five);
    expect(seen).toEqual(["hello"]);
  });

  it.each([
    ["is shorter than declared", good, { ...five, "x-amz-decoded-content-length": "7" }, "IncompleteBody"],
    ["is longer than declared", good, { ...five, "x-amz-decoded-content-length": "4" }, "IncompleteBody"],
    ["ends in a chunk", "5\r\nhel", five, "IncompleteBody"],
    ["ends without its last line", good.slice(0, -2), five, "IncompleteBody"],
    ["goes on after its end", `${good}0\r\n\r\n`, five, "IncompleteBody"],
    ["has lines without a carriage return", good.replaceAll("\r", ""), five, "IncompleteBody"],
    ["has a chunk longer than its size", good.replace("hello", "hello!"), five, "IncompleteBody"],
    ["has garbage for a size", good.replace("5\r", "five\r"), five, "IncompleteBody"],
    ["has a line without end", "5".repeat(100_000), five, "IncompleteBody"],
    ["has a small chunk before its last", `2\r\nhe\r\n3\r\nllo\r\n0\r\n${TRAILER}\r\n`, five, "InvalidChunkSizeError"],
    ["lacks a trailer", good.replace(TRAILER, ""), five, "MalformedTrailerError"],
    ["has a trailer not announced", good.replace("crc32", "sha1"), five, "MalformedTrailerError"],
    ["has trailers without end", `0\r\n${TRAILER.repeat(100)}\r\n`, five, "MalformedTrailerError"],
    ["announces no trailer", good, { "x-amz-decoded-content-length": "5" }, "MalformedTrailerError"],
    ["does not say its length", good, CHECKSUM, "MissingContentLength"],
  ])("is refused when it %s", async (_what, coded, headers, name) => {
    await expect(upload(coded, headers)).rejects.toMatchObject({ name });
    expect(seen).toEqual([]);
  });

  it("names the small chunk as S3 does", async () => {
    const small = `2\r\nhe\r\n3\r\nllo\r\n0\r\n${TRAILER}\r\n`;
    await expect(upload(small, five)).rejects.toMatchObject({ Chunk: "2", BadChunkSize: "2" });
  });

  it("may break after its request was refused: the home goes on", async () => {
    const huge = { "x-amz-decoded-content-length": "99999999999999", ...CHECKSUM };
    await expect(upload("ffffffffffff\r\nhello", huge, "refused")).rejects.toMatchObject({ name: "AccessDenied" });
    await upload(good, five);
    expect(seen).toEqual(["hello"]);
  });
});

/** A body whose chunks are signed one after the other, as S3's documentation describes it. */
function signedBody(authorization: string, timestamp: string, chunks: readonly string[], trailer?: string): string {
  const [, scope = ""] = /Credential=[^/]+\/([^,]+)/.exec(authorization) ?? [];
  let [, previous = ""] = /Signature=(.*)/.exec(authorization) ?? [];
  const { secretAccessKey } = home.clientConfig().credentials;
  const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const key = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const sign = (kind: string, ...rest: string[]) => {
    const toSign = [`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, previous, ...rest].join("\n");
    previous = hmac(key, toSign).toString("hex");
    return previous;
  };
  const lines = [...chunks, ""].map(
    (text) => `${text.length.toString(16)};chunk-signature=${sign("PAYLOAD", sha256(""), sha256(text))}\r\n${text}`,
  );
  if (trailer === undefined) return `${lines.join("\r\n")}\r\n`;
  const signature = sign("TRAILER", sha256(trailer.replace("\r", "")));
  return `${lines.join("\r\n")}${trailer}x-amz-trailer-signature:${signature}\r\n\r\n`;
}

describe("a body in aws-chunked whose chunks are signed", () => {
  const chunks = ["a".repeat(8192), "b".repeat(8192), "c"];

  function upload(trailer: string | undefined, tamper: (coded: string) => string): Promise<unknown> {
    const s3Client = client();
    const placeholder = signedBody("Credential=k/a/b/c/d, Signature=", "", chunks, trailer);
    const streaming = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? "" : "-TRAILER"}`;
    const headers = {
      "content-encoding": "aws-chunked",
      "x-amz-content-sha256": streaming,
      "x-amz-decoded-content-length": String(chunks.join("").length),
      ...(trailer === undefined ? {} : CHECKSUM),
    };
    s3Client.middlewareStack.add(sendInstead(placeholder, headers), beforeSigning);
    s3Client.middlewareStack.addRelativeTo(
      <Args extends { request: unknown }, Result>(next: (args: Args) => Result) =>
        (args: Args): Result => {
          const request = Object(args.request);
          const { authorization, "x-amz-date": timestamp } = request.headers;
          request.body = tamper(signedBody(authorization, timestamp, chunks, trailer));
          return next(args);
        },
      { relation: "after", toMiddleware: "httpSigningMiddleware", name: "signChunks" },
    );
    return s3Client.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "replaced" }));
  }
  const asSigned = (coded: string) => coded;
  const swapped = (coded: string) =>
    coded.replace(/[0-9a-f]{64}(?=\r\na)/, (signature) => signature.split("").reverse().join(""));

  it.each([
    ["no trailer", undefined],
    ["a trailer", TRAILER],
  ])("is taken in with %s", async (_what, trailer) => {
    await upload(trailer, asSigned);
    expect(seen).toEqual([chunks.join("")]);
  });

  it.each<[string, string | undefined, (coded: string) => string]>([
    ["a byte changed", undefined, (coded) => coded.replace("\r\nbbb", "\r\nbxb")],
    ["a byte of its last chunk changed", undefined, (coded) => coded.replace("\r\nc\r\n", "\r\nd\r\n")],
    ["a chunk's signature changed", undefined, swapped],
    ["a chunk's signature left out", undefined, (coded) => coded.replace(/;chunk-signature=\w+/, "")],
    ["its last, empty chunk not signed", undefined, (coded) => coded.replace(/\r\n0;chunk-signature=\w+/, "\r\n0")],
    ["its trailer changed", TRAILER, (coded) => coded.replace("NhCmhg", "AhCmhg")],
    ["its trailer's signature left out", TRAILER, (coded) => coded.replace(/x-amz-trailer-signature:\w+\r\n/, "")],
  ])("is refused with %s", async (_what, trailer, tamper) => {
    await expect(upload(trailer, tamper)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    expect(seen).toEqual([]);
  });

  it("is checked against the examples of S3's documentation", () => {
    const key = ["20130524", "us-east-1", "s3", "aws4_request"].reduce<Buffer | string>(
      (from, text) => createHmac("sha256", from).update(text).digest(),
      "AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    );
    const signatures = createChunkSignatures({
      key: Buffer.from(key),
      timestamp: "20130524T000000Z",
      credentialScope: "20130524/us-east-1/s3/aws4_request",
      seed: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    });
    signatures.update(Buffer.alloc(65_536, "a"));
    signatures.endChunk("b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2");
    signatures.update(Buffer.alloc(1024, "a"));
    signatures.endChunk("1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7");
    signatures.endChunk("2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992");
    const trailer = "x-amz-checksum-crc32c:sOO8/Q==\n";
    signatures.endTrailers(trailer, "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435");
    expect(() => signatures.endChunk("0".repeat(64))).toThrow(AwsError);
  });
});
