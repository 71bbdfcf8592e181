/**
 * Objects in and out of a standing home by the SDK, as handlers and the command move them: what the client waits, and what
 * of the processors' time the home takes with all its threads (Linux tells that to 10 ms, so it is of all runs together).
 * No figure to reach: MD5, SHA-256 and CRC32 of 25 MB alone take 45 ms.
 */
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type BenchResult, median } from "./bench-result.ts";
import { type HomeProcess, keysOf, startHome } from "./home-process.ts";

const MEGABYTES = [1, 25, 100];
const RUNS = 9;
const Bucket = "bench-objects";

export async function run(): Promise<BenchResult> {
  const home = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  try {
    const started = await startHome(home);
    const { endpoint } = started;
    const s3 = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: keysOf(home) });
    await s3.send(new CreateBucketCommand({ Bucket }));
    const rows = [];
    for (const megabytes of MEGABYTES) {
      const Body = randomFillSync(Buffer.alloc(megabytes * 1e6));
      const put = () => s3.send(new PutObjectCommand({ Bucket, Key: "object", Body }));
      const get = async () => {
        const answer = await s3.send(new GetObjectCommand({ Bucket, Key: "object" }));
        await answer.Body?.transformToByteArray();
      };
      rows.push(await measure(`put ${megabytes} MB`, put, started), await measure(`get ${megabytes} MB`, get, started));
    }
    s3.destroy();
    await started.stop();
    return { rows, missed: [] };
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function measure(name: string, work: () => Promise<unknown>, home: HomeProcess) {
  await work();
  const cpuBefore = home.cpuMs();
  const times: number[] = [];
  for (let index = 0; index < RUNS; index++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  const ms = Math.round(median(times) * 10) / 10;
  return { name, ms, homeCpuMs: Math.round((home.cpuMs() - cpuBefore) / RUNS) };
}
