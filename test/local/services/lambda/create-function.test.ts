import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type FunctionHome, openFunctionHome, ROLE } from "./function-home.ts";

/** Arguments after the script: the archive, then name and text of each entry. */
const ZIPPER = `
import sys, zipfile
path, *rest = sys.argv[1:]
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, text in zip(rest[::2], rest[1::2]):
        if name.startswith("link:"):
            info = zipfile.ZipInfo(name[5:])
            info.create_system, info.external_attr = 3, 0o120777 << 16
            archive.writestr(info, text)
        else:
            archive.writestr(name, "0" * int(text[6:]) if text.startswith("zeros:") else text)
`;

describe("functions made by a client", () => {
  let functions: FunctionHome;
  let client: LambdaClient;
  let folder: string;
  beforeEach(async () => {
    folder = temporaryFolder("zip");
    functions = await openFunctionHome([s3]);
    client = new LambdaClient(functions.home.clientConfig());
  });
  afterEach(() => functions.close());
  const zip = (...entries: string[]): Uint8Array => {
    const path = join(folder, "code.zip");
    execFileSync("python3", ["-c", ZIPPER, path, ...entries]);
    return readFileSync(path);
  };
  const saying = (word: string) => zip("lib/word.js", `exports.word = "${word}";`, "main.js", MAIN);
  const MAIN = 'const { word } = require("./lib/word.js"); exports.handler = async () => word;';
  const create = (more: Partial<CreateFunctionCommandInput>) =>
    client.send(
      new CreateFunctionCommand({
        FunctionName: "made",
        Role: ROLE,
        Handler: "main.handler",
        Runtime: "nodejs24.x",
        Code: { ZipFile: saying("first") },
        ...more,
      }),
    );
  const said = async (FunctionName = "made") => {
    const { Payload } = await client.send(new InvokeCommand({ FunctionName }));
    return JSON.parse(Payload?.transformToString() ?? "null");
  };

  it("run from their zip, and from another once it is uploaded", async () => {
    const code = saying("first");
    const made = await create({ Code: { ZipFile: code } });
    expect(made.CodeSha256).toBe(createHash("sha256").update(code).digest("base64"));
    await waitUntilFunctionActiveV2({ client, maxWaitTime: 5 }, { FunctionName: "made" });
    expect(await said()).toBe("first");
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: "made", ZipFile: saying("second") }));
    expect(await said()).toBe("second");
  });

  it("hand out the zip they came from, by a URL that only holds as it is", async () => {
    const [code, second] = [saying("first"), saying("second")];
    await create({ Code: { ZipFile: code }, Publish: true });
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: "made", ZipFile: second }));
    const location = async (Qualifier: string) => {
      const { Code } = await client.send(new GetFunctionCommand({ FunctionName: "made", Qualifier }));
      expect(Code?.RepositoryType).toBe("S3");
      return new URL(Code?.Location ?? "");
    };
    const first = await location("1");
    expect(first.hostname).toBe("127.0.0.1");
    expect(Buffer.from(await (await fetch(first)).arrayBuffer())).toEqual(Buffer.from(code));
    expect(Buffer.from(await (await fetch(await location("$LATEST"))).arrayBuffer())).toEqual(Buffer.from(second));
    const elsewhere = new URL(first);
    elsewhere.pathname = `/snapshots/${Buffer.from(folder).toString("base64url")}`;
    const later = new URL(first);
    later.searchParams.set("ends", "9999999999999");
    for (const changed of [elsewhere, later, new URL("/", first)]) expect((await fetch(changed)).status).toBe(403);
  });

  it("keep the code of the version they were published with", async () => {
    expect(await create({ Publish: true })).toMatchObject({ Version: "1" });
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: "made", ZipFile: saying("second") }));
    expect([await said("made:1"), await said()]).toEqual(["first", "second"]);
  });

  it("leave the code as it is on a dry run", async () => {
    await create({});
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: "made", ZipFile: saying("other"), DryRun: true }));
    expect(await said()).toBe("first");
  });

  it("take their zip from a bucket of the home", async () => {
    const objects = new S3Client({ ...functions.home.clientConfig(), forcePathStyle: true });
    await objects.send(new CreateBucketCommand({ Bucket: "code-of-mine" }));
    await objects.send(new PutObjectCommand({ Bucket: "code-of-mine", Key: "a.zip", Body: saying("stored") }));
    await create({ Code: { S3Bucket: "code-of-mine", S3Key: "a.zip" } });
    expect(await said()).toBe("stored");
    await expect(create({ FunctionName: "no", Code: { S3Bucket: "code-of-mine", S3Key: "b.zip" } })).rejects.toThrow(
      "Error occurred while GetObject. S3 Error Code: NoSuchKey.",
    );
  });

  it("are made once under a name, until they are deleted", async () => {
    await create({});
    await expect(create({})).rejects.toMatchObject({
      name: "ResourceConflictException",
      message: "Function already exist: made",
    });
    await client.send(new DeleteFunctionCommand({ FunctionName: "made" }));
    await create({});
    expect(await said()).toBe("first");
  });

  it.each<[string, Partial<CreateFunctionCommandInput>, RegExp]>([
    ["another language", { Runtime: "python3.14" }, /^Runtime: this home runs nodejs/],
    ["an image", { PackageType: "Image" }, /container images are not run here/],
    ["a timeout too long", { Timeout: 901 }, /^Timeout: /],
    ["no code", { Code: {} }, /Please provide a source for function code/],
    ["a name with spaces", { FunctionName: "a b" }, /^functionName: /],
    [
      "a role that does not trust Lambda",
      { Role: "arn:aws:iam::000000000000:role/none" },
      /cannot be assumed by Lambda/,
    ],
    [
      "bytes that are no zip",
      { Code: { ZipFile: Buffer.from("exports.handler = 1") } },
      /^Could not unzip uploaded file/,
    ],
  ])("are refused with %s", async (_, more, message) => {
    await expect(create(more)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["a path that leads out of it", ["../../out.js", "x"], /^Could not unzip uploaded file/],
    ["an absolute path", ["/tmp/out.js", "x"], /^Could not unzip uploaded file/],
    ["a symbolic link", ["link:main.js", "/etc/hosts"], /main.js is a symbolic link/],
    ["more than Lambda unpacks", ["main.js", "zeros:262144001"], /Unzipped size must be smaller than 262144000 bytes/],
  ])("are refused from a zip with %s", async (_, entries, message) => {
    await expect(create({ Code: { ZipFile: zip(...entries) } })).rejects.toThrow(message);
  });
});
