/**
 * The whole lifecycle of a first version, published to a home that stands until its model is registered, beside its own three
 * scripts run by hand one after the other: the same interpreter, the same inputs, and nothing else.
 * To reach (docs/decisions/0095): at most 1.15 times at 100,000 rows. The sample's 1,000 rows take the scripts less than a second, most of
 * it the starts of three interpreters; there what the lifecycle adds (command, curation, crawl, two queries, the gate, registration) is
 * held in seconds.
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
const MOST_ADDED_MS = 1500;
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
    const sample = await measure("credit-risk, 1,000 rows", SAMPLE, 3);
    const large = await measure("credit-risk, 100,000 rows", many, 5);
    const missed: string[] = [];
    if (sample.addedMs > MOST_ADDED_MS)
      missed.push(`${sample.name}: the lifecycle adds ${sample.addedMs} ms to its scripts, at most ${MOST_ADDED_MS}`);
    if (large.ratio > MOST_RATIO)
      missed.push(`${large.name}: the lifecycle takes ${large.ratio} times its scripts, at most ${MOST_RATIO}`);
    const rows = [sample, large];
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
  const ratio = Math.round((100 * lifecycleMs) / byHandMs) / 100;
  return { name, lifecycleMs, byHandMs, addedMs: lifecycleMs - byHandMs, ratio };
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
