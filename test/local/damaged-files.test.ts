import { readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { applyAssembly } from "../../local/assembly/index.ts";
import { openHome } from "../../local/home.ts";
import { findRunningHome } from "../../local/running.ts";
import { s3 } from "../../local/services/s3/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { writeAssembly } from "./assembly/sample-assembly.ts";

describe("a home one of whose files was damaged", () => {
  let directory: string;
  let logged: string[];
  const open = () => openHome({ directory, services: [s3], log: (_level, message) => void logged.push(message) });
  beforeEach(() => {
    directory = temporaryFolder("damaged");
    logged = [];
  });

  it.each([
    {
      file: "credentials.json",
      text: '{"accessKeyId":"AK',
      says: "cannot be read",
      do: "put back a copy, or remove it",
    },
    { file: "credentials.json", text: "{}", says: "cannot be read", do: "put back a copy, or remove it" },
    { file: "lock.db", text: "no database at all", says: "is damaged", do: "remove it and start again" },
  ])(
    "is refused with $file's name and what to do, and opens again once that is done",
    async ({ file, text, ...words }) => {
      await (await open()).close();
      const path = join(directory, file);
      writeFileSync(path, text);
      await expect(open()).rejects.toThrow(`${path} ${words.says}`);
      await expect(open()).rejects.toThrow(words.do);
      expect(findRunningHome(directory)).toBeUndefined();
      rmSync(path);
      await (await open()).close();
    },
  );

  it.each(["removed", "moved"])(
    "sees that its folder was %s, and leaves the next one in its place alone",
    async (how) => {
      const home = await open();
      await home.start();
      if (how === "removed") rmSync(directory, { recursive: true });
      else renameSync(directory, `${directory}-moved`);
      const next = await open();
      await next.start();
      await home.displaced;
      await home.close();
      expect(findRunningHome(directory)).toMatchObject({ endpoint: next.endpoint });
      await next.close();
      rmSync(`${directory}-moved`, { recursive: true, force: true });
    },
  );

  it("is found by other processes all the same, when its note of where it answers is cut off", async () => {
    const home = await open();
    await home.start();
    writeFileSync(join(directory, "home.json"), '{"endpoint":');
    expect(findRunningHome(directory)).toBe("starting");
    await home.close();
    expect(findRunningHome(directory)).toBeUndefined();
  });

  it.each([
    { name: "is missing", damage: (path: string) => rmSync(path) },
    { name: "has 2 bytes", damage: (path: string) => truncateSync(path, 2) },
  ])("answers for an object whose file $name with that file's name", async ({ name, damage }) => {
    const home = await open();
    const client = new S3Client({ ...home.clientConfig(), maxAttempts: 1 });
    await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
    await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "whole" }));
    const objects = join(directory, "s3", "objects");
    const [folder = ""] = readdirSync(objects);
    const [file = ""] = readdirSync(join(objects, folder));
    const path = join(objects, folder, file);
    damage(path);
    const words = `${path}, which holds s3://bucket/key, ${name}; expected 5 bytes`;
    const read = client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
    await expect(read).rejects.toMatchObject({ name: "InternalError", message: expect.stringContaining(words) });
    expect(logged).toContainEqual(expect.stringContaining(words));
    await home.close();
  });

  it.each([
    { name: "were cleared away", damage: (assets: string) => rmSync(assets, { recursive: true }) },
    { name: "have a damaged index", damage: (assets: string) => writeFileSync(join(assets, "index.json"), '{"a') },
  ])("puts an assembly's assets back that $name", async ({ damage }) => {
    const destinations = { there: { bucketName: "assets", objectKey: "code.zip" } };
    const assembly = writeAssembly(
      { app: {} },
      {
        files: { "asset.code/index.js": "code" },
        assets: { code: { source: { path: "asset.code", packaging: "zip" }, destinations } },
      },
    );
    const home = await open();
    const apply = () => applyAssembly({ directory: assembly, home: home.ports, resourceTypes: home.resourceTypes });
    await apply();
    damage(join(directory, "assets"));
    await apply();
    expect(readdirSync(home.ports.assets.locate("assets", "code.zip") ?? "")).toEqual(["index.js"]);
    await home.close();
  });
});
