/** `tidemill publish PRODUCT FILE|FOLDER`: a new version of a data product, and the lifecycle it causes. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { z } from "zod";
import { splitLine } from "../../handlers/curation/lines.ts";
import type { Connection } from "../connect.ts";
import { CommandFailure } from "../failure.ts";
import { type Followed, follow } from "../follow.ts";
import type { Part } from "../intake/part.ts";
import { shown, takeIn } from "../intake/take-in.ts";
import { type Lifecycle, lifecycleOf, type PublishResult, publishResult } from "../lifecycle.ts";
import { type Place, placeText, refusedInput } from "../refused-input.ts";
import { startLifecycle } from "../start-lifecycle.ts";
import type { Terminal } from "../terminal.ts";
import { until } from "../until.ts";

const Curated = z.discriminatedUnion("accepted", [
  z.looseObject({
    accepted: z.literal(true),
    dataVersion: z.string(),
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

export interface Published {
  result: PublishResult;
  /** Absent with `follow: false`. */
  lifecycle?: Lifecycle;
  followed?: Followed;
}

const APPEARS_WITHIN_MS = 60_000;
const LANDERS = 8;

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
  await requireProduct(connection, product);
  const { parts, bytes, leftOut } = await takeIn(path);
  for (const each of leftOut) terminal.line(terminal.dim(`left out: ${each}`));
  const files = parts.length === 1 ? "" : `${parts.length} files, `;
  terminal.line(`publishing ${shown(path)} as ${product} (${files}${bytes} bytes)`);
  const bucket = `tidemill-landing-${connection.accountId}-${connection.region}`;
  const keys = await land(connection, product, bucket, parts);
  const curated = await curate(connection, { product, bucket, keys });
  if (!curated.accepted) throw refusal(curated, keys, parts);
  tellLeftOut(curated, keys, parts, terminal);
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

/** Puts every part into the landing bucket, a few at a time. @returns their keys, in order */
async function land(
  connection: Connection,
  product: string,
  bucket: string,
  parts: readonly Part[],
): Promise<string[]> {
  const s3 = await connection.clients.s3();
  const keys = parts.map(({ key }) => `incoming/${product}/${key}`);
  const waiting = parts.entries();
  const lander = async () => {
    for (const [index, { text }] of waiting)
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: keys[index] ?? "", Body: text }));
  };
  await Promise.all(Array.from({ length: LANDERS }, lander));
  return keys;
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

function refusal(
  curated: Extract<Curated, { accepted: false }>,
  keys: readonly string[],
  parts: readonly Part[],
): CommandFailure {
  const part = parts[keys.indexOf(curated.file ?? "")];
  const kept = curated.quarantinedKey ? `; kept as ${curated.quarantinedKey}` : "";
  return refusedInput(part?.source, curated.reason, placeIn(part, curated), kept);
}

/** A few rows that do not fit are no reason to refuse the rest, but one to say so. */
function tellLeftOut(
  { rows, unreadableRows, firstUnreadable: first }: Extract<Curated, { accepted: true }>,
  keys: readonly string[],
  parts: readonly Part[],
  terminal: Terminal,
): void {
  if (first === undefined) return;
  const part = parts[keys.indexOf(first.file ?? "")];
  const place = `${part?.source ?? ""}${placeText(placeIn(part, first))}`;
  terminal.line(`left out: ${unreadableRows} of ${rows + unreadableRows} rows; the first: ${place}: ${first.reason}`);
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

async function statusOf(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  try {
    return (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ExecutionDoesNotExist") return undefined;
    throw thrown;
  }
}

async function appears(sfn: SFNClient, executionArn: string): Promise<void> {
  const status = await until(() => statusOf(sfn, executionArn), { withinMs: APPEARS_WITHIN_MS });
  if (status !== undefined) return;
  throw new CommandFailure(
    1,
    `no event started ${executionArn} within ${APPEARS_WITHIN_MS / 1000} s; see \`tidemill logs tidemill-start-lifecycle\`, or start it with \`tidemill run\``,
  );
}
