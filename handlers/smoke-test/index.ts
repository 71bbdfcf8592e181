/** Asks a fresh endpoint about held-out rows: a probability for each, and as good as the model must be. */
import * as z from "zod/mini";
import { locate, S3Uri } from "../aws/s3-uri.ts";
import { csvLine, splitLine } from "../curation/lines.ts";
import { UnreadableDocumentError } from "../step/errors.ts";
import { step } from "../step/step.ts";
import { auc } from "./auc.ts";
import { SmokeTestFailedError } from "./errors.ts";

const Input = z.strictObject({
  endpointName: z.string(),
  testData: S3Uri,
  label: z.string(),
  /** The label's value the probability is of; left out or empty: the greater of the two. */
  positive: z.optional(z.string()),
  metric: z.string(),
  floor: z.number(),
});
type Input = z.infer<typeof Input>;
const Output = z.strictObject({ rows: z.int(), auc: z.nullable(z.number()), reason: z.string() });

const MAX_ROWS = 500;
const BATCH_ROWS = 100;
/** Below, the floor would be missed by chance. */
const ENOUGH_ROWS_FOR_FLOOR = 100;

export type Adapters = Readonly<{
  readText: (bucket: string, key: string) => Promise<string | undefined>;
  invokeEndpoint: (name: string, rows: string) => Promise<string>;
}>;

/** The handler on given adapters; throws {@link SmokeTestFailedError} when an answer is not what it must be. */
export const createHandler = (adapters: Adapters) =>
  step<Input, z.infer<typeof Output>>({
    name: "smoke-test",
    input: Input,
    output: Output,
    work: async (input) => {
      const { features, labels } = await heldOut(input, adapters);
      const scores = await ask(input.endpointName, features, adapters);
      const positive = input.positive || [...new Set(labels)].sort().at(-1);
      const area =
        auc(
          scores,
          labels.map((label) => label === positive),
        ) ?? null;
      if (input.metric === "auc" && area !== null && labels.length >= ENOUGH_ROWS_FOR_FLOOR && area < input.floor) {
        throw new SmokeTestFailedError(
          input.endpointName,
          `auc ${area.toFixed(4)} on ${labels.length} held-out rows`,
          `at least ${input.floor}`,
        );
      }
      const quality = area === null ? "" : ` with auc ${area.toFixed(4)}`;
      return {
        rows: labels.length,
        auc: area,
        reason: `smoke test passed: ${labels.length} held-out rows answered${quality}`,
      };
    },
  });

async function heldOut(
  { testData, label }: Input,
  { readText }: Adapters,
): Promise<{ features: string[]; labels: string[] }> {
  const { bucket, key } = locate(testData);
  const lines = ((await readText(bucket, key)) ?? "").split(/\r?\n/).filter((line) => line !== "");
  const [header = [], ...rows] = lines
    .slice(0, MAX_ROWS + 1)
    .map((line) => splitLine(line, ",").map(({ text }) => text));
  const at = header.indexOf(label);
  if (at < 0 || rows.length === 0)
    throw new UnreadableDocumentError(testData, `held-out rows as CSV with a column ${label}`);
  return {
    features: rows.map((row) => csvLine(row.filter((_, index) => index !== at))),
    labels: rows.map((row) => row[at] ?? ""),
  };
}

async function ask(endpoint: string, rows: readonly string[], { invokeEndpoint }: Adapters): Promise<number[]> {
  const scores: number[] = [];
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    const batch = rows.slice(start, start + BATCH_ROWS);
    const answer = await invokeEndpoint(endpoint, batch.join("\n"));
    const values = answer.trim().split(/[\s,]+/);
    if (values.length !== batch.length) {
      throw new SmokeTestFailedError(
        endpoint,
        `${values.length} values for ${batch.length} rows`,
        "one probability a row",
      );
    }
    for (const text of values) {
      const value = Number(text);
      if (!(value >= 0 && value <= 1))
        throw new SmokeTestFailedError(endpoint, `the answer ${text.slice(0, 40)}`, "a probability from 0 to 1");
      scores.push(value);
    }
  }
  return scores;
}

export const handler = createHandler({
  readText: async (...at) => (await import("../aws/s3.ts")).readText(...at),
  invokeEndpoint: async (...what) => (await import("../aws/endpoint-runtime.ts")).invokeEndpoint(...what),
});
