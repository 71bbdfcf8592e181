/** Asks a fresh endpoint about held-out rows: an answer of the model's kind for each, and as good as the model must be. */
import * as z from "zod/mini";
import { locate, S3Uri } from "../aws/s3-uri.ts";
import { csvLine, splitLine } from "../curation/lines.ts";
import { UnreadableDocumentError } from "../step/errors.ts";
import { step } from "../step/step.ts";
import { Answers, answerKinds, type Quality } from "./answers.ts";
import { SmokeTestFailedError } from "./errors.ts";

const Input = z.strictObject({
  endpointName: z.string(),
  testData: S3Uri,
  label: z.string(),
  answers: z._default(Answers, "probability"),
  /** The label's value the probability is of; left out or empty: the greater of the two. */
  positive: z.optional(z.string()),
  metric: z.string(),
  floor: z.number(),
});
type Input = z.infer<typeof Input>;
const Output = z.strictObject({
  rows: z.int(),
  quality: z.nullable(z.strictObject({ metric: z.string(), value: z.number() })),
  reason: z.string(),
});

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
      const answers = await ask(input, features, adapters);
      const positive = input.positive || [...new Set(labels)].sort().at(-1);
      const quality = answerKinds[input.answers].quality(answers, { labels, positive });
      if (quality !== undefined) requireFloor(quality, input, labels.length);
      const told = quality === undefined ? "" : ` with ${quality.metric} ${quality.value.toFixed(4)}`;
      return {
        rows: labels.length,
        quality: quality ?? null,
        reason: `smoke test passed: ${labels.length} held-out rows answered${told}`,
      };
    },
  });

/** Where the model is measured by what the answers tell, they must reach its floor. */
function requireFloor({ metric, value }: Quality, input: Input, rows: number): void {
  if (input.metric !== metric || rows < ENOUGH_ROWS_FOR_FLOOR || value >= input.floor) return;
  throw new SmokeTestFailedError(
    input.endpointName,
    `${metric} ${value.toFixed(4)} on ${rows} held-out rows`,
    `at least ${input.floor}`,
  );
}

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

async function ask(
  { endpointName, answers: kind }: Input,
  rows: readonly string[],
  { invokeEndpoint }: Adapters,
): Promise<string[]> {
  const { name, split, isOne } = answerKinds[kind];
  const answers: string[] = [];
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    const batch = rows.slice(start, start + BATCH_ROWS);
    const given = split(await invokeEndpoint(endpointName, batch.join("\n")));
    if (given.length !== batch.length)
      throw new SmokeTestFailedError(
        endpointName,
        `${given.length} values for ${batch.length} rows`,
        `one ${name} a row`,
      );
    const wrong = given.find((text) => !isOne(text));
    if (wrong !== undefined)
      throw new SmokeTestFailedError(
        endpointName,
        `the answer ${JSON.stringify(wrong.slice(0, 40))}`,
        `a ${name}, as serve.answers of the model's model.ts says`,
      );
    answers.push(...given);
  }
  return answers;
}

export const handler = createHandler({
  readText: async (...at) => (await import("../aws/s3.ts")).readText(...at),
  invokeEndpoint: async (...what) => (await import("../aws/endpoint-runtime.ts")).invokeEndpoint(...what),
});
