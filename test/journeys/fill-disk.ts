/**
 * Run by disk-full.journey.test.ts as `fill-disk.ts DISK`, where DISK is a small disk of its own: fills it at each thing a home
 * writes, and prints what was answered, full and with room again.
 */
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { homeConfig } from "./aws-clients.ts";
import { type Up, up } from "./command.ts";

const [disk = ""] = process.argv.slice(2);
const home = join(disk, "home");
const ballast = join(disk, "ballast");
const Bucket = "kept";
const PART_BYTES = 5 * 1024 * 1024;
/** Room for half of an upload of two parts, and what the home keeps for itself. */
const HALF_OF_IT = PART_BYTES + 8 * 1024 * 1024;
/** 9 million rows, of 60 MB and more. */
const LARGE = "SELECT a, b FROM UNNEST(sequence(1, 3000)) AS t(a) CROSS JOIN UNNEST(sequence(1, 3000)) AS u(b)";

/** Leaves `free` bytes on the disk. */
function leave(free: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)));
}

function makeRoom(): void {
  rmSync(ballast, { force: true });
}

/** What the caller is told: the error's words, or "done". */
const told = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );

async function endOf(athena: AthenaClient, QueryString: string): Promise<string> {
  const ResultConfiguration = { OutputLocation: `s3://${Bucket}/results/` };
  const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand({ QueryString, ResultConfiguration }));
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason = "" } = QueryExecution?.Status ?? {};
    if (State !== "QUEUED" && State !== "RUNNING") return `${State} ${StateChangeReason}`.trim();
  }
}

function clientsOf(running: Up) {
  const config = homeConfig(home, running);
  return { s3: new S3Client({ ...config, forcePathStyle: true }), athena: new AthenaClient(config) };
}

async function multipart(s3: S3Client): Promise<string[]> {
  const upload = { Bucket, Key: "in parts" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (const PartNumber of [1, 2]) {
    const Body = Buffer.alloc(PART_BYTES, PartNumber);
    const { ETag } = await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const complete = new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } });
  leave(HALF_OF_IT);
  const full = await told(s3.send(complete));
  makeRoom();
  return [full, await told(s3.send(complete))];
}

const first = await up(home);
const { s3, athena } = clientsOf(first);
await s3.send(new CreateBucketCommand({ Bucket }));
await s3.send(new PutObjectCommand({ Bucket, Key: "acknowledged", Body: "kept" }));
leave(HALF_OF_IT);
const put = await told(s3.send(new PutObjectCommand({ Bucket, Key: "large", Body: Buffer.alloc(2 * PART_BYTES) })));
makeRoom();
const completed = await multipart(s3);
leave(20 * 1024 * 1024);
const query = await endOf(athena, LARGE);
makeRoom();
const queryAfter = await endOf(athena, "SELECT 1");

const said: Buffer[] = [];
first.process.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
const ended = new Promise<number | null>((resolve) => first.process.once("close", resolve));
leave(0);
const kept: string[] = ["acknowledged"];
let store = "";
// An upload may be what finds no room first, and the home goes on.
for (let count = 0; !store.includes("home.db"); count++) {
  const Key = `small-${count}`;
  store = await told(s3.send(new PutObjectCommand({ Bucket, Key, Body: "" })));
  if (store === "done") kept.push(Key);
}
const code = await ended;
makeRoom();
const second = await up(home);
const again = clientsOf(second).s3;
const lost: string[] = [];
for (const Key of kept) if ((await told(again.send(new GetObjectCommand({ Bucket, Key })))) !== "done") lost.push(Key);
const putAfter = await told(again.send(new PutObjectCommand({ Bucket, Key: "after", Body: "x" })));
await second.stop();
process.stdout.write(
  JSON.stringify({
    put,
    completed,
    query,
    queryAfter,
    store,
    code,
    lost,
    putAfter,
    said: Buffer.concat(said).toString(),
  }),
);
