/** The baseline: the distribution of each column in the data a model was trained on. */
import * as z from "zod/mini";
import { UnreadableDocumentError } from "../step/errors.ts";

const Count = z.int().check(z.nonnegative());
const NumericFeature = z.strictObject({
  name: z.string(),
  type: z.string(),
  kind: z.literal("numeric"),
  /** Ascending; each holds the values above the one before, up to and including `upTo`. */
  bins: z.array(z.strictObject({ upTo: z.number(), count: Count })),
  missing: Count,
});
const CategoricalFeature = z.strictObject({
  name: z.string(),
  type: z.string(),
  kind: z.literal("categorical"),
  values: z.array(z.strictObject({ value: z.string(), count: Count })),
  /** Rows with a value rarer than those listed. */
  other: Count,
  missing: Count,
});
/** The file the baseline handler writes and the drift handlers read. */
export const Baseline = z.strictObject({
  format: z.literal(1),
  dataVersion: z.string(),
  rows: z.int().check(z.positive()),
  features: z.array(z.discriminatedUnion("kind", [NumericFeature, CategoricalFeature])),
});
export type Baseline = z.infer<typeof Baseline>;
export type BaselineFeature = Baseline["features"][number];

/**
 * Reads a baseline file.
 *
 * @throws {@link UnreadableDocumentError} when it is not what {@link Baseline} says
 */
export function parseBaseline(text: string, uri: string): Baseline {
  try {
    return Baseline.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableDocumentError(uri, "a baseline file", { cause });
  }
}
