/**
 * The whole lifecycle of a first version, published to a home that stands until its model is registered, beside its own three
 * scripts run by hand one after the other: the same interpreter, the same inputs, and nothing else.
 * To reach: at most 1.15 times. On the sample's 1,000 rows the scripts take a second, so what the lifecycle adds (curation,
 * crawl, two queries, the gate, registration) weighs more than it does on data worth the name: the second row is of 100,000.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type BenchResult, median } from "./bench-result.ts";
import { ENVIRONMENTS, type HomeProcess, keysOf, ROOT, startHome, tidemill } from "./home-process.ts";
import { manyCustomers } from "./many-customers.ts";

const MANY_ROWS = 100_000;
const SEED = 20_251;
const MOST_RATIO = 1.15;
/** A home that somebody publishes to has stood for a while: what its own start set off (events of its resources, reading ahead) is over. */
const STANDS_MS = 3_000;
const MODEL = join(ROOT, "models", "credit-risk");
const SAMPLE = join(MODEL, "data", "kredit.asc");
const BUCKET = "000000000000-us-east-1-athena-logs";

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  try {
    const many = join(folder, "many.asc");
    writeFileSync(many, manyCustomers(readFileSync(SAMPLE, "utf8"), MANY_ROWS, SEED));
    const rows = [
      await measure("credit-risk, 1,000 rows", SAMPLE, 3),
      await measure("credit-risk, 100,000 rows", many, 5),
    ];
    const missed = rows
      .filter(({ ratio }) => ratio > MOST_RATIO)
      .map(({ name, ratio }) => `${name}: the lifecycle takes ${ratio} times its scripts, at most ${MOST_RATIO}`);
    return { rows, missed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(name: string, data: string, runs: number) {
  const lifecycle: number[] = [];
  const byHand: number[] = [];
  for (let index = 0; index < runs; index++) {
    const folder = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
    try {
      const home = join(folder, "home");
      const started = await startHome(home);
      await setTimeout(STANDS_MS);
      const began = performance.now();
      tidemill(home, "publish", "credit-card", data);
      lifecycle.push(performance.now() - began);
      await fetchRows(started, home, join(folder, "rows"));
      await started.stop();
      byHand.push(scripts(folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const lifecycleMs = Math.round(median(lifecycle));
  const byHandMs = Math.round(median(byHand));
  return { name, lifecycleMs, byHandMs, ratio: Math.round((100 * lifecycleMs) / byHandMs) / 100 };
}

/** The rows as the processing job was given them: the Parquet files of its Athena dataset definition. */
async function fetchRows({ endpoint }: HomeProcess, home: string, folder: string): Promise<void> {
  const s3 = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: keysOf(home) });
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "datasets/credit-risk/" }),
  );
  mkdirSync(folder);
  for (const { Key = "" } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    if (Body !== undefined) writeFileSync(join(folder, Key.replaceAll("/", "-")), await Body.transformToByteArray());
  }
}

/** Milliseconds of preprocess, train and evaluate, one after the other. */
function scripts(folder: string): number {
  const at = (...parts: string[]) => join(folder, ...parts);
  const python = interpreter();
  const began = performance.now();
  execFileSync(python, [join(MODEL, "preprocess.py"), "--input", at("rows"), "--output", at("sets")]);
  const channels = ["--train", at("sets", "train"), "--validation", at("sets", "validation")];
  const outputs = ["--model_dir", at("model"), "--output_data_dir", at("metrics")];
  execFileSync(python, [join(MODEL, "train.py"), "--max_depth", "4", ...channels, ...outputs]);
  mkdirSync(at("packed"));
  execFileSync("tar", ["-czf", at("packed", "model.tar.gz"), "-C", at("model"), "."]);
  const inputs = ["--test", at("sets", "test"), "--model", at("packed"), "--champion", at("none")];
  execFileSync(python, [join(MODEL, "evaluate.py"), ...inputs, "--output", at("evaluation")]);
  return performance.now() - began;
}

/** The environment the home made for the model's requirements. */
function interpreter(): string {
  for (const name of readdirSync(ENVIRONMENTS)) {
    const python = join(ENVIRONMENTS, name, "venv", "bin", "python");
    try {
      execFileSync(python, ["-c", "import xgboost, pyarrow, numpy"], { stdio: "ignore" });
      return python;
    } catch {
      // An environment of other requirements.
    }
  }
  throw new Error(`no environment under ${ENVIRONMENTS} holds the model's requirements; publish once`);
}
