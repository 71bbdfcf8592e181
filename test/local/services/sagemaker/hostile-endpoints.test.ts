/** Endpoints whose model cannot be had, or whose process does what none should. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { Header } from "tar";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tarball } from "../../../../infra/tarball.ts";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { BUCKET, openSagemakerHome, ROLE, type SagemakerHome } from "./sagemaker-home.ts";

let home: SagemakerHome;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock("2026-11-30T12:00:00Z");
  home = await openSagemakerHome({ clock });
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterEach(async () => {
  await home.close();
  home.remove();
});

/** A model's archive whose inference.py is `program`. */
const serving = (program: string) =>
  tarball([
    { path: "code/inference.py", content: Buffer.from(program) },
    { path: "code/requirements.txt", content: Buffer.from("# the standard library will do\n") },
  ]);

/** An archive of one entry without content. */
function entry(fields: ConstructorParameters<typeof Header>[0]): Buffer {
  const block = Buffer.alloc(3 * 512);
  new Header({ mode: 0o644, size: 0, ...(typeof fields === "object" && fields) }).encode(block, 0);
  return gzipSync(block);
}

/** A model of these bytes (none: not in S3), a configuration and an endpoint, all called `name`. */
async function deploy(name: string, Body: Uint8Array | undefined, variant: Partial<sm.ProductionVariant> = {}) {
  const Key = `${name}/model.tar.gz`;
  if (Body !== undefined) await home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  await home.sagemaker.send(
    new sm.CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: "none:1",
        ModelDataUrl: `s3://${BUCKET}/${Key}`,
        Environment: { SAGEMAKER_PROGRAM: "inference.py" },
      },
    }),
  );
  const ProductionVariants = [
    { VariantName: "all", ModelName: name, InitialInstanceCount: 1, InstanceType: "ml.t2.medium" as const, ...variant },
  ];
  await home.sagemaker.send(new sm.CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
  await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
}

async function described(name: string, EndpointStatus: "FAILED" | "IN_SERVICE") {
  await home.event("SageMaker Endpoint State Change", { EndpointName: name, EndpointStatus });
  return await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName: name }));
}

const URL = (name: string) => `s3://${BUCKET}/${name}/model.tar.gz`;
const NOT_DOWNLOADED = (name: string) =>
  `Failed to download model data for container "container_1" from URL: "${URL(name)}". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object. `;
const NOT_EXTRACTED = (name: string) =>
  `Failed to extract model data archive for container "container_1" from URL "${URL(name)}". Please ensure that the object located at the URL is a valid tar.gz archive. `;
const NOT_HEALTHY =
  "The primary container for production variant all did not pass the ping health check. Please check CloudWatch logs for this endpoint. In this home the serving process ";

describe("an endpoint's FailureReason", () => {
  it.each([
    { of: "a missing model", body: undefined, says: NOT_DOWNLOADED, more: "The specified key does not exist." },
    { of: "no archive", body: Buffer.from("weights"), says: NOT_EXTRACTED, more: "model.tar.gz is not a readable tar" },
    { of: "nothing", body: Buffer.alloc(0), says: NOT_EXTRACTED, more: "model.tar.gz is not a readable tar archive" },
    { of: "half an archive", body: serving("").subarray(0, 120), says: NOT_EXTRACTED, more: "is not a readable tar" },
    {
      of: "a device",
      body: entry({ path: "null", type: "CharacterDevice" }),
      says: NOT_EXTRACTED,
      more: "entry null is a CharacterDevice",
    },
    {
      of: "a link outside",
      body: entry({ path: "x", type: "SymbolicLink", linkpath: "/etc" }),
      says: NOT_EXTRACTED,
      more: "entry x links to /etc, outside of the folder",
    },
    {
      of: "a path outside",
      body: entry({ path: "../../evil", type: "File" }),
      says: NOT_EXTRACTED,
      more: "entry ../../evil would be written outside of the folder",
    },
  ])("is SageMaker's for $of, and says more", async ({ of, body, says, more }) => {
    const name = of.replaceAll(" ", "-");
    await deploy(name, body);
    const { FailureReason } = await described(name, "FAILED");
    expect(FailureReason?.slice(0, says(name).length)).toBe(says(name));
    expect(FailureReason?.slice(says(name).length)).toContain(more);
  });

  it.each([
    {
      of: "dies at its start",
      program: 'raise SystemExit("no weights")',
      more: "ended before it was ready: no weights",
    },
    { of: "has no model_fn", program: "", more: "defines no model_fn(model_dir)" },
  ])("is SageMaker's for a model that $of, with its last words", async ({ of, program, more }) => {
    const name = of.replaceAll(/[\W_]/g, "-");
    await deploy(name, serving(program));
    const { FailureReason } = await described(name, "FAILED");
    expect(FailureReason?.startsWith(NOT_HEALTHY)).toBe(true);
    expect(FailureReason).toContain(more);
  });
});

/** A model that never is loaded. */
const STUCK = 'import time\ndef model_fn(model_dir):\n    print("loading", flush=True)\n    time.sleep(100000)\n';

describe("an endpoint whose model does not come up", () => {
  const log = () => join(home.directory, "sagemaker/endpoint/stuck/1/all/log");
  const loading = () =>
    vi.waitUntil(() => existsSync(log()) && execFileSync("cat", [log()]).includes("loading"), { timeout: 600_000 });
  const runs = () =>
    execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" }).includes(
      join(home.directory, "sagemaker/endpoint"),
    );

  it("fails once its ContainerStartupHealthCheckTimeoutInSeconds is over, not before, and its process is ended", async () => {
    await deploy("stuck", serving(STUCK), { ContainerStartupHealthCheckTimeoutInSeconds: 60 });
    await loading();
    clock.advance(59_000);
    const EndpointName = "stuck";
    const { EndpointStatus } = await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName }));
    expect(EndpointStatus).toBe("Creating");
    clock.advance(1000);
    const { FailureReason } = await described("stuck", "FAILED");
    expect(FailureReason).toBe(`${NOT_HEALTHY}was not ready after 60 s: loading`);
    expect(runs()).toBe(false);
  });

  it("can neither be updated nor deleted meanwhile, and does not keep the home from closing", async () => {
    await deploy("stuck", serving(STUCK));
    await loading();
    const refused = /^Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:000000000000:endpoint\/stuck"\.$/;
    const EndpointName = "stuck";
    await expect(
      home.sagemaker.send(new sm.UpdateEndpointCommand({ EndpointName, EndpointConfigName: "stuck" })),
    ).rejects.toThrow(refused);
    await expect(home.sagemaker.send(new sm.DeleteEndpointCommand({ EndpointName }))).rejects.toThrow(refused);
    await home.close();
    expect(runs()).toBe(false);
    home = await openSagemakerHome({ directory: home.directory, clock });
    await loading();
  });
});

describe("an endpoint's answer", () => {
  it("is refused beyond 25 MB, an endpoint's own limit, and the process goes on", async () => {
    const program = `
def model_fn(model_dir): return None
def input_fn(body, content_type): return int(body)
def predict_fn(count, model): return "x" * count
def output_fn(prediction, accept): return prediction, "text/plain"`;
    await deploy("wordy", serving(program));
    await described("wordy", "IN_SERVICE");
    const ask = (count: number) => {
      const request = { EndpointName: "wordy", ContentType: "text/plain", Body: String(count) };
      return home.runtime.send(new InvokeEndpointCommand(request));
    };
    await expect(ask(25 * 1024 * 1024 + 1)).rejects.toMatchObject({
      name: "ModelError",
      message: "Endpoint wordy: the answer has more than 26214400 bytes",
    });
    expect((await ask(25 * 1024 * 1024)).Body).toHaveLength(25 * 1024 * 1024);
  });
});
