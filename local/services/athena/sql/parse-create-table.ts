/** CREATE EXTERNAL TABLE, and the option lists of CTAS and UNLOAD. */
import type { Cursor } from "./cursor.ts";
import { QueryError } from "./query-error.ts";
import type { ColumnDefinition, Options, Statement, TableDefinition, TableName } from "./statement.ts";

/** `(name = 'value', list = ARRAY['a', 'b'])`. */
export function parseOptions(cursor: Cursor): Options {
  const options: Options = {};
  cursor.expect("(");
  do {
    const name = cursor.identifier();
    cursor.expect("=");
    options[name] = cursor.take("array", "[") ? parseList(cursor) : (cursor.advance()?.text ?? "");
  } while (cursor.take(","));
  cursor.expect(")");
  return options;
}

function parseList(cursor: Cursor): string[] {
  const values: string[] = [];
  do values.push(cursor.string());
  while (cursor.take(","));
  cursor.expect("]");
  return values;
}

/** The cursor stands after the table's name. */
export function parseCreateTable(cursor: Cursor, table: TableName, ifNotExists: boolean): Statement {
  const definition: TableDefinition = {
    table,
    ifNotExists,
    columns: parseColumns(cursor),
    partitionKeys: [],
    serde: undefined,
    serdeParameters: {},
    format: "TEXTFILE",
    location: "",
    parameters: {},
  };
  while (!cursor.done) parseClause(cursor, definition);
  if (definition.location === "") throw new QueryError("line 1:1: CREATE EXTERNAL TABLE needs LOCATION 's3://…/'");
  return { kind: "create-table", ...definition };
}

function parseClause(cursor: Cursor, definition: TableDefinition): void {
  if (cursor.take("comment")) cursor.string();
  else if (cursor.take("partitioned", "by")) definition.partitionKeys = parseColumns(cursor);
  else if (cursor.take("row", "format", "serde")) definition.serde = cursor.string();
  else if (cursor.take("with", "serdeproperties")) Object.assign(definition.serdeParameters, parseProperties(cursor));
  else if (cursor.take("row", "format", "delimited")) parseDelimited(cursor, definition);
  else if (cursor.take("stored", "as")) parseFormat(cursor, definition);
  else if (cursor.take("location")) definition.location = cursor.string();
  else if (cursor.take("tblproperties")) Object.assign(definition.parameters, parseProperties(cursor));
  else throw cursor.mismatch("LOCATION");
}

function parseFormat(cursor: Cursor, definition: TableDefinition): void {
  if (cursor.take("parquet")) {
    definition.format = "PARQUET";
  } else if (cursor.take("inputformat")) {
    const input = cursor.string();
    cursor.expect("outputformat");
    cursor.string();
    if (/parquet/i.test(input)) definition.format = "PARQUET";
  } else if (!cursor.take("textfile")) {
    throw cursor.mismatch("PARQUET | TEXTFILE | INPUTFORMAT");
  }
}

function parseDelimited(cursor: Cursor, definition: TableDefinition): void {
  for (;;) {
    if (cursor.take("fields", "terminated", "by"))
      definition.serdeParameters["field.delim"] = withoutEscapes(cursor.string());
    else if (cursor.take("escaped", "by")) definition.serdeParameters["escape.delim"] = withoutEscapes(cursor.string());
    else if (cursor.take("lines", "terminated", "by")) cursor.string();
    else if (cursor.take("null", "defined", "as"))
      definition.serdeParameters["serialization.null.format"] = cursor.string();
    else return;
  }
}

/** `('name'='value', …)`. */
export function parseProperties(cursor: Cursor): Record<string, string> {
  const properties: Record<string, string> = {};
  cursor.expect("(");
  do {
    const key = cursor.string();
    cursor.expect("=");
    properties[key] = withoutEscapes(cursor.string());
  } while (cursor.take(","));
  cursor.expect(")");
  return properties;
}

/** `(name type COMMENT '…', …)`. */
export function parseColumns(cursor: Cursor): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  cursor.expect("(");
  do {
    const name = cursor.identifier();
    columns.push({ name, type: parseType(cursor) });
    if (cursor.take("comment")) cursor.string();
  } while (cursor.take(","));
  cursor.expect(")");
  return columns;
}

/** A Hive type: everything up to the next comma or closing parenthesis outside its own brackets. */
function parseType(cursor: Cursor): string {
  let type = "";
  for (let depth = 0; !cursor.done; ) {
    const text = cursor.next?.text ?? "";
    if (depth === 0 && (text === "," || text === ")" || text.toLowerCase() === "comment")) break;
    depth += text === "<" || text === "(" ? 1 : text === ">" || text === ")" ? -1 : 0;
    type += text;
    cursor.advance();
  }
  return type.toLowerCase();
}

function withoutEscapes(text: string): string {
  return text.replace(/\\t/g, "\t").replace(/\\n/g, "\n").replace(/\\001/g, "\u0001").replace(/\\\\/g, "\\");
}
