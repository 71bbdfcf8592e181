import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

it("keeps every acknowledged object, whole, when the home is killed with SIGKILL", async () => {
  const directory = temporaryFolder("s3");
  const script = join(import.meta.dirname, "put-forever.ts");
  const child = spawn(process.execPath, [script, directory], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === 40) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

  const home = await openHome({ directory, services: [s3] });
  await home.start();
  const client = new S3Client(home.clientConfig());
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "durable" }));
  const keys = Contents.map(({ Key }) => Key);
  expect(keys).toEqual(expect.arrayContaining(acknowledged));
  for (const Key of keys) {
    const answer = await client.send(new GetObjectCommand({ Bucket: "durable", Key }));
    expect(await answer.Body?.transformToString()).toBe(`body of ${Key}`);
  }
  const files = readdirSync(join(directory, "s3/objects"), { recursive: true, withFileTypes: true });
  expect(files.filter((entry) => entry.isFile())).toHaveLength(keys.length);
  client.destroy();
  await home.close();
});
