/** What changed in a table's schema, and whether a model trained on the former one can be trained on the new one. */
import * as z from "zod/mini";
import { type Column, kindOf } from "./columns.ts";

/** `reason` is one sentence for a person; the lists name columns. */
export const SchemaDiff = z.strictObject({
  compatible: z.boolean(),
  reason: z.string(),
  missing: z.array(z.string()),
  retyped: z.array(z.strictObject({ name: z.string(), before: z.string(), now: z.string() })),
  added: z.array(z.string()),
});
export type SchemaDiff = z.infer<typeof SchemaDiff>;

/**
 * Compares the columns a model was trained on with those there are.
 *
 * A column the model needs that is missing (a renamed one is missing too) or turned from numbers to text or back is
 * incompatible; one it can do without is not, nor is an added one. Order does not count.
 *
 * @param used the columns the model names; empty where it uses all of them, so that an added one concerns it
 * @param needs whether the model cannot be made without the column
 */
export function schemaDiff(
  expected: readonly Column[],
  actual: readonly Column[],
  used: readonly string[],
  needs: (column: string) => boolean,
): SchemaDiff {
  const now = new Map(actual.map(({ name, type }) => [name, type]));
  const before = new Map(expected.map(({ name, type }) => [name, type]));
  const missing = expected.filter(({ name }) => !now.has(name)).map(({ name }) => name);
  const retyped = expected.flatMap(({ name, type }) => {
    const type2 = now.get(name);
    return type2 === undefined || kindOf(type2) === kindOf(type) ? [] : [{ name, before: type, now: type2 }];
  });
  const added = used.length > 0 ? [] : actual.filter(({ name }) => !before.has(name)).map(({ name }) => name);
  const missed = missing.filter(needs);
  const unmissed = missing.filter((name) => !missed.includes(name));
  const parts = [
    ...(missed.length > 0 ? [`missing: ${missed.join(", ")}`] : []),
    ...retyped.map((column) => `retyped: ${column.name} (${column.before} to ${column.now})`),
    ...(added.length > 0 ? [`added: ${added.join(", ")}`] : []),
    ...(unmissed.length > 0 ? [`gone, which the model does not use: ${unmissed.join(", ")}`] : []),
  ];
  const compatible = missed.length === 0 && !retyped.some(({ name }) => needs(name));
  const title = compatible ? "compatible schema change" : "incompatible schema change";
  return {
    compatible,
    reason: parts.length === 0 ? "same schema" : `${title}: ${parts.join("; ")}`,
    missing,
    retyped,
    added,
  };
}
