/** `tidemill publish PRODUCT FILE|FOLDER`: a new version of a data product, and the lifecycle it causes. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { splitLine } from "../../handlers/curation/lines.ts";
import { namesBelow } from "../config-names.ts";
import type { Connection } from "../connect.ts";
import { CommandFailure } from "../failure.ts";
import type { Followed } from "../follow.ts";
import type { Part } from "../intake/part.ts";
import { type Reading, shown, type TakenIn, takeIn } from "../intake/take-in.ts";
import { type LandedObject, land, quarantine } from "../landing.ts";
import { type Lifecycle, type PublishResult, publishResult } from "../lifecycle.ts";
import { withPresentStatus } from "../present-status.ts";
import { megabytes, withProgress } from "../progress.ts";
import { followVersion, namedExecution, statusOf } from "../published-version.ts";
import { type Place, placeText, RefusedFile, refusedInput } from "../refused-input.ts";
import { seconds, type Terminal } from "../terminal.ts";

const Curated = z.discriminatedUnion("accepted", [
  z.looseObject({
    accepted: z.literal(true),
    dataVersion: z.string(),
    table: z.object({ bucket: z.string(), key: z.string(), etag: z.string() }),
    changed: z.boolean(),
    rows: z.number(),
    unreadableRows: z.number(),
    firstUnreadable: z
      .object({
        reason: z.string(),
        file: z.string().optional(),
        line: z.number().optional(),
        column: z.number().optional(),
      })
      .optional(),
  }),
  z.looseObject({
    accepted: z.literal(false),
    reason: z.string(),
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
    quarantinedKey: z.string().optional(),
  }),
]);
type Curated = z.infer<typeof Curated>;
type Accepted = Extract<Curated, { accepted: true }>;

export interface Published {
  result: PublishResult;
  /** Absent with `follow: false`. */
  lifecycle?: Lifecycle;
  followed?: Followed;
}

const CURATE_PRODUCT = "tidemill-curate-product";

/** What of it stays, were the publishing to end now: for the person who ends it. */
export type Remains = (text: string) => void;

/**
 * Publishes and, with `follow`, waits for the lifecycle's end.
 * @throws CommandFailure (3) when the file is refused, (1) when the lifecycle fails, (2) when there is no such file
 */
export async function publish(
  connection: Connection,
  terminal: Terminal,
  product: string,
  path: string,
  options: { follow: boolean; remains?: Remains },
): Promise<Published> {
  const remains = options.remains ?? (() => undefined);
  remains("nothing is published");
  await requireProduct(connection, product);
  const bucket = `tidemill-landing-${connection.accountId}-${connection.region}`;
  const asked = askToCurate(connection);
  const taken = await read(path, terminal).catch((thrown: unknown) => keep(thrown, connection, { product, bucket }));
  await asked;
  const { parts, bytes, leftOut } = taken;
  for (const each of leftOut) terminal.line(terminal.dim(`left out: ${each}`));
  const files = parts.length === 1 ? "" : `${parts.length} files, `;
  terminal.line(`publishing ${shown(path)} as ${product} (${files}${bytes} bytes)`);
  const keys = await upload(connection, { product, bucket }, taken, terminal);
  // From here on it is the function's, which writes the table whole or not at all.
  remains("the table is published whole or not at all: publish again to see");
  const curated = await curate(connection, { product, bucket, keys }, terminal);
  if (!curated.accepted) throw refusal(curated, parts);
  remains(`data version ${curated.dataVersion} is published, and its lifecycle goes on`);
  tellLeftOut(curated, parts, terminal);
  const version = { product, dataVersion: curated.dataVersion, table: curated.table };
  const named = namedExecution(connection, version);
  const before = await statusOf(connection, named, version);
  const known = before === "SUCCEEDED";
  terminal.line(`data version ${curated.dataVersion}${known ? ", which has been here before" : ""}`);
  if (!options.follow) {
    const outcome = known ? "unchanged" : "recorded";
    const reason = "accepted; not followed";
    return { result: { outcome, dataVersion: curated.dataVersion, executionArn: named, reason } };
  }
  const { executionArn, lifecycle, followed } = await followVersion(connection, terminal, version, before);
  const result = publishResult(lifecycle, executionArn);
  if (!known) return { result, lifecycle, followed };
  const now = await withPresentStatus(lifecycle, connection);
  const reason = `data version ${curated.dataVersion} was handled before (${lifecycle.outcome}); nothing to do`;
  return {
    result: { ...result, outcome: "unchanged", reason },
    lifecycle: { ...now, outcome: "unchanged", reason },
    followed,
  };
}

async function requireProduct(connection: Connection, product: string): Promise<void> {
  const names = await namesBelow(await connection.clients.ssm(), "/tidemill/products/");
  if (!names.includes(product)) {
    throw new CommandFailure(2, `there is no data product "${product}"; there are: ${names.join(", ") || "none"}`);
  }
}

function read(path: string, terminal: Terminal): Promise<TakenIn> {
  let now: Reading = { files: 0, of: 0, bytes: 0 };
  const told = () => `reading ${now.files} of ${now.of} files, ${megabytes(now.bytes)}`;
  return withProgress(terminal, told, () =>
    takeIn(path, (reading) => {
      now = reading;
    }),
  );
}

/** A file that is refused before it is uploaded is kept as one that the curation refuses. */
async function keep(thrown: unknown, connection: Connection, to: { product: string; bucket: string }): Promise<never> {
  if (!(thrown instanceof RefusedFile)) throw thrown;
  const key = await quarantine(await connection.clients.s3(), to, thrown);
  throw new CommandFailure(3, `${thrown.message}; kept as ${key}`, thrown.result);
}

async function upload(
  connection: Connection,
  to: { product: string; bucket: string },
  { parts }: TakenIn,
  terminal: Terminal,
): Promise<LandedObject[]> {
  const s3 = await connection.clients.s3();
  const all = parts.reduce((sum, { text }) => sum + text.length, 0);
  let there = 0;
  const told = () => `uploading ${megabytes(there)} of ${megabytes(all)}`;
  return withProgress(terminal, told, () =>
    land(s3, to, parts, (bytes) => {
      there += bytes;
    }),
  );
}

/** Whether the function may be called, before anything is uploaded for it; a home has it ready by then. */
function askToCurate({ clients }: Connection): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: CURATE_PRODUCT, InvocationType: "DryRun" });
  const answer = clients.lambda().then((lambda) => lambda.send(command));
  // Heard of once the files are read.
  answer.catch(() => undefined);
  return answer;
}

async function curate(connection: Connection, input: object, terminal: Terminal): Promise<Curated> {
  const lambda = await connection.clients.lambda();
  const command = new InvokeCommand({
    FunctionName: CURATE_PRODUCT,
    Payload: Buffer.from(JSON.stringify(input)),
  });
  const since = Date.now();
  const told = () => `checking and curating, ${seconds(Date.now() - since)}`;
  const answer = await withProgress(terminal, told, () => lambda.send(command));
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError !== undefined) throw new CommandFailure(1, `curation failed: ${text}`);
  return Curated.parse(JSON.parse(text));
}

function refusal(curated: Extract<Curated, { accepted: false }>, parts: readonly Part[]): CommandFailure {
  const part = partOf(curated, parts);
  const kept = curated.quarantinedKey ? `; kept as ${curated.quarantinedKey}` : "";
  return refusedInput(part?.source, curated.reason, placeIn(part, curated), kept);
}

/** A few rows that do not fit are no reason to refuse the rest, but one to say so. */
function tellLeftOut(
  { rows, unreadableRows, firstUnreadable: first }: Accepted,
  parts: readonly Part[],
  terminal: Terminal,
): void {
  if (first === undefined) return;
  const part = partOf(first, parts);
  const place = `${part?.source ?? ""}${placeText(placeIn(part, first))}`;
  terminal.line(`left out: ${unreadableRows} of ${rows + unreadableRows} rows; the first: ${place}: ${first.reason}`);
}

function partOf({ file }: { file?: string | undefined }, parts: readonly Part[]): Part | undefined {
  return parts.find(({ key }) => key === file);
}

/** The header of what was a table of cells is no row of it. */
function placeIn(
  part: Part | undefined,
  { line, column }: { line?: number | undefined; column?: number | undefined },
): Place {
  if (line === undefined) return {};
  if (part?.cells !== true) return { line, ...(column === undefined ? {} : { column }) };
  const fields = splitLine(part.text.toString("utf8").split("\n", line)[line - 1] ?? "", ",");
  const field = fields.findIndex((one) => one.column === column) + 1;
  return { ...(line === 1 ? {} : { row: line - 1 }), ...(field === 0 ? {} : { column: field }) };
}
