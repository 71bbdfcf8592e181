import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { beforeEach, expect, it } from "vitest";
import { createAssetRegistry } from "../../../../local/assembly/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { openFunctionHome, ROLE } from "./function-home.ts";

const SOURCE = "exports.handler = async () => __dirname";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("moved");
});

/** A home with a function of an asset and one of inline source, closed. */
async function made(directory: string): Promise<void> {
  const asset = join(folder, "asset");
  mkdirSync(asset);
  writeFileSync(join(asset, "index.js"), SOURCE);
  createAssetRegistry(directory).add({ hash: "abc", source: asset, root: folder, bucket: "assets", key: "abc.zip" });
  const functions = await openFunctionHome([], directory);
  await functions.putFunction("inline", SOURCE);
  const Code = { S3Bucket: "assets", S3Key: "abc.zip" };
  const settings = { Role: ROLE, Handler: "index.handler", Runtime: "nodejs24.x" };
  await functions.make("AWS::Lambda::Function", { FunctionName: "asset", ...settings, Code });
  await functions.home.close();
}

/** Where the code of each runs. */
async function placesIn(directory: string): Promise<string[]> {
  const { home } = await openFunctionHome([], directory);
  try {
    const client = new LambdaClient(home.clientConfig());
    const answers = ["asset", "inline"].map(async (FunctionName) => {
      const { Payload = [] } = await client.send(new InvokeCommand({ FunctionName }));
      return Buffer.from(Payload).toString("utf8");
    });
    return await Promise.all(answers);
  } finally {
    await home.close();
  }
}

it("runs its functions from where the home is now", async () => {
  const [before, after] = [join(folder, "before"), join(folder, "after")];
  await made(before);
  renameSync(before, after);
  for (const place of await placesIn(after)) expect(place).toContain(after);
});

it("does so where an earlier version noted where the code lay then", async () => {
  const [before, after] = [join(folder, "before"), join(folder, "after")];
  await made(before);
  const database = new DatabaseSync(join(before, "home.db"));
  const absolute = `json_set(configuration, '$.code.folder', '${before}/' || json_extract(configuration, '$.code.folder'))`;
  database.exec(`UPDATE lambda_functions SET configuration = ${absolute};
    UPDATE migrations SET version = 4 WHERE owner = 'lambda'`);
  database.close();
  renameSync(before, after);
  for (const place of await placesIn(after)) expect(place).toContain(after);
});
