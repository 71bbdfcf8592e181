/** A table's fields as rows, in SQL that Trino and DuckDB read alike, and that reads the table once. */
import { identifier, literal } from "./sql-text.ts";

export interface FieldOutput<T> {
  /** SQL type of the output. */
  type: string;
  /** What it is of a field, whose value is the SQL text `value`; undefined: NULL. */
  of(field: T, value: string): string | undefined;
}

/**
 * A query of a row for each row of the table and each of `fields`: its `feature`, and the outputs by their names.
 *
 * @param from the table, quoted
 * @param fields of the table, at least one
 */
export function fieldsOf<T extends Readonly<{ name: string }>>(
  from: string,
  fields: readonly T[],
  outputs: Readonly<Record<string, FieldOutput<T>>>,
): string {
  const names = fields.map(({ name }, index) => `(${literal(name)}, ${index})`);
  const values = Object.entries(outputs).map(([name, output]) => `${choice(fields, output)} AS ${identifier(name)}`);
  return `SELECT f.feature AS feature, ${values.join(", ")} FROM ${from} AS t CROSS JOIN (VALUES ${names.join(", ")}) AS f (feature, field)`;
}

function choice<T extends Readonly<{ name: string }>>(fields: readonly T[], { type, of }: FieldOutput<T>): string {
  const none = `CAST(NULL AS ${type})`;
  const branches = fields.flatMap((field, index) => {
    const value = of(field, `t.${identifier(field.name)}`);
    return value === undefined ? [] : [`WHEN ${index} THEN ${value}`];
  });
  return branches.length === 0 ? none : `CASE f.field ${branches.join(" ")} ELSE ${none} END`;
}
