/** Columns as the catalog has them, and which kind of statistics fits each. */
import * as z from "zod/mini";

/** Name and type as Glue has them. */
export const Column = z.strictObject({ name: z.string().check(z.minLength(1)), type: z.string() });
export type Column = z.infer<typeof Column>;
export type Kind = "numeric" | "categorical";

const NUMERIC = /^(tinyint|smallint|int|integer|bigint|float|real|double|decimal(\(.*\))?)$/;

/** Numbers are compared by quantiles, everything else by its values. */
export function kindOf(type: string): Kind {
  return NUMERIC.test(type.toLowerCase()) ? "numeric" : "categorical";
}

/** The columns a model uses; all of them where it names none. */
export function usedColumns(columns: readonly Column[], used: readonly string[]): Column[] {
  return columns.filter(({ name }) => used.length === 0 || used.includes(name));
}
