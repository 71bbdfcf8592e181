/** Names and values written into SQL: quoted always, so that no column name or category can end its quotes. */

/** A name that cannot be written into SQL at all. Final. */
export class UnsafeSqlError extends Error {
  override readonly name = "UnsafeSqlError";
  readonly code = "UnsafeSql";

  constructor(what: string, value: string) {
    super(
      `${what} ${JSON.stringify(value.slice(0, 80))} holds a control character or is empty; rename it in the data product`,
    );
  }
}

/** A quoted identifier. */
export function identifier(name: string): string {
  if (name === "" || hasControl(name)) throw new UnsafeSqlError("name", name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** A quoted string. */
export function literal(text: string): string {
  if (hasControl(text)) throw new UnsafeSqlError("value", text);
  return `'${text.replaceAll("'", "''")}'`;
}

/** A double, in the form that Trino and others take for one (`2.3E1`; `23.0` would be a decimal). */
export function double(value: number): string {
  if (!Number.isFinite(value)) throw new UnsafeSqlError("number", String(value));
  return value.toExponential().replace("e", "E").replace("E+", "E");
}

function hasControl(text: string): boolean {
  for (const character of text) if (character < " " || character === "\u007F") return true;
  return false;
}
