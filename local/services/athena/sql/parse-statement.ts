/**
 * Reads a statement. Queries proper are left to the translator; Athena's Hive-like DDL is read here.
 * https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html
 */
import { Cursor } from "./cursor.ts";
import { parseAlter } from "./parse-alter.ts";
import { parseCreateTable, parseOptions } from "./parse-create-table.ts";
import { parseDeallocate, parseExecute, parsePrepare } from "./parse-prepared.ts";
import { QueryError } from "./query-error.ts";
import type { Statement } from "./statement.ts";
import { tokenize } from "./tokens.ts";

const BUILT =
  "SELECT, UNLOAD, INSERT INTO, CREATE TABLE AS, CREATE VIEW, CREATE EXTERNAL TABLE, CREATE DATABASE, DROP, SHOW DATABASES | TABLES | VIEWS | PARTITIONS | COLUMNS | TBLPROPERTIES | CREATE TABLE | CREATE VIEW, DESCRIBE, ALTER TABLE ADD PARTITION | DROP PARTITION | ADD COLUMNS | REPLACE COLUMNS | SET LOCATION | SET TBLPROPERTIES, MSCK REPAIR TABLE, PREPARE, EXECUTE, DEALLOCATE PREPARE";

/** @throws QueryError with Athena's text and the place */
export function parseStatement(text: string): Statement {
  const cursor = new Cursor(text.replace(/;\s*$/, ""));
  const statement = read(cursor);
  // A query's end is the translator's to find.
  if ("query" in statement || cursor.done) return statement;
  if (cursor.take(";")) throw new QueryError("line 1:1: Only one sql statement is allowed. Got: several");
  throw cursor.mismatch("<EOF>");
}

function read(cursor: Cursor): Statement {
  const { sql } = cursor;
  if (cursor.done) throw new QueryError("line 1:1: mismatched input '<EOF>'");
  const word = cursor.next?.text.toLowerCase();
  switch (word) {
    case "select":
    case "with":
    case "values":
    case "(":
      return { kind: "select", query: sql };
    case "unload":
      return parseUnload(cursor);
    case "insert":
      return parseInsert(cursor);
    case "create":
      return parseCreate(cursor);
    case "drop":
      return parseDrop(cursor);
    case "show":
      return parseShow(cursor);
    case "desc":
    case "describe":
      cursor.advance();
      cursor.take("formatted") || cursor.take("extended");
      return { kind: "describe", table: cursor.qualifiedName() };
    case "msck":
      cursor.expect("msck", "repair", "table");
      return { kind: "repair", table: cursor.qualifiedName() };
    case "alter":
      return parseAlter(cursor);
    case "prepare":
      return parsePrepare(cursor);
    case "execute":
      return parseExecute(cursor);
    case "deallocate":
      return parseDeallocate(cursor);
    default:
      throw new QueryError(
        `line 1:1: mismatched input '${cursor.next?.text}'. Expecting one of the statements built in this home: ${BUILT}`,
      );
  }
}

function parseUnload(cursor: Cursor): Statement {
  cursor.expect("unload");
  const open = cursor.offset;
  cursor.expect("(");
  for (let depth = 1; depth > 0; ) {
    const token = cursor.advance();
    if (token === undefined) throw cursor.mismatch(")");
    if (token.kind === "symbol" && token.text === "(") depth++;
    if (token.kind === "symbol" && token.text === ")") depth--;
  }
  const inner = cursor.sql.slice(0, cursor.offset).trimEnd().slice(0, -1);
  const query = inner.slice(0, open + 1).replace(/[^\n]/g, " ") + inner.slice(open + 1);
  cursor.expect("to");
  const location = cursor.string();
  const options = cursor.take("with") ? parseOptions(cursor) : {};
  return { kind: "unload", query, location, options };
}

function parseInsert(cursor: Cursor): Statement {
  cursor.expect("insert", "into");
  const table = cursor.qualifiedName();
  let columns: string[] | undefined;
  const probe = cursor.sql.slice(cursor.offset);
  // A parenthesis may open the column list or the query.
  if (cursor.next?.text === "(" && !/^\(\s*(select|with|values|\()/i.test(probe)) {
    columns = [];
    cursor.expect("(");
    do columns.push(cursor.identifier());
    while (cursor.take(","));
    cursor.expect(")");
  }
  return { kind: "insert", table, columns, query: cursor.rest() };
}

function parseCreate(cursor: Cursor): Statement {
  cursor.expect("create");
  const orReplace = cursor.take("or", "replace");
  if (cursor.take("view")) {
    const view = cursor.qualifiedName();
    cursor.expect("as");
    return { kind: "create-view", view, orReplace, query: cursor.rest() };
  }
  if (cursor.take("database") || cursor.take("schema")) {
    const ifNotExists = cursor.take("if", "not", "exists");
    return { kind: "create-database", name: cursor.identifier(), ifNotExists };
  }
  const external = cursor.take("external");
  cursor.expect("table");
  const ifNotExists = cursor.take("if", "not", "exists");
  const table = cursor.qualifiedName();
  if (external) return parseCreateTable(cursor, table, ifNotExists);
  const options = cursor.take("with") ? parseOptions(cursor) : {};
  cursor.expect("as");
  const whole = cursor.rest();
  const query = withoutEnd(withoutEnd(whole, "with", "no", "data"), "with", "data");
  return { kind: "create-table-as", table, ifNotExists, options, query, withData: !endsWith(whole, "no", "data") };
}

function endsWith(sql: string, ...words: string[]): boolean {
  const last = tokenize(sql).slice(-words.length);
  return last.length === words.length && last.every(({ text }, index) => text.toLowerCase() === words[index]);
}

function withoutEnd(sql: string, ...words: string[]): string {
  return endsWith(sql, ...words) ? sql.slice(0, tokenize(sql).at(-words.length)?.start) : sql;
}

function parseDrop(cursor: Cursor): Statement {
  cursor.expect("drop");
  if (cursor.take("database") || cursor.take("schema")) {
    const ifExists = cursor.take("if", "exists");
    const name = cursor.identifier();
    return { kind: "drop-database", name, ifExists, cascade: cursor.take("cascade") };
  }
  const kind = cursor.take("view") ? "drop-view" : "drop-table";
  if (kind === "drop-table") cursor.expect("table");
  const ifExists = cursor.take("if", "exists");
  return { kind, table: cursor.qualifiedName(), ifExists };
}

function parseShow(cursor: Cursor): Statement {
  cursor.expect("show");
  if (cursor.take("databases") || cursor.take("schemas"))
    return { kind: "show-databases", pattern: parsePattern(cursor) };
  for (const what of ["tables", "views"] as const) {
    if (!cursor.take(what)) continue;
    const database = cursor.take("in") || cursor.take("from") ? cursor.identifier() : undefined;
    return { kind: `show-${what}`, database, pattern: parsePattern(cursor) };
  }
  if (cursor.take("tblproperties")) {
    const table = cursor.qualifiedName();
    if (!cursor.take("(")) return { kind: "show-properties", table, property: undefined };
    const property = cursor.string();
    cursor.expect(")");
    return { kind: "show-properties", table, property };
  }
  if (cursor.take("partitions")) return { kind: "show-partitions", table: cursor.qualifiedName() };
  if (cursor.take("create", "table")) return { kind: "show-create-table", table: cursor.qualifiedName() };
  if (cursor.take("create", "view")) return { kind: "show-create-view", table: cursor.qualifiedName() };
  cursor.expect("columns");
  if (!cursor.take("in")) cursor.expect("from");
  return { kind: "show-columns", table: cursor.qualifiedName() };
}

/** Hive's, where `*` is any text and `|` an alternative. */
function parsePattern(cursor: Cursor): string | undefined {
  cursor.take("like");
  return cursor.done ? undefined : cursor.string();
}
