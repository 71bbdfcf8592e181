import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { OutputFolderError, synthesize } from "../../infra/synth.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { PROJECT, resourcesOf, STACKS, testAssembly } from "./assembly.ts";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("synth");
});

describe("synthesize", () => {
  it("writes one template a bounded context, without an account", async () => {
    const files = readdirSync(await testAssembly());
    for (const stack of STACKS) expect(files).toContain(`${stack}.template.json`);
  });

  it("does nothing when no input changed", async () => {
    const directory = await testAssembly();
    expect(await synthesize({ directory })).toEqual({ directory, changed: false });
  });

  it("writes the same assembly again when forced", async () => {
    const first = await testAssembly();
    const { directory } = await synthesize({ directory: join(folder, "again"), force: true });
    const names = readdirSync(first, { recursive: true, encoding: "utf8" }).sort();
    expect(readdirSync(directory, { recursive: true, encoding: "utf8" }).sort()).toEqual(names);
    // Metadata files name the lines that acknowledged a rule, with those who called them.
    for (const name of names.filter((path) => /(?<!metadata)\.(json|mjs|py|gz)$/.test(path))) {
      expect(readFileSync(join(directory, name)).equals(readFileSync(join(first, name))), name).toBe(true);
    }
  });

  it("leaves the assembly that another process has put there meanwhile, which may be read already", async () => {
    const source = await testAssembly();
    const directory = join(folder, "meanwhile");
    const running = synthesize({ directory });
    cpSync(source, directory, { recursive: true });
    writeFileSync(join(directory, "of-another-process"), "");
    await running;
    expect(readdirSync(directory)).toContain("of-another-process");
  });

  it("replaces an assembly beside others that do so at the same moment", { timeout: 120_000 }, async () => {
    const directory = join(folder, "contended");
    cpSync(await testAssembly(), directory, { recursive: true });
    const synth = () =>
      promisify(execFile)(process.execPath, [join(PROJECT, "infra", "synth.ts"), "--force", "--output", directory]);
    await Promise.all([synth(), synth(), synth()]);
    expect(readdirSync(folder).filter((name) => name.startsWith("contended"))).toEqual(["contended"]);
    expect(await synthesize({ directory })).toEqual({ directory, changed: false });
  });

  it("takes an empty folder, and refuses to replace what is no assembly: a file, a project", async () => {
    const [project, file, empty] = [join(folder, "project"), join(folder, "file"), join(folder, "empty")];
    // A project's root has a folder cdk.out; only an assembly has a file of that name.
    for (const path of [join(project, "cdk.out"), empty]) mkdirSync(path, { recursive: true });
    for (const path of [join(project, "manifest.json"), file]) writeFileSync(path, "kept");
    await expect(synthesize({ directory: project })).rejects.toThrow(
      `${project} is no cloud assembly (it holds cdk.out, manifest.json), and a synth would replace it as a whole`,
    );
    await expect(synthesize({ directory: file, force: true })).rejects.toThrow(OutputFolderError);
    expect([readdirSync(project), readFileSync(file, "utf8")]).toEqual([["cdk.out", "manifest.json"], "kept"]);
    expect(await synthesize({ directory: empty })).toEqual({ directory: empty, changed: true });
  });

  it("leaves nothing of what it was making when a signal ends it", async () => {
    const [made, directory] = [join(folder, "temporary"), join(folder, "ended", "cdk.out")];
    for (const path of [made, dirname(directory)]) mkdirSync(path);
    const env = { ...process.env, TMPDIR: made };
    const child = spawn(process.execPath, [join(PROJECT, "infra", "synth.ts"), "--output", directory], { env });
    const ended = once(child, "close");
    await vi.waitUntil(() => readdirSync(made).length > 0, { timeout: 30_000 });
    child.kill("SIGTERM");
    expect(await ended).toEqual([143, null]);
    expect([readdirSync(made), readdirSync(dirname(directory))]).toEqual([[], []]);
  });

  it("puts each bounded context into the account the CDK context names", async () => {
    const context = { producerAccount: "111111111111", mlAccount: "222222222222", region: "eu-central-1" };
    const { directory } = await synthesize({ directory: join(folder, "accounts"), context });
    const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"));
    expect(manifest.artifacts["tidemill-producer"].environment).toBe("aws://111111111111/eu-central-1");
    expect(manifest.artifacts["tidemill-ml"].environment).toBe("aws://222222222222/eu-central-1");
    const ml = readFileSync(join(directory, "tidemill-ml.template.json"), "utf8");
    expect(ml).toContain("credit-card-111111111111-");
  });

  it("can be read by the CDK's own command, which deploys it", async () => {
    const cdk = join(PROJECT, "node_modules", "aws-cdk", "bin", "cdk");
    const options = ["ls", "--app", await testAssembly(), "--no-notices"];
    const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true" };
    const listed = execFileSync(process.execPath, [cdk, ...options], { cwd: folder, encoding: "utf8", env });
    expect(listed.trim().split("\n").sort()).toEqual([...STACKS].sort());
  });

  it("leaves to others the context that has a namespace", () => {
    const words = ["-c", "@aws-cdk/core:newStyleStackSynthesis=true", "--output", join(folder, "flagged")];
    execFileSync(process.execPath, [join(PROJECT, "infra", "synth.ts"), ...words], { stdio: "pipe" });
    expect(readdirSync(join(folder, "flagged"))).toContain("manifest.json");
  });

  it("says what is wrong with its arguments in one line", () => {
    const run = () =>
      execFileSync(process.execPath, [join(PROJECT, "infra", "synth.ts"), "-c", "mlAccount"], { stdio: "pipe" });
    expect(run).toThrow("--context mlAccount: expected key=value");
  });
});

describe("the assembly", () => {
  it.each(["data-product-update", "train-model", "release-model"])(
    "holds workflows/%s.asl.json byte for byte",
    async (name) => {
      const machines = await resourcesOf("AWS::StepFunctions::StateMachine");
      const machine = machines.find(({ Properties }) => Properties.StateMachineName === name);
      const { Key } = Object(machine?.Properties.DefinitionS3Location);
      const asset = readFileSync(join(await testAssembly(), `asset.${Key}`));
      expect(asset.equals(readFileSync(join(PROJECT, "workflows", `${name}.asl.json`)))).toBe(true);
    },
  );

  it("publishes a model's files under their own names, byte for byte", async () => {
    const directory = await testAssembly();
    const { files } = JSON.parse(readFileSync(join(directory, "tidemill-ml.assets.json"), "utf8"));
    const published = Object.values(files).flatMap((file) => {
      const { source, destinations } = Object(file);
      return Object.values(destinations).map((destination) => [Object(destination).objectKey, source.path]);
    });
    const train = published.find(([key]) => /^models\/credit-risk\/[0-9a-f]{16}\/train\.py$/.test(key));
    const original = readFileSync(join(PROJECT, "models", "credit-risk", "train.py"));
    expect(readFileSync(join(directory, train?.[1])).equals(original)).toBe(true);
    expect(published.map(([key]) => key.split("/").at(-1))).toEqual(
      expect.arrayContaining(["preprocess.py", "evaluate.py", "requirements.txt", "query.sql", "sourcedir.tar.gz"]),
    );
  });
});
