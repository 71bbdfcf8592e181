/**
 * ResultWriter: the children's results, as the Map state's output or as files beside a manifest.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
import { z } from "zod";
import type { JsonObject, JsonValue, WriteResultsEffect } from "../../../../engine/states/index.ts";
import { toAwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import type { ExecutionStore } from "../execution-store.ts";
import { type ChildResult, childResult } from "./child-result.ts";
import type { MapRunStore } from "./map-run-store.ts";
import { ResultFiles } from "./result-files.ts";
import { ResultsError } from "./results-error.ts";
import { s3Cause } from "./s3-objects.ts";

export interface ResultParts {
  home: HomePorts;
  executions: ExecutionStore;
  store: MapRunStore;
  principal: Principal;
}

const Config = z.object({
  Transformation: z.enum(["NONE", "COMPACT", "FLATTEN"]).optional(),
  OutputType: z.enum(["JSON", "JSONL"]).default("JSON"),
});
const Destination = z.object({ Bucket: z.string(), Prefix: z.string().default("") });
const MAX_OUTPUT_BYTES = 262_144;
const PAGE = 200;

/** @throws ResultsError */
export async function gatherResults(parts: ResultParts, effect: WriteResultsEffect): Promise<JsonValue> {
  const config = Config.safeParse(effect.writerConfig);
  if (!config.success) throw new ResultsError(undefined, `Invalid WriterConfig: ${config.error.issues[0]?.message}`);
  const { OutputType, Transformation } = config.data;
  if (effect.destination === undefined) {
    const output = outputArray(parts, effect, Transformation ?? "COMPACT");
    return OutputType === "JSON" ? output : output.map((value) => JSON.stringify(value)).join("\n");
  }
  const destination = Destination.safeParse(effect.destination.parameters);
  if (!destination.success) {
    const [issue] = destination.error.issues;
    throw new ResultsError(
      undefined,
      `The ResultWriter's field ${issue?.path.join("/")} is invalid: ${issue?.message}`,
    );
  }
  return writeFiles(parts, effect.mapRunId, destination.data, { Transformation: Transformation ?? "NONE", OutputType });
}

function outputArray(parts: ResultParts, effect: WriteResultsEffect, transformation: Transformation): JsonValue[] {
  const output: JsonValue[] = [];
  let bytes = 0;
  for (const result of results(parts, effect.mapRunId)) {
    for (const value of transformed(result, transformation)) {
      bytes += Buffer.byteLength(JSON.stringify(value)) + 1;
      if (bytes > MAX_OUTPUT_BYTES) {
        const cause = `The state/task '${effect.stateName}' returned a result with a size exceeding the maximum number of bytes service limit.`;
        throw new ResultsError("States.DataLimitExceeded", cause);
      }
      output.push(value);
    }
  }
  return output;
}

type Transformation = "NONE" | "COMPACT" | "FLATTEN";

/** What a child contributes: its output, an array's elements, or the whole of what is known of it; always that if it failed. */
function transformed({ status, metadata, output }: ChildResult, transformation: Transformation): readonly JsonValue[] {
  if (status !== "SUCCEEDED" || transformation === "NONE") return [metadata];
  const value: JsonValue = output === undefined ? null : JSON.parse(output);
  return transformation === "FLATTEN" && Array.isArray(value) ? value : [value];
}

async function writeFiles(
  { home, principal, ...stores }: ResultParts,
  mapRunArn: string,
  { Bucket, Prefix }: z.infer<typeof Destination>,
  config: { Transformation: Transformation; OutputType: "JSON" | "JSONL" },
): Promise<JsonObject> {
  const redrives = stores.store.find(mapRunArn)?.redriveCount ?? 0;
  const run = `${mapRunArn.slice(mapRunArn.lastIndexOf(":") + 1)}${redrives === 0 ? "" : `/Redrive-${redrives}`}`;
  const folder = `${Prefix === "" ? "" : `${Prefix.replace(/\/$/, "")}/`}${run}`;
  const put = async (Key: string, text: string, ContentType = "binary/octet-stream") => {
    const body = { Bucket, Key, Body: Buffer.from(text), ContentType };
    try {
      await home.call("s3", "PutObject", body, principal);
    } catch (cause) {
      throw new ResultsError(undefined, s3Cause(toAwsError(cause), home.uuid()), { cause });
    }
  };
  const files = new ResultFiles(folder, config.OutputType, put);
  let written = 0;
  for (const result of results({ home, ...stores }, mapRunArn)) {
    for (const value of transformed(result, config.Transformation)) await files.add(result.status, value);
    written += 1;
  }
  const ResultFilesWritten = await files.close();
  await put(
    `${folder}/manifest.json`,
    JSON.stringify({ DestinationBucket: Bucket, MapRunArn: mapRunArn, ResultFiles: ResultFilesWritten }),
    "application/octet-stream",
  );
  stores.store.resultsWritten(mapRunArn, written);
  return { MapRunArn: mapRunArn, ResultWriterDetails: { Bucket, Key: `${folder}/manifest.json` } };
}

function* results(
  { home, store, executions }: Pick<ResultParts, "home" | "store" | "executions">,
  arn: string,
): Generator<ChildResult> {
  for (let after = -1; ; ) {
    const children = store.children(arn, after, PAGE);
    for (const child of children) yield childResult(child, executions.find(child.executionArn), home.clock.now());
    const last = children.at(-1);
    if (last === undefined) return;
    after = last.child;
  }
}
