/** `tidemill publish PRODUCT FILE|FOLDER`: a new version of a data product, and the lifecycle it causes. */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { z } from "zod";
import type { Connection } from "../connect.ts";
import { CommandFailure } from "../failure.ts";
import { type Followed, follow } from "../follow.ts";
import { type Lifecycle, lifecycleOf, type PublishResult, publishResult } from "../lifecycle.ts";
import { startLifecycle } from "../start-lifecycle.ts";
import type { Terminal } from "../terminal.ts";

const Curated = z.discriminatedUnion("accepted", [
  z.looseObject({
    accepted: z.literal(true),
    dataVersion: z.string(),
    changed: z.boolean(),
    rows: z.number().optional(),
  }),
  z.looseObject({
    accepted: z.literal(false),
    reason: z.string(),
    line: z.number().nullish(),
    column: z.number().nullish(),
    quarantinedKey: z.string().nullish(),
  }),
]);
type Curated = z.infer<typeof Curated>;

export interface Published {
  result: PublishResult;
  /** Absent with `follow: false`. */
  lifecycle?: Lifecycle;
  followed?: Followed;
}

const APPEARS_WITHIN_MS = 60_000;
const POLL_MS = 100;

/**
 * Publishes and, with `follow`, waits for the lifecycle's end.
 * @throws CommandFailure (3) when the file is refused, (1) when the lifecycle fails, (2) when there is no such file
 */
export async function publish(
  connection: Connection,
  terminal: Terminal,
  product: string,
  path: string,
  options: { follow: boolean },
): Promise<Published> {
  const file = await onlyFile(path);
  await requireProduct(connection, product);
  const bucket = `tidemill-landing-${connection.accountId}-${connection.region}`;
  const key = `incoming/${product}/${basename(file.path)}`;
  terminal.line(`publishing ${shown(path)} as ${product} (${file.size} bytes)`);
  const s3 = await connection.clients.s3();
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: createReadStream(file.path), ContentLength: file.size }),
  );
  const curated = await curate(connection, { product, bucket, key });
  if (!curated.accepted) throw refusal(curated);
  const sfn = await connection.clients.sfn();
  const named = `arn:aws:states:${connection.region}:${connection.accountId}:execution:data-product-update:${product}-${curated.dataVersion}`;
  const before = await statusOf(sfn, named);
  const known = before === "SUCCEEDED";
  terminal.line(`data version ${curated.dataVersion}${known ? ", which has been here before" : ""}`);
  if (!options.follow) {
    const outcome = known ? "unchanged" : "recorded";
    const reason = "accepted; not followed";
    return { result: { outcome, dataVersion: curated.dataVersion, executionArn: named, reason } };
  }
  if (before === undefined) await appears(sfn, named);
  // An execution that failed keeps its name; what it did not finish is begun again under a new one.
  const failed = before !== undefined && before !== "SUCCEEDED" && before !== "RUNNING";
  const executionArn = failed ? await startLifecycle(connection, product, false) : named;
  const followed = await follow(sfn, executionArn, terminal, known);
  const lifecycle = lifecycleOf(followed);
  const result = publishResult(lifecycle, executionArn);
  if (!known) return { result, lifecycle, followed };
  const reason = `data version ${curated.dataVersion} was handled before (${lifecycle.outcome}); nothing to do`;
  return {
    result: { ...result, outcome: "unchanged", reason },
    lifecycle: { ...lifecycle, outcome: "unchanged", reason },
    followed,
  };
}

async function requireProduct(connection: Connection, product: string): Promise<void> {
  const ssm = await connection.clients.ssm();
  const names: string[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath(
    { client: ssm },
    { Path: "/tidemill/products" },
  )) {
    for (const { Name = "" } of Parameters) names.push(Name.slice("/tidemill/products/".length));
  }
  if (!names.includes(product)) {
    throw new CommandFailure(2, `there is no data product "${product}"; there are: ${names.join(", ") || "none"}`);
  }
}

async function onlyFile(path: string): Promise<{ path: string; size: number }> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new CommandFailure(2, `${path}: no such file or folder`);
  if (found.isFile()) return { path, size: found.size };
  if (!found.isDirectory()) throw new CommandFailure(2, `${path} is neither a file nor a folder`);
  const names = (await readdir(path)).filter((name) => !name.startsWith("."));
  const [only] = names;
  if (names.length !== 1 || only === undefined) {
    throw new CommandFailure(2, `${path} has ${names.length} files; a table is published as one file, so name the one`);
  }
  return onlyFile(join(path, only));
}

async function curate(connection: Connection, input: object): Promise<Curated> {
  const lambda = await connection.clients.lambda();
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: "tidemill-curate-product", Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError !== undefined) throw new CommandFailure(1, `curation failed: ${text}`);
  return Curated.parse(JSON.parse(text));
}

function refusal(curated: Extract<Curated, { accepted: false }>): CommandFailure {
  const place = curated.line ? ` (line ${curated.line}${curated.column ? `, column ${curated.column}` : ""})` : "";
  const kept = curated.quarantinedKey ? `; kept as ${curated.quarantinedKey}` : "";
  const result: PublishResult & { line?: number; column?: number } = {
    outcome: "refused",
    dataVersion: null,
    reason: `${curated.reason}${place}`,
    ...(curated.line ? { line: curated.line } : {}),
    ...(curated.column ? { column: curated.column } : {}),
  };
  return new CommandFailure(3, `refused: ${curated.reason}${place}${kept}`, result);
}

async function statusOf(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  try {
    return (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ExecutionDoesNotExist") return undefined;
    throw thrown;
  }
}

async function appears(sfn: SFNClient, executionArn: string): Promise<void> {
  const giveUp = Date.now() + APPEARS_WITHIN_MS;
  while ((await statusOf(sfn, executionArn)) === undefined) {
    if (Date.now() > giveUp) {
      throw new CommandFailure(
        1,
        `no event started ${executionArn} within ${APPEARS_WITHIN_MS / 1000} s; see \`tidemill logs tidemill-start-lifecycle\`, or start it with \`tidemill run\``,
      );
    }
    await pause(POLL_MS);
  }
}

/** As one would type it: from here, unless that climbs out. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") || fromHere === "" ? path : fromHere;
}
