import { existsSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { identify } from "../../../../local/runtime/jobs/process-identity.ts";
import { BUCKET, openSagemakerHome, ROLE, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, portable, startScriptJob } from "./script-job.ts";

let home: SagemakerHome;

beforeAll(async () => {
  home = await openSagemakerHome();
});
afterAll(() => home.close());

const describeJob = (name: string) =>
  home.sagemaker.send(new sm.DescribeProcessingJobCommand({ ProcessingJobName: name }));

describe("a processing job", () => {
  it("that exits 1 fails with the exit code, its last line and its message", async () => {
    const script = `
import pathlib, sys
pathlib.Path("/opt/ml/output/message").write_text("the third column is empty")
sys.exit("no rows left")`;
    await startScriptJob(home, { name: "exits-1", script: portable(script) });
    await jobEnd(home, "exits-1");
    const job = await describeJob("exits-1");
    expect(job).toMatchObject({ ProcessingJobStatus: "Failed", ExitMessage: "the third column is empty" });
    expect(job.FailureReason).toBe(
      "AlgorithmError: See job logs for more information, exit code: 1. Last line: no rows left",
    );
    expect(existsSync(join(home.directory, "sagemaker/processing-job/exits-1/log"))).toBe(true);
  });

  it("that ends leaves nothing running, not even what went into a session of its own and holds its output open", async () => {
    const script = `
import os, pathlib, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        pathlib.Path("/opt/ml/processing/output/out/pid").write_text(str(os.getpid()))
        time.sleep(1000)
    os._exit(0)
while not os.path.exists("/opt/ml/processing/output/out/pid"): time.sleep(0.01)`;
    await startScriptJob(home, { name: "daemon", script: portable(script), outputUri: "s3://artifacts/daemon" });
    expect(await jobEnd(home, "daemon")).toMatchObject({ ProcessingJobStatus: "Completed" });
    const { Body } = await home.s3.send(new GetObjectCommand({ Bucket: "artifacts", Key: "daemon/pid" }));
    expect(identify(Number(await Body?.transformToString()))).toBeUndefined();
  });

  it("that is ended by a signal fails with it, whatever it left where its message should be", async () => {
    const script = `
import os, signal
os.mkfifo("/opt/ml/output/message")
os.kill(os.getpid(), signal.SIGSEGV)`;
    await startScriptJob(home, { name: "signalled", script: portable(script) });
    await jobEnd(home, "signalled");
    const job = await describeJob("signalled");
    expect(job.FailureReason).toContain("exit code: 139");
    expect(job.ExitMessage).toBeUndefined();
  });

  it("that hangs is ended when its StoppingCondition's time is over", async () => {
    const script = "import time\nwhile True: time.sleep(0.01)";
    await startScriptJob(home, { name: "hangs", script, maxRuntimeSeconds: 1 });
    expect(await jobEnd(home, "hangs")).toMatchObject({
      ProcessingJobStatus: "Stopped",
      FailureReason: expect.stringContaining(
        "MaxRuntimeExceeded: the job ran longer than its StoppingCondition of 1 seconds",
      ),
    });
  });

  it("that starts beside another has its OpenMP threads sleep sooner than one alone", async () => {
    const spin = 'os.environ.get("GOMP_SPINCOUNT", "unset")';
    const alone = `
import os, pathlib, time
pathlib.Path("/opt/ml/output/message").write_text(${spin})
pathlib.Path(os.environ["READY"]).write_text("")
while not os.path.exists(os.environ["GO"]): time.sleep(0.01)`;
    const beside = `
import os, pathlib
pathlib.Path("/opt/ml/output/message").write_text(${spin})
pathlib.Path(os.environ["GO"]).write_text("")`;
    const environment = { READY: join(home.directory, "alone"), GO: join(home.directory, "go") };
    await startScriptJob(home, { name: "alone", script: portable(alone), environment });
    await vi.waitFor(() => expect(existsSync(environment.READY)).toBe(true), { timeout: 30_000 });
    await startScriptJob(home, { name: "beside", script: portable(beside), environment });
    await Promise.all([jobEnd(home, "alone"), jobEnd(home, "beside")]);
    const [first, second] = await Promise.all([describeJob("alone"), describeJob("beside")]);
    expect([first.ExitMessage, second.ExitMessage]).toEqual(["unset", "1000"]);
  });

  it("that is stopped gets SIGTERM, may save its output, and ends as Stopped", async () => {
    const script = `
import os, pathlib, signal, time
def save(signum, frame):
    pathlib.Path("/opt/ml/processing/output/out/saved.txt").write_text("half")
    raise SystemExit(0)
signal.signal(signal.SIGTERM, save)
pathlib.Path(os.environ["READY"]).write_text("")
while True: time.sleep(0.01)`;
    const ready = join(home.directory, "ready");
    const environment = { READY: ready };
    await startScriptJob(home, {
      name: "stopped",
      script: portable(script),
      environment,
      outputUri: "s3://artifacts/saved",
    });
    while (!existsSync(ready)) await new Promise((resolve) => setTimeout(resolve, 10));
    await home.sagemaker.send(new sm.StopProcessingJobCommand({ ProcessingJobName: "stopped" }));
    expect(await jobEnd(home, "stopped")).toMatchObject({ ProcessingJobStatus: "Stopped" });
    expect(
      (
        await home.event("SageMaker Processing Job State Change", {
          ProcessingJobName: "stopped",
          ProcessingJobStatus: "Stopping",
        })
      ).resources,
    ).toEqual(["arn:aws:sagemaker:us-east-1:000000000000:processing-job/stopped"]);
    const saved = await home.s3.send(new GetObjectCommand({ Bucket: "artifacts", Key: "saved/saved.txt" }));
    expect(await saved.Body?.transformToString()).toBe("half");
    await expect(
      home.sagemaker.send(new sm.StopProcessingJobCommand({ ProcessingJobName: "stopped" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("cannot take a name used before, a role SageMaker may not assume, or a malformed name", async () => {
    await startScriptJob(home, { name: "used", script: "pass" });
    await expect(startScriptJob(home, { name: "used", script: "pass" })).rejects.toMatchObject({
      name: "ResourceInUse",
    });
    const request = {
      AppSpecification: { ImageUri: "none:1" },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.t3.medium", VolumeSizeInGB: 1 } },
    } as const;
    await expect(
      home.sagemaker.send(
        new sm.CreateProcessingJobCommand({ ...request, ProcessingJobName: "x", RoleArn: `${ROLE}-other` }),
      ),
    ).rejects.toThrow(/Could not assume role .*jobs-other/);
    await expect(
      home.sagemaker.send(new sm.CreateProcessingJobCommand({ ...request, ProcessingJobName: "a b", RoleArn: ROLE })),
    ).rejects.toThrow(/Value 'a b' at 'processingJobName' failed to satisfy constraint/);
    await expect(describeJob("never")).rejects.toThrow("Could not find requested job with name: never");
  });

  it("says which input it could not find", async () => {
    await startScriptJob(home, { name: "no-input", script: "pass" });
    await jobEnd(home, "no-input");
    await home.sagemaker.send(
      new sm.CreateProcessingJobCommand({
        ProcessingJobName: "nothing-there",
        RoleArn: ROLE,
        AppSpecification: { ImageUri: "none:1", ContainerEntrypoint: ["true"] },
        ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.t3.medium", VolumeSizeInGB: 1 } },
        ProcessingInputs: [
          {
            InputName: "data",
            S3Input: {
              S3Uri: "s3://artifacts/none/",
              LocalPath: "/opt/ml/processing/input/data",
              S3DataType: "S3Prefix",
            },
          },
        ],
      }),
    );
    expect(await jobEnd(home, "nothing-there")).toMatchObject({
      FailureReason: "ClientError: Data download failed:S3 key: s3://artifacts/none/ matches no files on s3",
    });
  });

  it("has the objects an input's manifest lists, under their keys", async () => {
    const put = (Key: string, Body: string) => home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    await put("listed/job.py", "import os\nraise SystemExit(sorted(os.listdir(os.path.dirname(__file__))))\n");
    await put("listed/requirements.txt", "# the standard library will do\n");
    await put("listed/unlisted.csv", "2");
    await put("listed.manifest", JSON.stringify([{ prefix: `s3://${BUCKET}/listed/` }, "job.py", "requirements.txt"]));
    const LocalPath = "/opt/ml/processing/input/data";
    await home.sagemaker.send(
      new sm.CreateProcessingJobCommand({
        ProcessingJobName: "manifest",
        RoleArn: ROLE,
        AppSpecification: { ImageUri: "none:1", ContainerEntrypoint: ["python3", `${LocalPath}/listed/job.py`] },
        ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: "ml.t3.medium", VolumeSizeInGB: 1 } },
        ProcessingInputs: [
          {
            InputName: "data",
            S3Input: { S3Uri: `s3://${BUCKET}/listed.manifest`, LocalPath, S3DataType: "ManifestFile" },
          },
        ],
      }),
    );
    expect(await jobEnd(home, "manifest")).toMatchObject({
      FailureReason: expect.stringMatching(/Last line: \['job\.py', 'requirements\.txt'\]$/),
    });
  });

  it("is listed newest first, by status and page", async () => {
    for (const [name, script] of [
      ["listed-1", "raise SystemExit(1)"],
      ["listed-2", "pass"],
      ["listed-3", "raise SystemExit(1)"],
      ["listed-4", "raise SystemExit(1)"],
    ] as const) {
      await startScriptJob(home, { name, script });
      await jobEnd(home, name);
    }
    const list = async (more: object) => {
      const asked = new sm.ListProcessingJobsCommand({ NameContains: "listed", StatusEquals: "Failed", ...more });
      const { ProcessingJobSummaries = [], NextToken } = await home.sagemaker.send(asked);
      return { names: ProcessingJobSummaries.map(({ ProcessingJobName }) => ProcessingJobName), NextToken };
    };
    const first = await list({ MaxResults: 1 });
    expect(first.names).toEqual(["listed-4"]);
    expect((await list({ NextToken: first.NextToken })).names).toEqual(["listed-3", "listed-1"]);
  });
});

describe("a job whose role lacks a permission", () => {
  it("fails with AccessDenied naming action, resource and role", async () => {
    const policy = {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "s3:GetObject", Resource: "*" },
      ],
    };
    const strict = await openSagemakerHome({ policy });
    try {
      await startScriptJob(strict, { name: "denied", script: "pass" });
      const { FailureReason } = (await jobEnd(strict, "denied")) as { FailureReason?: string };
      expect(FailureReason).toMatch(/not authorized to perform: s3:GetObject/);
      expect(FailureReason).toMatch(/arn:aws:s3:::artifacts\/denied/);
      expect(FailureReason).toMatch(/assumed-role\/jobs\/SageMaker/);
    } finally {
      await strict.close();
    }
  });
});
