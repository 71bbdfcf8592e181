import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineService } from "../../../local/define-service.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { standInStates } from "../stand-in-services.ts";

const states = standInStates({
  authorize: () => [],
  handle: () => ({ executionArn: "arn:x", startDate: new Date(0) }),
});
const s3 = defineService<typeof import("@aws-sdk/client-s3")>({
  name: "s3",
  signingName: "s3",
  iamPrefix: "s3",
  sdk: () => import("@aws-sdk/client-s3"),
  create: () => ({ operations: { PutObject: { authorize: () => [], handle: () => ({}) } } }),
});

const directory = temporaryFolder("signed");
let home: Home;
beforeAll(async () => {
  home = await openHome({ directory, services: [states, s3] });
});
afterAll(() => home.close());

const afterSigning = { relation: "after", toMiddleware: "httpSigningMiddleware", name: "changeSigned" } as const;

/** Middleware that changes the headers of a request which is signed already. */
function changeHeaders(change: (headers: Record<string, string>) => void) {
  return <Args extends { request: unknown }, Result>(next: (args: Args) => Result) =>
    (args: Args): Result => {
      change(Object(args.request).headers);
      return next(args);
    };
}

function put(change: (headers: Record<string, string>) => void): Promise<unknown> {
  const client = new S3Client({ ...home.clientConfig(), maxAttempts: 1 });
  client.middlewareStack.addRelativeTo(changeHeaders(change), afterSigning);
  return client.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" }));
}

function start(change: (headers: Record<string, string>) => void): Promise<unknown> {
  const client = new SFNClient({ ...home.clientConfig(), maxAttempts: 1 });
  client.middlewareStack.addRelativeTo(changeHeaders(change), afterSigning);
  return client.send(new StartExecutionCommand({ stateMachineArn: "arn:m" }));
}

describe("headers added to a signed request", () => {
  it("are refused by S3 when they are x-amz-*, and named", async () => {
    const acl = put((headers) => {
      headers["x-amz-acl"] = "public-read";
      headers["x-amz-meta-a"] = "1";
    });
    await expect(acl).rejects.toMatchObject({
      name: "AccessDenied",
      message: "There were headers present in the request which were not signed",
      HeadersNotSigned: "x-amz-acl, x-amz-meta-a",
    });
  });

  it("are refused by other services in theirs", async () => {
    const token = start((headers) => {
      headers["x-amz-security-token"] = "other";
    });
    await expect(token).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });

  it("pass when no service acts on them: proxies add such", async () => {
    await start((headers) => {
      headers["x-amzn-trace-id"] = "Root=1";
      headers["x-forwarded-for"] = "127.0.0.1";
    });
  });
});

describe("a signature that leaves out the host", () => {
  const withoutHost = (headers: Record<string, string>) => {
    headers.authorization = (headers.authorization ?? "").replace("host;", "");
  };

  it("is refused as S3 refuses it", async () => {
    await expect(put(withoutHost)).rejects.toMatchObject({ name: "AccessDenied", HeadersNotSigned: "host" });
  });

  it("is refused as other services refuse it", async () => {
    await expect(start(withoutHost)).rejects.toMatchObject({
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });
});

describe("a refusal", () => {
  it("is written in the protocol of the service that was asked for", async () => {
    const authorization = `AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
    const form = { authorization, "content-type": "application/x-www-form-urlencoded" };
    const refused = await fetch(`${home.endpoint}/b/k`, { method: "PUT", headers: form, body: "x" });
    expect(await refused.text()).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>/);
  });
});

describe("x-amz-content-sha256 of an upload", () => {
  it.each([
    ["a hash it is not", "0".repeat(63), "InvalidArgument"],
    ["a kind of signature that is not built", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "NotImplemented"],
  ])("is refused when it is %s", async (_what, hash, name) => {
    const sent = put((headers) => {
      headers["x-amz-content-sha256"] = hash;
    });
    await expect(sent).rejects.toMatchObject({ name });
  });

  it("is required", async () => {
    const sent = put((headers) => {
      delete headers["x-amz-content-sha256"];
    });
    await expect(sent).rejects.toMatchObject({
      name: "InvalidRequest",
      message: "Missing required header for this request: x-amz-content-sha256",
    });
  });
});
