import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { BUCKET, openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { configure, serving } from "./served-model.ts";

/** Answers each line with the number of its fields and the number of lines it came with; refuses a line with "bad". */
const COUNT = `import json, os
def model_fn(model_dir): return os.environ["SAGEMAKER_BATCH_STRATEGY"]
def transform_fn(model, body, content_type, accept):
    text = body if isinstance(body, str) else body.decode()
    if "hang" in text:
        import time
        time.sleep(100000)
    lines = text.splitlines()
    if any("bad" in line for line in lines): raise ValueError("bad is not understood")
    if content_type == "application/json":
        return "\\n".join(json.dumps({"seen": sorted(json.loads(line))}) for line in lines), content_type
    return "\\n".join("%d,%d" % (len(line.split(",")), len(lines)) for line in lines), "text/csv"
`;

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  await configure(home, "count", serving(COUNT));
  await put("csv/a.csv", "id1,1,2\nid2,3,4\r\n\nid3,5,6");
  await put("csv/deep/b.csv", "id4,7,8\n");
  await put("json/a.jsonl", '{"id": 1, "x": [1]}\n{"id": 2, "x": [2]}\n');
  await put("gzip/a.csv.gz", gzipSync("1,2\n"));
  await put("mixed/a.csv", "good,1\n");
  await put("mixed/b.csv", "bad,1\n");
  await put("quoted/a.csv", '"a, b",1\n');
  await put("hang/a.csv", "hang,1\n");
});
afterAll(() => home.close());

const put = (Key: string, Body: string | Uint8Array) =>
  home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

interface Transform {
  name: string;
  from: string;
  type?: string;
  input?: Partial<sm.TransformInput>;
  output?: Partial<sm.TransformOutput>;
  request?: Partial<sm.CreateTransformJobRequest>;
}

async function start(
  { name, from, type = "text/csv", input, output, request }: Transform,
  at: SagemakerHome = home,
): Promise<void> {
  const S3DataSource = { S3DataType: "S3Prefix" as const, S3Uri: `s3://${BUCKET}/${from}` };
  await at.sagemaker.send(
    new sm.CreateTransformJobCommand({
      TransformJobName: name,
      ModelName: "count",
      TransformInput: { DataSource: { S3DataSource }, ContentType: type, SplitType: "Line", ...input },
      TransformOutput: { S3OutputPath: `s3://${BUCKET}/out/${name}/`, AssembleWith: "Line", Accept: type, ...output },
      TransformResources: { InstanceCount: 1, InstanceType: "ml.m5.large" },
      ...request,
    }),
  );
}

async function end(name: string, at: SagemakerHome = home): Promise<sm.DescribeTransformJobResponse> {
  const ends = ["Completed", "Failed", "Stopped"].map((TransformJobStatus) =>
    at.event("SageMaker Transform Job State Change", { TransformJobName: name, TransformJobStatus }),
  );
  await Promise.race(ends);
  return await at.sagemaker.send(new sm.DescribeTransformJobCommand({ TransformJobName: name }));
}

/** What the job left: name → text. */
async function outputs(name: string, at: SagemakerHome = home): Promise<Record<string, string>> {
  const Prefix = `out/${name}/`;
  const { Contents = [] } = await at.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
  const texts = Contents.map(async ({ Key = "" }) => {
    const { Body } = await at.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    return [Key.slice(Prefix.length), (await Body?.transformToString()) ?? ""] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

async function transformed(job: Transform): Promise<Record<string, string>> {
  await start(job);
  expect(await end(job.name)).toMatchObject({ TransformJobStatus: "Completed" });
  return await outputs(job.name);
}

describe("a batch transform job", () => {
  it("sends each object's lines together, and leaves an answer beside each", async () => {
    expect(await transformed({ name: "multi", from: "csv/" })).toEqual({
      "a.csv.out": "3,3\n3,3\n3,3\n",
      "deep/b.csv.out": "3,1\n",
    });
    const described = await home.sagemaker.send(new sm.DescribeTransformJobCommand({ TransformJobName: "multi" }));
    expect(described).toMatchObject({
      ModelName: "count",
      TransformJobStatus: "Completed",
      TransformInput: { CompressionType: "None", SplitType: "Line" },
      DataProcessing: { InputFilter: "$", OutputFilter: "$", JoinSource: "None" },
    });
    expect(described.TransformEndTime?.getTime()).toBeGreaterThanOrEqual(described.TransformStartTime?.getTime() ?? 0);
  });

  it("sends lines one by one, or the whole object, as asked", async () => {
    const single = { name: "single", from: "csv/a", request: { BatchStrategy: "SingleRecord" as const } };
    expect(await transformed(single)).toEqual({ "a.csv.out": "3,1\n3,1\n3,1\n" });
    const whole = {
      name: "whole",
      from: "csv/a.csv",
      input: { SplitType: undefined },
      output: { AssembleWith: undefined },
    };
    expect(await transformed(whole)).toEqual({ "a.csv.out": "3,4\n3,4\n1,4\n3,4" });
    expect(await transformed({ name: "gzip", from: "gzip/", input: { CompressionType: "Gzip" } })).toEqual({
      "a.csv.gz.out": "2,1\n",
    });
  });

  it("filters what is sent, joins it with the answer, and filters what is kept", async () => {
    const DataProcessing = { InputFilter: "$[1:]", JoinSource: "Input" as const };
    expect(await transformed({ name: "join", from: "csv/a.csv", request: { DataProcessing } })).toEqual({
      "a.csv.out": "id1,1,2,2,3\nid2,3,4,2,3\nid3,5,6,2,3\n",
    });
    const kept = { ...DataProcessing, OutputFilter: "$[0,-1]" };
    const concurrent = { DataProcessing: kept, BatchStrategy: "SingleRecord" as const, MaxConcurrentTransforms: 2 };
    expect(await transformed({ name: "kept", from: "csv/a.csv", request: concurrent })).toEqual({
      "a.csv.out": "id1,1\nid2,1\nid3,1\n",
    });
    const first = { InputFilter: "$[0]", JoinSource: "Input" as const, OutputFilter: "$[0,2]" };
    expect(await transformed({ name: "quoted", from: "quoted/", request: { DataProcessing: first } })).toEqual({
      "a.csv.out": '"a, b",2\n',
    });
  });

  it("does so with JSON lines", async () => {
    const DataProcessing = {
      InputFilter: "$['x']",
      JoinSource: "Input" as const,
      OutputFilter: "$['id','SageMakerOutput']",
    };
    const job = { name: "json", from: "json/", type: "application/json", request: { DataProcessing } };
    expect(await transformed(job)).toEqual({
      "a.jsonl.out": '{"id":1,"SageMakerOutput":{"seen":[1]}}\n{"id":2,"SageMakerOutput":{"seen":[2]}}\n',
    });
  });

  it("fails with what the model answered, and keeps the outputs of the other objects", async () => {
    await start({ name: "mixed", from: "mixed/" });
    const job = await end("mixed");
    expect(job).toMatchObject({ TransformJobStatus: "Failed" });
    expect(job.FailureReason).toMatch(/^AlgorithmError: .*algorithm: 400, bad is not understood$/);
    expect(await outputs("mixed")).toEqual({ "a.csv.out": "2,1\n" });
  });

  it("ends when it is stopped", async () => {
    await start({ name: "hang", from: "hang/" });
    await home.event("SageMaker Transform Job State Change", { TransformJobName: "hang" });
    await home.sagemaker.send(new sm.StopTransformJobCommand({ TransformJobName: "hang" }));
    expect(await end("hang")).toMatchObject({ TransformJobStatus: "Stopped" });
    const listed = await home.sagemaker.send(new sm.ListTransformJobsCommand({ StatusEquals: "Stopped" }));
    expect(listed.TransformJobSummaries?.map((job) => job.TransformJobName)).toEqual(["hang"]);
  });

  it("T1: is begun anew by the next home", async () => {
    const directory = temporaryFolder("transform");
    const go = join(directory, "go");
    const first = await openSagemakerHome({ directory });
    const program = `import os, time
def model_fn(model_dir): return None
def transform_fn(model, body, content_type, accept):
    while not os.path.exists(os.environ["GO"]): time.sleep(0.01)
    return body, "text/csv"
`;
    await configure(first, "wait", serving(program));
    await first.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "csv/a.csv", Body: "1\n2\n" }));
    await start({ name: "again", from: "csv/", request: { ModelName: "wait", Environment: { GO: go } } }, first);
    await first.close();
    const next = await openSagemakerHome({ directory });
    try {
      writeFileSync(go, "");
      expect(await end("again", next)).toMatchObject({ TransformJobStatus: "Completed" });
      expect(await outputs("again", next)).toEqual({ "a.csv.out": "1\n2\n" });
    } finally {
      await next.close();
    }
  });

  it.each([
    { request: { DataProcessing: { InputFilter: "$[1:" } }, said: /InputFilter is not a valid JSONPath/ },
    { request: { MaxPayloadInMB: 60, MaxConcurrentTransforms: 2 }, said: /must be at most 100, found 2 \* 60/ },
    { request: { ModelName: "none" }, said: /Could not find model/ },
  ])("is refused: $said", async ({ request, said }) => {
    await expect(start({ name: "refused", from: "csv/", request })).rejects.toThrow(said);
  });
});
