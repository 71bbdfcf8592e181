/** Jobs that leave what no job should, and jobs that will not end. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { list } from "tar";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { manualClock } from "../../manual-clock.ts";
import { BUCKET, openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, portable, startScriptJob, startTraining } from "./script-job.ts";

let home: SagemakerHome;

beforeAll(async () => {
  home = await openSagemakerHome();
});
afterAll(() => home.close());

async function processed(name: string, script: string) {
  await startScriptJob(home, { name, script: portable(script), outputUri: `s3://${BUCKET}/${name}-out` });
  const end = await jobEnd(home, name);
  const { Contents = [] } = await home.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${name}-out/` }));
  return { end, keys: Contents.map(({ Key = "" }) => Key.slice(name.length + 5)) };
}

async function trained(name: string, script: string) {
  await startTraining(home, { name, script: portable(script) });
  const end = await jobEnd(home, name, "Training");
  const model = new GetObjectCommand({ Bucket: BUCKET, Key: `${name}/output/model.tar.gz` });
  const body = await home.s3.send(model).then(
    ({ Body }) => Body?.transformToByteArray(),
    () => undefined,
  );
  const entries: string[] = [];
  if (body !== undefined) {
    const reader = list({ onReadEntry: ({ type, path }) => void entries.push(`${type} ${path}`) });
    await new Promise((resolve) => reader.on("end", resolve).end(Buffer.from(body)));
  }
  return { end, entries };
}

/** Waits as long as the test may. */
const until = (done: () => boolean) => vi.waitUntil(done, { timeout: 600_000, interval: 10 });

const MAKE = `
import os, socket
def make(folder):
    os.chdir(folder)
    os.symlink("/", "everything")
    os.symlink("/etc/passwd", "passwd")
    os.symlink("loop", "loop")
    os.mkfifo("pipe")
    socket.socket(socket.AF_UNIX).bind("socket")
    for name in ("-rf", "two\\nlines", "@odd", "back\\\\slash", "sp ace"): open(name, "w").write("x")
    os.mkdir("locked")
    open("locked/file", "w").write("x")
    os.chmod("locked/file", 0)
    os.chmod("locked", 0)
`;
const NAMES = ["-rf", "@odd", "back\\slash", "sp ace", "two\nlines"];

describe("what a job leaves", () => {
  it("is uploaded as far as it is files: no link, pipe or socket, but what the job itself may not read", async () => {
    const { end, keys } = await processed("odd", `${MAKE}make("/opt/ml/processing/output/out")`);
    expect(end).toMatchObject({ ProcessingJobStatus: "Completed" });
    expect(keys.sort()).toEqual([...NAMES, "locked/file"].sort());
  });

  it("is packed as a model with its links as links", async () => {
    const { end, entries } = await trained("odd-model", `${MAKE}make("/opt/ml/model")`);
    expect(end).toMatchObject({ TrainingJobStatus: "Completed" });
    const links = ["everything", "loop", "passwd"].map((name) => `SymbolicLink ./${name}`);
    const files = [...NAMES, "locked/file"].map((name) => `File ./${name}`);
    expect(entries.sort()).toEqual([...files, ...links, "Directory ./locked/"].sort());
  });

  it.each([
    {
      what: "a folder that leads to another",
      script: 'os.rmdir("/opt/ml/model"); os.symlink("/etc", "/opt/ml/model")',
      reason: "/opt/ml/model leads out of the job's /opt/ml, expected a folder in it",
    },
    {
      what: "a file where the folder should be",
      script: 'os.rmdir("/opt/ml/model"); open("/opt/ml/model", "w")',
      reason: "/opt/ml/model is no folder",
    },
    {
      what: "a name that is not UTF-8",
      script: 'open(os.fsencode("/opt/ml/model/") + b"caf\\xe9", "w")',
      reason: 'the file name "caf\\xe9" in /opt/ml/model is not UTF-8',
    },
    {
      what: "folders deeper than a path is long",
      script: 'os.chdir("/opt/ml/model")\nfor _ in range(300): os.mkdir("d" * 20); os.chdir("d" * 20)',
      reason: "cannot be read: ENAMETOOLONG",
    },
  ])("is refused by name: $what", async ({ what, script, reason }) => {
    const name = `refused-${what.replaceAll(/\W/g, "-")}`;
    const { end } = await trained(name, `import os\n${script}`);
    expect(end).toMatchObject({ TrainingJobStatus: "Failed", FailureReason: expect.stringContaining(reason) });
    expect(existsSync(join(home.directory, "sagemaker/training-job", name, "log"))).toBe(true);
  });

  it("does not end the home when a file of it cannot be opened", async () => {
    const { end, keys } = await processed(
      "latin",
      'import os\nopen(os.fsencode("/opt/ml/processing/output/out/") + b"caf\\xe9", "w")',
    );
    expect(end).toMatchObject({ ProcessingJobStatus: "Failed", FailureReason: expect.stringContaining("caf\\xe9") });
    expect(keys).toEqual([]);
  });

  it("may be a folder that leads to itself, where its message or its data should be", async () => {
    const script = 'import os, shutil\nshutil.rmtree("/opt/ml/output"); os.symlink("output", "/opt/ml/output")';
    expect((await processed("in-circles", script)).end).toMatchObject({ ProcessingJobStatus: "Completed" });
    expect((await trained("in-circles", script)).end).toMatchObject({
      FailureReason: expect.stringContaining("Failed to upload the job's output: "),
    });
  });

  it("may be nothing: a model's folder that the job removed is an empty archive", async () => {
    const { end, entries } = await trained("removed", 'import os\nos.rmdir("/opt/ml/model")');
    expect(end).toMatchObject({ TrainingJobStatus: "Completed" });
    expect(entries).toEqual(["Directory ./"]);
  });

  it("stays out of the archive's own way", async () => {
    const script = 'import os\nos.makedirs("/opt/ml/model.tar.gz/x"); open("/opt/ml/model/m", "w")';
    expect(await trained("in-the-way", script)).toMatchObject({
      end: { TrainingJobStatus: "Completed" },
      entries: ["File ./m"],
    });
  });

  it("is gone from the home once it is delivered", async () => {
    await processed("cleared", `${MAKE}make("/opt/ml/processing/output/out")`);
    const folder = join(home.directory, "sagemaker/processing-job/cleared");
    await until(() => !readdirSync(folder).some((name) => /root|scratch/.test(name)));
    expect(readdirSync(folder)).toContain("log");
  });
});

describe("a job that kills its whole process group", () => {
  it.each([
    { how: "forked", script: "import os\nprint('once more', flush=True)\nos.killpg(0, 9)" },
    {
      how: "started plainly",
      script: "import os\nprint('once more', flush=True)\nos.kill(0, 9)",
      environment: { OWN: "1" },
    },
  ])("has run once and failed: $how", async ({ how, ...job }) => {
    const name = `self-killed-${how.replaceAll(" ", "-")}`;
    await startScriptJob(home, { name, ...job });
    expect(await jobEnd(home, name)).toMatchObject({
      ProcessingJobStatus: "Failed",
      FailureReason: expect.stringContaining("exit code: 137. Last line: once more"),
    });
    expect(readFileSync(join(home.directory, "sagemaker/processing-job", name, "log"), "utf8")).toBe("once more\n");
  });

  it("has killed its supervisor when it looks for that, and is started again as after a power cut", async () => {
    const { end } = await trained("patricide", "import os\nos.kill(os.getppid(), 9)\nwhile True: os.sched_yield()");
    expect(end).toMatchObject({
      TrainingJobStatus: "Failed",
      FailureReason:
        "InternalServerError: the process that supervises the job was killed 3 times, from outside or by the job itself",
    });
  });
});

describe("a job that ignores SIGTERM", () => {
  const script = `
import os, pathlib, signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
pathlib.Path(os.environ["READY"]).write_text("")
while True: time.sleep(0.01)`;

  it.each(["is stopped", "has had its time"])("J3: is killed 120 s after it %s", async (how) => {
    const clock = manualClock("2026-11-30T12:00:00Z");
    const still = await openSagemakerHome({ clock });
    const READY = join(still.directory, "ready");
    const name = "stubborn";
    const asStopping = { ProcessingJobName: name, ProcessingJobStatus: "Stopping" };
    try {
      await startScriptJob(still, { name, script, environment: { READY }, maxRuntimeSeconds: 60 });
      await until(() => existsSync(READY));
      if (how === "is stopped") {
        await still.sagemaker.send(new sm.StopProcessingJobCommand({ ProcessingJobName: name }));
        // Asking again is no error, and gives it no more time.
        await still.sagemaker.send(new sm.StopProcessingJobCommand({ ProcessingJobName: name }));
      } else clock.advance(60_000);
      await still.event("SageMaker Processing Job State Change", asStopping);
      clock.advance(119_000);
      const { ProcessingJobStatus } = await still.sagemaker.send(
        new sm.DescribeProcessingJobCommand({ ProcessingJobName: name }),
      );
      expect(ProcessingJobStatus).toBe("Stopping");
      clock.advance(1000);
      expect(await jobEnd(still, name)).toMatchObject({ ProcessingJobStatus: "Stopped" });
    } finally {
      await still.close();
    }
  });
});
