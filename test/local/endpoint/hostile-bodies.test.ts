import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { DeleteObjectsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { standInS3, standInStates } from "../stand-in-services.ts";
import { beforeSigning, sendInstead } from "./send-instead.ts";

let seen: Record<string, unknown>[] = [];
const anyone = () => [];

const states = standInStates({
  authorize: anyone,
  handle(input) {
    seen.push({ ...input });
    return { executionArn: "arn:x", startDate: new Date(0) };
  },
});

const s3 = standInS3({
  PutObject: {
    authorize: anyone,
    async handle(input) {
      const body = input.Body instanceof Readable ? await input.Body.toArray() : [];
      seen.push({ ...input, Body: Buffer.concat(body).toString() });
      return {};
    },
  },
  DeleteObjects: { authorize: anyone, handle: () => ({}) },
});

const directory = temporaryFolder("endpoint");
let home: Home;
beforeAll(async () => {
  home = await openHome({ directory, services: [states, s3] });
});
beforeEach(() => {
  seen = [];
});
afterAll(() => home.close());

describe("a body no client library would send", () => {
  async function start(body: Uint8Array, headers: Record<string, string> = {}): Promise<void> {
    const client = new SFNClient({ ...home.clientConfig(), maxAttempts: 1 });
    client.middlewareStack.add(sendInstead(body, headers), beforeSigning);
    await client.send(new StartExecutionCommand({ stateMachineArn: "arn:m" }));
  }

  it.each([
    ["nested 100,000 deep", `{"input":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "nested deeper than 256 levels"],
    ["an array", "[]", "expected a JSON object"],
    ["null", " null", "expected a JSON object"],
    ["not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "expected UTF-8"],
  ])("answers SerializationException to a body that is %s", async (_what, body, why) => {
    await expect(start(Buffer.from(body))).rejects.toMatchObject({
      name: "SerializationException",
      message: expect.stringContaining(why),
    });
    expect(seen).toEqual([]);
  });

  it("does not count brackets inside strings as nesting", async () => {
    const input = `\\"${"[{".repeat(1000)}`;
    const client = new SFNClient(home.clientConfig());
    await client.send(new StartExecutionCommand({ stateMachineArn: "arn:m", input }));
    expect(seen[0]).toEqual({ stateMachineArn: "arn:m", input });
  });

  it("reads a gzipped body, and refuses one that unpacks beyond the limit", async () => {
    const gzip = { "content-encoding": "gzip" };
    await start(gzipSync('{"stateMachineArn":"arn:zip"}'), gzip);
    expect(seen[0]).toEqual({ stateMachineArn: "arn:zip" });
    const bomb = gzipSync(Buffer.alloc(26 * 1024 * 1024, " "));
    await expect(start(bomb, gzip)).rejects.toMatchObject({ name: "RequestEntityTooLargeException" });
  });

  it("keeps metadata named like a property of every object", async () => {
    const Metadata = Object.fromEntries([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
    await new S3Client(home.clientConfig()).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x", Metadata }));
    expect(Object.entries(Object(seen[0]?.Metadata))).toEqual(Object.entries(Metadata));
  });

  it.each([
    ["a list for a string", '{"stateMachineArn":["arn:m"]}', "Start of list found where not expected"],
    [
      "a number for a string",
      '{"stateMachineArn":1}',
      "NUMBER_VALUE cannot be converted to String (at stateMachineArn)",
    ],
    ["a fraction for a string", '{"input":1.5}', "DECIMAL_VALUE cannot be converted to String"],
    ["a truth value for a string", '{"name":true}', "TRUE_VALUE cannot be converted to String"],
    ["a structure for a string", '{"name":{}}', "Start of structure or map found where not expected"],
    ["the second of two values", '{"name":"a","name":1}', "NUMBER_VALUE cannot be converted to String"],
  ])("answers SerializationException to %s", async (_what, body, message) => {
    await expect(start(Buffer.from(body))).rejects.toMatchObject({
      name: "SerializationException",
      message: expect.stringContaining(message),
    });
    expect(seen).toEqual([]);
  });

  it("takes members named like properties of every object for what they are: unknown", async () => {
    await start(Buffer.from('{"__proto__":{"input":"{}"},"constructor":{"prototype":{"input":"{}"}},"name":null}'));
    expect(seen).toEqual([expect.not.objectContaining({ input: "{}" })]);
    expect(Object.hasOwn(Object.prototype, "input")).toBe(false);
  });

  it.each([
    ["a document type", '<!DOCTYPE a [<!ENTITY k SYSTEM "file:///etc/hosts">]><Delete>&k;</Delete>', "a DOCTYPE"],
    ["a document type in small letters", '<!doctype a [<!ENTITY k "k">]><Delete>&k;</Delete>', "a DOCTYPE"],
    ["200,000 levels", `${"<a>".repeat(200_000)}${"</a>".repeat(200_000)}`, "nested deeper than 256 levels"],
    ["bytes that are not UTF-8", Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]), "expected UTF-8"],
    ["no end", "<Delete><Object>", "cannot be read"],
  ])("answers MalformedXML to XML with %s", async (_what, document, why) => {
    const client = new S3Client({ ...home.clientConfig(), maxAttempts: 1 });
    client.middlewareStack.add(sendInstead(document), beforeSigning);
    await expect(
      client.send(new DeleteObjectsCommand({ Bucket: "b", Delete: { Objects: [{ Key: "k" }] } })),
    ).rejects.toMatchObject({ name: "MalformedXML", message: expect.stringContaining(why) });
  });
});
