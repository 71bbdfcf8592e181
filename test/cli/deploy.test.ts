/** What `npm run deploy` says where nobody is signed in; nothing here reaches AWS. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const COMMAND = join(PROJECT, "cli", "bin", "tidemill.js");

let nobody: string;
let somebody: string;
beforeAll(() => {
  nobody = temporaryFolder("nobody");
  somebody = temporaryFolder("somebody");
  mkdirSync(join(somebody, ".aws"));
  writeFileSync(join(somebody, ".aws", "config"), "[default]\nregion = eu-central-1\n");
});

interface Ended {
  code: number;
  said: { credentials?: boolean; error?: string };
  stderr: string;
}

function deploy(words: readonly string[], home: string, aws: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const env = { ...Object.fromEntries(others), HOME: home, AWS_EC2_METADATA_DISABLED: "true", ...aws };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, "deploy", ...words, "--json"], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, said: JSON.parse(stdout), stderr }),
    );
  });
}

describe("before a deployment", () => {
  it("is run by npm", () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
    expect(scripts).toMatchObject({
      predeploy: "node cli/bin/tidemill.js deploy --prepare",
      deploy: "cdk deploy --all --app cdk.out",
    });
  });

  it("says how to sign in where nobody is, and lets the CDK look for itself", async () => {
    const { code, said, stderr } = await deploy(["--prepare"], nobody);
    expect([code, said.credentials]).toEqual([0, false]);
    expect(stderr).toContain("no AWS credentials are set up here: sign in");
  });

  it.each([
    ["a default profile", () => deploy(["--prepare"], somebody)],
    ["a profile's name", () => deploy(["--prepare"], nobody, { AWS_PROFILE: "prod" })],
    ["a key", () => deploy(["--prepare"], nobody, { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" })],
  ])("is quiet with %s", async (_what, run) => {
    expect(await run()).toMatchObject({ code: 0, said: { credentials: true }, stderr: "" });
  });
});

describe("tidemill deploy", () => {
  it("says how to sign in where the CDK found no account", async () => {
    const { code, said } = await deploy([], nobody);
    expect(code).toBe(1);
    expect(said.error).toMatch(/^cdk deploy ended with 1; no AWS credentials are set up here/);
  });
});
