/** What is deployed and what runs in the home are the same files; a home follows its assembly and changes nothing else. */
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type ApplyResult, applyAssembly } from "../../local/assembly/index.ts";
import { type Home, openHome } from "../../local/home.ts";
import { resourcesOf, testAssembly } from "../infra/assembly.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT } from "./command.ts";

const ASSET_BUCKET = "cdk-hnb659fds-assets-000000000000-us-east-1";
const Machine = z.looseObject({
  StateMachineName: z.string(),
  DefinitionS3Location: z.looseObject({ Key: z.string() }),
});
const Function_ = z.looseObject({ FunctionName: z.string(), Code: z.looseObject({ S3Key: z.string() }) });

interface Source {
  name: string;
  /** The file's or folder's hash, which is its name in the assembly and in the asset bucket. */
  hash: string;
}

async function workflows(): Promise<Source[]> {
  const machines = (await resourcesOf("AWS::StepFunctions::StateMachine")).map((one) => Machine.parse(one.Properties));
  return machines.map((one) => ({
    name: one.StateMachineName,
    hash: one.DefinitionS3Location.Key.replace(".json", ""),
  }));
}

async function functions(): Promise<Source[]> {
  const found = (await resourcesOf("AWS::Lambda::Function")).map((one) => Function_.parse(one.Properties));
  return found.map((one) => ({ name: one.FunctionName, hash: one.Code.S3Key.replace(".zip", "") }));
}

/** Path → hash of each file below a folder. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
  return Object.fromEntries(paths.map((path) => [path, sha256(readFileSync(join(folder, path)))]));
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("the app's assembly in a home", { timeout: 120_000 }, () => {
  let folder: string;
  let assembly: string;
  let home: Home;
  let first: ApplyResult;

  const apply = (directory: string) =>
    applyAssembly({ directory, home: home.ports, resourceTypes: home.resourceTypes });
  const definitionOf = async (name: string) => {
    const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
    const found = await new SFNClient(home.clientConfig()).send(new DescribeStateMachineCommand({ stateMachineArn }));
    return found.definition ?? "";
  };

  beforeAll(async () => {
    folder = temporaryFolder("assembly");
    assembly = await testAssembly();
    home = await openHome({ directory: join(folder, "home") });
    first = await apply(assembly);
    await home.start();
  });
  afterAll(() => home.close());

  it("holds every file of workflows/ byte for byte, and runs it", async () => {
    const sources = await workflows();
    const files = readdirSync(join(ROOT, "workflows")).filter((name) => name.endsWith(".asl.json"));
    expect(sources.map(({ name }) => `${name}.asl.json`).sort()).toEqual(files.sort());
    const s3 = new S3Client(home.clientConfig());
    for (const { name, hash } of sources) {
      const written = readFileSync(join(ROOT, "workflows", `${name}.asl.json`));
      expect(readFileSync(join(assembly, `asset.${hash}.json`)).equals(written), name).toBe(true);
      const kept = await s3.send(new GetObjectCommand({ Bucket: ASSET_BUCKET, Key: `${hash}.json` }));
      expect(written.equals((await kept.Body?.transformToByteArray()) ?? new Uint8Array()), name).toBe(true);
      expect(differences(written.toString("utf8"), await definitionOf(name))).toEqual([]);
    }
  });

  it("holds every handler's bundle byte for byte", async () => {
    const sources = await functions();
    expect(sources.length).toBeGreaterThanOrEqual(11);
    for (const { name, hash } of sources) {
      const deployed = contentOf(join(assembly, `asset.${hash}`));
      expect(Object.keys(deployed), name).toContain(`${name.replace("tidemill-", "")}/index.mjs`);
      const run = home.ports.assets.locate(ASSET_BUCKET, `${hash}.zip`);
      expect(contentOf(run ?? ""), name).toEqual(deployed);
    }
  });

  it("is left alone when it is applied again, also from another folder", async () => {
    const copy = join(folder, "same");
    cpSync(assembly, copy, { recursive: true });
    for (const directory of [assembly, copy]) {
      const { created, updated, deleted, unchanged } = await apply(directory);
      expect({ created, updated, deleted }).toEqual({ created: [], updated: [], deleted: [] });
      expect(unchanged).toBe(first.created.length);
    }
  });

  it("updates one state machine, and nothing else, when one workflow changes", async () => {
    const copy = join(folder, "workflow");
    cpSync(assembly, copy, { recursive: true });
    const hash = (await workflows()).find(({ name }) => name === "release-model")?.hash ?? "";
    const file = join(copy, `asset.${hash}.json`);
    writeFileSync(file, readFileSync(file, "utf8").replace('"Comment": "', '"Comment": "Changed. '));
    rename(copy, "json", hash, sha256(readFileSync(file)));
    const { created, updated, deleted } = await apply(copy);
    expect([created, deleted]).toEqual([[], []]);
    expect(updated).toMatchObject([{ action: "updated", type: "AWS::StepFunctions::StateMachine" }]);
    expect(await definitionOf("release-model")).toContain('"Comment": "Changed. ');
    expect(await definitionOf("train-model")).not.toContain('"Comment": "Changed. ');
  });

  it("updates one function, and puts the workflow back, when one handler changes on the assembly as it was", async () => {
    const copy = join(folder, "handler");
    cpSync(assembly, copy, { recursive: true });
    const hash = (await functions()).find(({ name }) => name === "tidemill-gate")?.hash ?? "";
    appendFileSync(join(copy, `asset.${hash}`, "gate", "index.mjs"), "// changed\n");
    rename(copy, undefined, hash, sha256(Buffer.from(`${hash} changed`)));
    const { created, updated, deleted } = await apply(copy);
    expect([created, deleted]).toEqual([[], []]);
    expect(updated.map(({ physicalId }) => physicalId.split(":").at(-1)).sort()).toEqual([
      "release-model",
      "tidemill-gate",
    ]);
    expect(await definitionOf("release-model")).not.toContain('"Comment": "Changed. ');
  });
});

/** Gives an asset of an assembly's copy another hash, as a synth of the changed source would. */
function rename(assembly: string, extension: string | undefined, from: string, to: string): void {
  const file = (hash: string) => join(assembly, `asset.${hash}${extension === undefined ? "" : `.${extension}`}`);
  renameSync(file(from), file(to));
  for (const name of readdirSync(assembly).filter((name) => /\.(assets|template)\.json$/.test(name))) {
    const path = join(assembly, name);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(from, to));
  }
}

/** The texts between a file's `${…}` that a definition does not have in their order: none, when only these were filled in. */
function differences(file: string, definition: string): string[] {
  let at = 0;
  return file.split(/\$\{\w+\}/).filter((text) => {
    const found = definition.indexOf(text, at);
    if (found >= 0) at = found + text.length;
    return found < 0;
  });
}
