/** Turns the drift query's rows into a verdict that names the features that moved. */
import * as z from "zod/mini";
import { SchemaDiff } from "../drift/schema-diff.ts";
import { step } from "../step/step.ts";
import { EmptyComparisonError } from "./errors.ts";

const Input = z.strictObject({
  /** As Athena gives them: the header first. */
  rows: z.array(z.object({ values: z.array(z.string()) })),
  test: z.enum(["psi", "ks"]),
  threshold: z.number().check(z.positive()),
  schema: SchemaDiff,
});
const Feature = z.strictObject({ name: z.string(), psi: z.number(), ks: z.nullable(z.number()), moved: z.boolean() });
type Feature = z.infer<typeof Feature>;
const Output = z.strictObject({
  verdict: z.enum(["drifted", "stable"]),
  reason: z.string(),
  test: z.enum(["psi", "ks"]),
  threshold: z.number(),
  rows: z.int(),
  moved: z.array(z.string()),
  /** The farthest first. */
  features: z.array(Feature),
  schema: SchemaDiff,
});

/** The handler: pure, so it needs no adapters. Above the threshold a feature has moved; KS falls back to PSI where it has none. */
export const createHandler = () =>
  step<z.infer<typeof Input>, z.infer<typeof Output>>({
    name: "drift-verdict",
    input: Input,
    output: Output,
    work: async ({ rows, test, threshold, schema }) => {
      const measured = rows.slice(1).map(({ values }) => values);
      const count = Number(measured[0]?.[3] ?? 0);
      if (measured.length === 0 || count === 0) throw new EmptyComparisonError();
      const distance = ({ psi, ks }: Pick<Feature, "psi" | "ks">) => (test === "ks" ? (ks ?? psi) : psi);
      const features = measured
        .map(([name = "", psi, ks]) => ({
          name,
          psi: rounded(psi),
          ks: ks === undefined || ks === "" ? null : rounded(ks),
        }))
        .map((feature) => ({ ...feature, moved: distance(feature) > threshold }))
        .sort((a, b) => distance(b) - distance(a) || (a.name < b.name ? -1 : 1));
      const moved = features.filter((feature) => feature.moved);
      const farthest = features[0];
      const reason =
        moved.length > 0
          ? `${moved.map((feature) => `${feature.name} moved (${test} ${distance(feature)})`).join(", ")}; threshold ${threshold}`
          : `no feature moved: the farthest is ${farthest?.name} (${test} ${farthest === undefined ? 0 : distance(farthest)}), threshold ${threshold}`;
      const verdict = moved.length > 0 ? "drifted" : "stable";
      return { verdict, reason, test, threshold, rows: count, moved: moved.map(({ name }) => name), features, schema };
    },
  });

const rounded = (text: string | undefined): number => Math.round(Number(text ?? 0) * 10_000) / 10_000;

export const handler = createHandler();
