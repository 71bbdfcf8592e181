/** Whether a new model may be offered: above the floor, and not worse than the champion on the same rows. */
import * as z from "zod/mini";
import { locate, S3Uri } from "../aws/s3-uri.ts";
import { UnreadableDocumentError } from "../step/errors.ts";
import { soon } from "../step/soon.ts";
import { step } from "../step/step.ts";

const Input = z.strictObject({
  evaluation: S3Uri,
  metric: z.string().check(z.minLength(1)),
  floor: z.number(),
  better: z.enum(["higher", "lower"]),
  /** Whether a champion was evaluated beside it. */
  champion: z.boolean(),
});
type Input = z.infer<typeof Input>;
const Metrics = z.record(z.string(), z.number());
const Evaluation = z.object({ metrics: Metrics, champion: z.optional(Metrics), rows: z.int().check(z.positive()) });
type Evaluation = z.infer<typeof Evaluation>;
const Output = z.strictObject({
  passed: z.boolean(),
  reason: z.string(),
  metrics: Metrics,
  champion: Metrics,
  rows: z.int(),
});

export type Adapters = Readonly<{ readText: (bucket: string, key: string) => Promise<string | undefined> }>;

/** The handler on given adapters. An equal champion is beaten: the newer model knows the newer data. */
export const createHandler = ({ readText }: Adapters) =>
  step<Input, z.infer<typeof Output>>({
    name: "gate",
    input: Input,
    output: Output,
    work: async (input) => {
      const { bucket, key } = locate(input.evaluation);
      const { metrics, champion, rows } = parse(await readText(bucket, key), input);
      return { ...decide(input, metrics, champion), metrics, champion: champion ?? {}, rows };
    },
  });

function parse(text: string | undefined, { evaluation, metric, champion }: Input): Evaluation {
  let parsed: Evaluation;
  try {
    parsed = Evaluation.parse(JSON.parse(text ?? ""));
  } catch (cause) {
    throw new UnreadableDocumentError(evaluation, "{metrics, champion?, rows} with finite numbers", { cause });
  }
  if (parsed.metrics[metric] === undefined) throw new UnreadableDocumentError(evaluation, `metric ${metric}`);
  if (champion && parsed.champion?.[metric] === undefined) {
    throw new UnreadableDocumentError(evaluation, `metric ${metric} of the champion too`);
  }
  return parsed;
}

function decide({ metric, floor, better }: Input, metrics: Evaluation["metrics"], champion: Evaluation["champion"]) {
  const own = metrics[metric] ?? Number.NaN;
  const theirs = champion?.[metric];
  const reaches = (limit: number) => (better === "higher" ? own >= limit : own <= limit);
  if (!reaches(floor)) return { passed: false, reason: `${metric} ${own} does not reach the floor ${floor}` };
  if (theirs === undefined)
    return { passed: true, reason: `${metric} ${own} reaches the floor ${floor}; no champion to beat` };
  if (!reaches(theirs))
    return { passed: false, reason: `${metric} ${own} loses to the champion's ${theirs} on the same rows` };
  return { passed: true, reason: `${metric} ${own} does not lose to the champion's ${theirs} on the same rows` };
}

const s3 = soon(() => import("../aws/s3.ts"));
export const handler = createHandler({ readText: async (...at) => (await s3()).readText(...at) });
