import { createHash } from "node:crypto";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSignatureVersion2 } from "../../../local/endpoint/sigv2.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { s3 } from "../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { presignVersion2, presignVersion4, signForm } from "./presign.ts";

const directory = temporaryFolder("presigned");
const HOUR_MS = 3_600_000;
let home: Home;
let client: S3Client;

beforeAll(async () => {
  home = await openHome({ directory, services: [s3] });
  await home.start();
  client = new S3Client(home.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket: "data" }));
  await client.send(new PutObjectCommand({ Bucket: "data", Key: "a b.txt", Body: "hello" }));
});

afterAll(async () => {
  client.destroy();
  await home.close();
});

const keys = () => home.clientConfig().credentials;
const inAnHour = () => Math.floor((Date.now() + HOUR_MS) / 1000);
const stored = async (Key: string) => {
  const { Body, ContentType, Metadata } = await client.send(new GetObjectCommand({ Bucket: "data", Key }));
  return { text: await Body?.transformToString(), ContentType, Metadata };
};

describe("a URL presigned by version 2", () => {
  const url = (method: string, path: string, more = {}, expires = inAnHour()) =>
    presignVersion2(keys(), { endpoint: home.endpoint, method, path, ...more }, expires);

  it("is read as in AWS's example", () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html, "Query string request authentication alternative"
    const query = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
    const request = {
      method: "GET",
      rawPath: "/johnsmith/photos/puppy.jpg",
      query: new URLSearchParams(query),
      headers: { host: "127.0.0.1" },
    };
    const signature = readSignatureVersion2(request, 1_175_139_000_000);
    expect(signature.accessKeyId).toBe("AKIAIOSFODNN7EXAMPLE");
    expect(() => signature.verify("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "")).not.toThrow();
    expect(() => signature.verify("another", "")).toThrow("does not match");
  });

  it("gets an object, under the headers it asks for", async () => {
    const query = { "response-content-disposition": "inline; x=1", "response-content-type": "text/csv" };
    const answer = await fetch(url("GET", "/data/a%20b.txt", { query }));
    expect(await answer.text()).toBe("hello");
    expect(answer.headers.get("content-type")).toBe("text/csv");
    expect(answer.headers.get("content-disposition")).toBe("inline; x=1");
  });

  it("puts one of the type and with the metadata it carries, and of no other type", async () => {
    const asked = url("PUT", "/data/put", { contentType: "text/csv", query: { "x-amz-meta-a": "1" } });
    const type = (value: string) => ({ method: "PUT", body: "1,2", headers: { "content-type": value } });
    expect((await fetch(asked, type("text/plain"))).status).toBe(403);
    expect((await fetch(asked, type("text/csv"))).status).toBe(200);
    expect(await stored("put")).toEqual({ text: "1,2", ContentType: "text/csv", Metadata: { a: "1" } });
  });

  it("is refused past its end, changed, or used for another method", async () => {
    const past = await fetch(url("GET", "/data/a%20b.txt", {}, inAnHour() - 7200));
    expect([past.status, await past.text()]).toEqual([403, expect.stringContaining("<Message>Request has expired<")]);
    const good = url("GET", "/data/a%20b.txt");
    for (const refused of [fetch(good.replace("a%20b", "other")), fetch(good, { method: "DELETE" })])
      expect(await (await refused).text()).toContain("<Code>SignatureDoesNotMatch</Code>");
  });
});

describe("a URL presigned by version 4", () => {
  it("carries as query what would be headers", async () => {
    const query = { "x-amz-meta-a": "1", "x-amz-tagging": "k=v", "x-amz-storage-class": "STANDARD_IA" };
    const url = presignVersion4(
      keys(),
      { endpoint: home.endpoint, method: "PUT", path: "/data/hoisted", query },
      new Date(),
    );
    expect((await fetch(url, { method: "PUT", body: "x" })).status).toBe(200);
    const { Metadata, TagCount, StorageClass } = await client.send(
      new GetObjectCommand({ Bucket: "data", Key: "hoisted" }),
    );
    expect({ Metadata, TagCount, StorageClass }).toEqual({
      Metadata: { a: "1" },
      TagCount: 1,
      StorageClass: "STANDARD_IA",
    });
  });
});

describe("an upload by form", () => {
  const base = () => [{ bucket: "data" }, ["starts-with", "$key", "up/"]];

  function send(fields: Record<string, string>, text: string, bucket = "data"): Promise<Response> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new Blob([text]), "loans ü.csv");
    return fetch(`${home.endpoint}/${bucket}`, { method: "POST", body: form });
  }

  function signed(version: 2 | 4, conditions: unknown[] = [], endsInMs = HOUR_MS) {
    return signForm(keys(), version, [...base(), ...conditions], new Date(Date.now() + endsInMs));
  }

  it.each([2, 4] as const)("with a policy of version %i stores the file under the form's fields", async (version) => {
    const own = { "Content-Type": "text/csv", "x-amz-meta-a": "1" };
    const conditions = [
      { "content-type": "text/csv" },
      ["starts-with", "$x-amz-meta-a", ""],
      ["content-length-range", 1, 9],
    ];
    const answer = await send({ key: `up/${version}-\${filename}`, ...own, ...signed(version, conditions) }, "1,2");
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(answer.headers.get("etag")).toBe(`"${createHash("md5").update("1,2").digest("hex")}"`);
    expect(await stored(`up/${version}-loans ü.csv`)).toEqual({
      text: "1,2",
      ContentType: "text/csv",
      Metadata: { a: "1" },
    });
  });

  it("is told where the object is, or sent on", async () => {
    const told = { success_action_status: "201" };
    const answer = await send({ key: "up/a&b", ...told, ...signed(4, [told]) }, "x");
    expect(answer.status).toBe(201);
    expect(await answer.text()).toContain("<Bucket>data</Bucket><Key>up/a&amp;b</Key>");
  });

  it.each([
    ["another key", { key: "down" }, [], 'Policy Condition failed: ["starts-with","$key","up/"]'],
    ["a field the policy does not name", { "x-amz-meta-b": "1" }, [], "Extra input fields: x-amz-meta-b"],
    [
      "another value",
      { acl: "private" },
      [{ acl: "public-read" }],
      'Policy Condition failed: ["eq","$acl","public-read"]',
    ],
    ["too much", {}, [["content-length-range", 0, 2]], "exceeds the maximum allowed size"],
    ["too little", {}, [["content-length-range", 4, 9]], "smaller than the minimum allowed size"],
    ["a changed policy", { policy: "e30=" }, [], "does not match the signature you provided"],
  ])("with %s is refused", async (_what, fields, conditions, message) => {
    const answer = await send({ key: "up/refused", ...signed(4, conditions), ...fields }, "1,2");
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await answer.text()).replaceAll("&quot;", '"')).toContain(message);
    await expect(stored("up/refused")).rejects.toThrow();
  });

  it("past its policy's end, to another bucket, without a policy, a key or a file is refused", async () => {
    const codes = [
      send({ key: "up/x", ...signed(4, [], -1) }, "x"),
      send({ key: "up/x", ...signed(4) }, "x", "other"),
      send({ key: "up/x" }, "x"),
      send(signed(4), "x"),
      fetch(`${home.endpoint}/data`, {
        method: "POST",
        body: "x",
        headers: { "content-type": "multipart/form-data; boundary=y" },
      }),
    ].map(async (answer) => /<Code>(.*)<\/Code>/.exec(await (await answer).text())?.[1]);
    const denied = "AccessDenied";
    expect(await Promise.all(codes)).toEqual([denied, denied, denied, "InvalidArgument", "MalformedPOSTRequest"]);
  });
});
