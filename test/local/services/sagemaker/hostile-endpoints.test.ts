/** Endpoints whose model cannot be had, or whose process does what none should. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { Header } from "tar";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { identify } from "../../../../local/runtime/jobs/process-identity.ts";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { BUCKET, openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { deploy, deployStuck, loading, serving } from "./served-model.ts";

let home: SagemakerHome;
let clock: ManualClock;

beforeEach(async () => {
  clock = manualClock("2026-11-30T12:00:00Z");
  home = await openSagemakerHome({ clock });
});
afterEach(() => home.close());

/** An archive of one entry without content. */
function entry(fields: ConstructorParameters<typeof Header>[0]): Buffer {
  const block = Buffer.alloc(3 * 512);
  new Header({ mode: 0o644, size: 0, ...(typeof fields === "object" && fields) }).encode(block, 0);
  return gzipSync(block);
}

async function described(name: string, EndpointStatus: "FAILED" | "IN_SERVICE") {
  await home.event("SageMaker Endpoint State Change", { EndpointName: name, EndpointStatus });
  return await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName: name }));
}

const uriOf = (name: string) => `s3://${BUCKET}/${name}/model.tar.gz`;
const NOT_DOWNLOADED = (name: string) =>
  `Failed to download model data for container "container_1" from URL: "${uriOf(name)}". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object. `;
const NOT_EXTRACTED = (name: string) =>
  `Failed to extract model data archive for container "container_1" from URL "${uriOf(name)}". Please ensure that the object located at the URL is a valid tar.gz archive. `;
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
    await deploy(home, name, body);
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
    await deploy(home, name, serving(program));
    const { FailureReason } = await described(name, "FAILED");
    expect(FailureReason?.startsWith(NOT_HEALTHY)).toBe(true);
    expect(FailureReason).toContain(more);
  });
});

describe("an endpoint whose model does not come up", () => {
  const started = (times: number) =>
    vi.waitUntil(() => loading(home.directory).length === times, { timeout: 600_000, interval: 20 });
  const running = () => loading(home.directory).filter((pid) => identify(pid) !== undefined);

  it("fails once its ContainerStartupHealthCheckTimeoutInSeconds is over, not before, and its process is ended", async () => {
    await deployStuck(home, { ContainerStartupHealthCheckTimeoutInSeconds: 60 });
    await started(1);
    clock.advance(59_000);
    const EndpointName = "stuck";
    const { EndpointStatus } = await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName }));
    expect(EndpointStatus).toBe("Creating");
    clock.advance(1000);
    const { FailureReason } = await described("stuck", "FAILED");
    expect(FailureReason).toBe(`${NOT_HEALTHY}was not ready after 60 s: loading ${loading(home.directory)[0]}`);
    expect(running()).toEqual([]);
  });

  it("can neither be updated nor deleted meanwhile, and does not keep the home from closing", async () => {
    await deployStuck(home);
    await started(1);
    const refused = /^Cannot update in-progress endpoint "arn:aws:sagemaker:us-east-1:000000000000:endpoint\/stuck"\.$/;
    const EndpointName = "stuck";
    await expect(
      home.sagemaker.send(new sm.UpdateEndpointCommand({ EndpointName, EndpointConfigName: "stuck" })),
    ).rejects.toThrow(refused);
    await expect(home.sagemaker.send(new sm.DeleteEndpointCommand({ EndpointName }))).rejects.toThrow(refused);
    await home.close();
    expect(running()).toEqual([]);
    home = await openSagemakerHome({ directory: home.directory, clock });
    await started(2);
  });

  it("is loaded anew after kill -9 of the home, and what loaded it before is ended", async () => {
    await home.close();
    const program = fileURLToPath(new URL("dying-endpoint-home.ts", import.meta.url));
    const dying = spawn(process.execPath, [program, home.directory], { stdio: "inherit" });
    expect(await once(dying, "exit")).toEqual([null, "SIGKILL"]);
    home = await openSagemakerHome({ directory: home.directory });
    await started(2);
    expect(running()).toEqual([loading(home.directory)[1]]);
  });
});

describe("a model whose object has the name of something of the home's own", () => {
  it("is served all the same", async () => {
    await deploy(home, "plain", serving("def model_fn(model_dir): return len"), {}, "root");
    await described("plain", "IN_SERVICE");
  });
});

describe("an endpoint's answer", () => {
  it("is refused beyond 25 MB, an endpoint's own limit, and the process goes on", async () => {
    const program = `
def model_fn(model_dir): return None
def input_fn(body, content_type): return int(body)
def predict_fn(count, model): return "x" * count
def output_fn(prediction, accept): return prediction, "text/plain"`;
    await deploy(home, "wordy", serving(program));
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
