/** The work of a batch transform job: each input object through the model, its answers as an object beside the others'. */
import { mkdirSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescribeTransformJobResponse } from "@aws-sdk/client-sagemaker";
import type { ServingProcess } from "../../runtime/jobs/index.ts";
import { JobFailure } from "./job-failure.ts";
import type { S3Transfer } from "./s3-transfer.ts";
import { type DataRules, dataRules } from "./transform-data.ts";
import { type PayloadRules, payloads } from "./transform-records.ts";

const MEGABYTE = 1024 * 1024;
const DEFAULT_PAYLOAD_MB = 6;
const DEFAULT_TIMEOUT_SECONDS = 600;
const DEFAULT_RETRIES = 3;
const NEWLINE = Buffer.from("\n");

export interface TransformWork {
  job: DescribeTransformJobResponse;
  transfer: S3Transfer;
  /** The job's own folder. */
  folder: string;
  serving: () => Promise<ServingProcess>;
  signal: AbortSignal;
}

/** What the service tells the container of the job. */
export function transformVariables(job: DescribeTransformJobResponse): Record<string, string> {
  return {
    SAGEMAKER_BATCH: "true",
    SAGEMAKER_BATCH_STRATEGY: job.BatchStrategy === "SingleRecord" ? "SINGLE_RECORD" : "MULTI_RECORD",
    SAGEMAKER_MAX_PAYLOAD_IN_MB: String(job.MaxPayloadInMB ?? DEFAULT_PAYLOAD_MB),
    SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(job.MaxConcurrentTransforms ?? 1),
    ...job.Environment,
  };
}

/** The job's rules for its data. @throws ValidationException */
export function transformData(
  job: Pick<DescribeTransformJobResponse, "DataProcessing" | "TransformInput">,
  accept?: string,
) {
  return dataRules(job.DataProcessing ?? {}, job.TransformInput?.ContentType, accept);
}

/**
 * Uploads the output of every object that went through whole.
 * @throws JobFailure of the first that did not, after the others
 */
export async function transformAll(work: TransformWork): Promise<void> {
  const { TransformInput: input, TransformOutput: output } = work.job;
  const source = input?.DataSource?.S3DataSource;
  const folder = join(work.folder, "input");
  if (source?.S3DataType === "ManifestFile") await work.transfer.downloadListed(source.S3Uri ?? "", folder);
  else await work.transfer.download(source?.S3Uri ?? "", folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const base = output?.S3OutputPath?.replace(/\/$/, "");
  const failures: unknown[] = [];
  for (const file of files.sort()) {
    const name = `${file.slice(folder.length + 1)}.out`;
    const answers = join(work.folder, "output", name);
    try {
      await transformFile(work, file, answers);
      await work.transfer.uploadFile(answers, `${base}/${name}`);
    } catch (thrown) {
      work.signal.throwIfAborted();
      failures.push(thrown);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function transformFile(work: TransformWork, file: string, answers: string): Promise<void> {
  const { job } = work;
  const data = transformData(job, job.TransformOutput?.Accept);
  const rules: PayloadRules = {
    split: job.TransformInput?.SplitType,
    compression: job.TransformInput?.CompressionType,
    multiRecord: job.BatchStrategy !== "SingleRecord",
    mostBytes: (job.MaxPayloadInMB ?? DEFAULT_PAYLOAD_MB) * MEGABYTE,
  };
  mkdirSync(dirname(answers), { recursive: true });
  const target = await open(answers, "w");
  try {
    let together: Promise<Buffer>[] = [];
    // In order, whichever answer comes first.
    const write = async () => {
      for (const answer of await Promise.all(together)) await target.write(answer);
      together = [];
    };
    for await (const { records, bodies } of payloads(file, rules, data.sent)) {
      together.push(transformPayload(work, data, records, bodies));
      if (together.length >= (job.MaxConcurrentTransforms || 1)) await write();
    }
    await write();
  } finally {
    await target.close();
  }
}

async function transformPayload(work: TransformWork, data: DataRules, records: Buffer[], bodies: Buffer[]) {
  const answer = await answerTo(
    work,
    Buffer.concat(bodies.flatMap((body, at) => (at === 0 ? [body] : [NEWLINE, body]))),
  );
  const assembled = work.job.TransformOutput?.AssembleWith === "Line";
  if (!data.perRecord) return assembled ? withNewline(answer) : answer;
  const own = records.length === 1 ? [withoutNewline(answer)] : linesOf(answer);
  if (own.length !== records.length)
    throw new JobFailure(
      "ClientError",
      `Fail to join data: mismatched line count between the input and the output: ${records.length} records, ${own.length} lines answered`,
    );
  const kept = records.map((record, at) => data.kept(record, own[at] ?? Buffer.alloc(0)));
  return records.length > 1 || assembled ? Buffer.concat(kept.map(withNewline)) : (kept[0] ?? Buffer.alloc(0));
}

/** Asks again what failed on the model's side, or not in time. */
async function answerTo({ job, serving, signal }: TransformWork, body: Buffer): Promise<Buffer> {
  const { InvocationsTimeoutInSeconds, InvocationsMaxRetries } = job.ModelClientConfig ?? {};
  const timeoutMs = (InvocationsTimeoutInSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const contentType = job.TransformInput?.ContentType ?? "application/octet-stream";
  const invocation = { body, contentType, accept: job.TransformOutput?.Accept ?? "*/*" };
  for (let left = InvocationsMaxRetries ?? DEFAULT_RETRIES; ; left -= 1) {
    signal.throwIfAborted();
    const answer = await serving()
      .then((process_) => process_.invoke(invocation, timeoutMs))
      .catch((thrown: unknown) => ({ status: 500, body: Buffer.from(String(thrown)) }));
    if (answer.status === 200) return answer.body;
    if (left > 0 && (answer.status >= 500 || answer.status === 429)) continue;
    const said = answer.body.toString("utf8").slice(0, 400);
    throw new JobFailure(
      "AlgorithmError",
      `See job logs for more information: Bad HTTP status received from algorithm: ${answer.status}, ${said}`,
    );
  }
}

function withNewline(answer: Buffer): Buffer {
  return answer.at(-1) === NEWLINE[0] ? answer : Buffer.concat([answer, NEWLINE]);
}

function withoutNewline(answer: Buffer): Buffer {
  return answer.at(-1) === NEWLINE[0] ? answer.subarray(0, -1) : answer;
}

function linesOf(answer: Buffer): Buffer[] {
  return withoutNewline(answer)
    .toString("utf8")
    .split(/\r?\n/)
    .map((line) => Buffer.from(line));
}
