import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type Channel, DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUCKET, openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, startTraining } from "./script-job.ts";

/** Fails with all that the channel has, as its reason. */
const TELL = `import json, os
folder = os.environ["SM_CHANNEL_TRAIN"]
files = sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)
told = {name: open(os.path.join(folder, name)).read() for name in files}
mode = json.loads(os.environ["SM_INPUT_DATA_CONFIG"])["train"]["TrainingInputMode"]
open(os.environ["SM_OUTPUT_DIR"] + "/failure", "w").write(mode + " " + json.dumps(told))
raise SystemExit(1)
`;

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await put("in/a.csv", "a");
  await put("in/deep/b.csv", "b");
  await put("in/unlisted.csv", "c");
  await put("zipped/0.gz", gzipSync("ab"));
  await put("zipped/1.gz", gzipSync("c"));
});
afterAll(() => home.close());

const put = (Key: string, Body: string | Uint8Array) =>
  home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

function channel(key: string, S3DataType: "S3Prefix" | "ManifestFile" | "AugmentedManifestFile", more = {}): Channel {
  const DataSource = { S3DataSource: { S3DataType, S3Uri: `s3://${BUCKET}/${key}` } };
  return { ChannelName: "train", DataSource, ...more };
}

/** Why a job with this channel failed. */
async function reason(name: string, channel: Channel): Promise<unknown> {
  await startTraining(home, { name, script: TELL, channels: [channel] });
  return Reflect.get(Object(await jobEnd(home, name, "Training")), "FailureReason");
}

async function listed(name: string, manifest: string): Promise<unknown> {
  await put(`${name}.manifest`, manifest);
  return reason(name, channel(`${name}.manifest`, "ManifestFile"));
}

describe("a training job's channel", () => {
  it("has the objects a manifest lists, and no others, under their keys", async () => {
    const manifest = [{ prefix: `s3://${BUCKET}/in/` }, "a.csv", "deep/b.csv", "a.csv"];
    expect(await listed("manifest", JSON.stringify(manifest))).toBe(
      'AlgorithmError: File {"in/a.csv": "a", "in/deep/b.csv": "b"}, exit code: 1',
    );
  });

  it("fails the job when an object of its manifest is missing", async () => {
    expect(await listed("missing", JSON.stringify([{ prefix: `s3://${BUCKET}/in/` }, "a.csv", "none.csv"]))).toBe(
      `ClientError: Data download failed:S3 key: s3://${BUCKET}/in/none.csv matches no files on s3`,
    );
  });

  it.each([
    { name: "text", manifest: "in/a.csv\n", found: /it is not JSON$/ },
    { name: "no-prefix", manifest: '["a.csv"]', found: /expected object, received string, at 0$/ },
    {
      name: "nothing-listed",
      manifest: '[{"prefix": "s3://artifacts/in/"}]',
      found: /received undefined, at 1$/,
    },
    { name: "not-s3", manifest: '[{"prefix": "in/"}, "a.csv"]', found: /, at 0\.prefix$/ },
  ])("fails the job when its manifest is none: $name", async ({ name, manifest, found }) => {
    const said = await listed(name, manifest);
    expect(said).toMatch(/^ClientError: manifest s3:\/\/artifacts\/.*: expected a JSON array such as/);
    expect(said).toMatch(found);
  });

  it("does not leave its folder by a manifest", async () => {
    expect(await listed("leaving", JSON.stringify([{ prefix: `s3://${BUCKET}/in/` }, "../../a.csv"]))).toBe(
      "ClientError: key in/../../a.csv would leave the job's folder",
    );
  });

  it("has keys of any characters", async () => {
    const names = ["a b.csv", "ü+%20&='\"#?.csv", "deep/ space /x.csv", "-rf", "line\nbreak.csv"];
    for (const name of names) await put(`odd/${name}`, name);
    await put("odd/placeholder/", new Uint8Array(0));
    expect(await reason("odd", channel("odd/", "S3Prefix"))).toContain('"line\\nbreak.csv": "line\\nbreak.csv"');
    const told = String(await reason("odd-names", channel("odd/", "S3Prefix")));
    expect(Object.keys(JSON.parse(told.slice(told.indexOf("{"), told.lastIndexOf("}") + 1)))).toEqual(names.toSorted());
  });

  it("fails the job where a key is a folder to another", async () => {
    await put("both/x", "1");
    await put("both/x/y", "2");
    expect(await reason("both", channel("both/", "S3Prefix"))).toMatch(
      /^ClientError: Data download failed: s3:\/\/artifacts\/both\/x(\/y)? cannot be a file \(E\w+\)/,
    );
  });

  it("fails the job where there is nothing", async () => {
    expect(await reason("empty", channel("nothing/", "S3Prefix"))).toBe(
      `ClientError: Data download failed:S3 key: s3://${BUCKET}/nothing/ matches no files on s3`,
    );
  });

  it("is laid out as files in FastFile mode", async () => {
    expect(await reason("fast-file", channel("in/", "S3Prefix", { InputMode: "FastFile" }))).toBe(
      'AlgorithmError: FastFile {"a.csv": "a", "deep/b.csv": "b", "unlisted.csv": "c"}, exit code: 1',
    );
  });

  it("is a pipe for each epoch in Pipe mode, closed early or read to its end", async () => {
    const script = `import os, stat
at = os.path.dirname(os.environ["SM_MODEL_DIR"]) + "/input/data/train_%d"
told = [stat.S_ISFIFO(os.stat(at % 0).st_mode)]
with open(at % 0) as pipe: told.append(pipe.read(1))
for epoch in 1, 2:
    with open(at % epoch) as pipe: told.append(pipe.read())
open(os.environ["SM_OUTPUT_DIR"] + "/failure", "w").write(repr(told))
raise SystemExit(1)
`;
    for (const [name, key, more] of [
      ["pipe", "in/", {}],
      ["zipped-pipe", "zipped/", { CompressionType: "Gzip" }],
    ] as const) {
      const channels = [channel(key, "S3Prefix", { InputMode: "Pipe", ...more })];
      await startTraining(home, { name, script, channels });
      expect(Reflect.get(Object(await jobEnd(home, name, "Training")), "FailureReason")).toBe(
        "AlgorithmError: [True, 'a', 'abc', 'abc'], exit code: 1",
      );
    }
  });

  it.each([
    {
      input: channel("in/", "S3Prefix", { InputMode: "Pipe", RecordWrapperType: "RecordIO" }),
      said: /channel train: RecordIO is not built/,
    },
    { input: channel("in/", "AugmentedManifestFile"), said: /channel train: AugmentedManifestFile is not built/ },
    {
      input: channel("in/", "S3Prefix", { CompressionType: "Gzip" }),
      said: "Invalid compression type for channel train: File mode only supports NONE, got Gzip instead",
    },
  ])("is refused when it would be something else than files: $said", async ({ input, said }) => {
    const started = startTraining(home, { name: "refused", script: "print(1)", channels: [input] });
    await expect(started).rejects.toMatchObject({ name: "ValidationException" });
    await expect(started).rejects.toThrow(said);
    const described = home.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "refused" }));
    await expect(described).rejects.toThrow(/not found/);
  });
});
