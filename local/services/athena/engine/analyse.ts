/** Trino SQL to DuckDB's dialect, with the tables it reads, by @polyglot-sql/sdk. */
import { Dialect, generate, parse, transpile } from "@polyglot-sql/sdk";
import { checkCharacters } from "../sql/check-characters.ts";
import { checkFunctions } from "../sql/check-functions.ts";
import { QueryError } from "../sql/query-error.ts";
import { placeOf } from "../sql/tokens.ts";
import { type Analysis, INFORMATION_SCHEMA, type TableReference } from "./protocol.ts";

const CATALOG = "awsdatacatalog";
/** A lambda cannot pass through a macro, so this one is renamed, as the translator writes it; strings and quoted names are passed over. */
const TRANSFORM = /'[^']*'|"[^"]*"|\bTRANSFORM\(/g;

/** A node of polyglot's tree: an object with one member that names its kind, or any value inside. */
type Node = Record<string, unknown>;

/** @throws QueryError for what Athena would refuse before running */
export function analyse(query: string, database: string): Analysis {
  checkCharacters(query);
  const parsed = parse(query, Dialect.Trino);
  if (!parsed.success) throw syntaxError(query, parsed);
  const statements: unknown = parsed.ast;
  if (!Array.isArray(statements) || statements.length !== 1) {
    throw new QueryError("line 1:1: Only one sql statement is allowed. Got: several");
  }
  checkFunctions(query);
  const names = new Set<string>();
  walk(statements, (kind, node) => kind === "with" && collectCommonTables(node, names));
  const tables: TableReference[] = [];
  walk(statements, (kind, node) => {
    if (kind === "table") qualify(node, { query, database, names, tables });
  });
  const trino = generate(statements, Dialect.Trino);
  const duck = transpile(trino.sql?.[0] ?? "", Dialect.Trino, Dialect.DuckDB);
  const [sql] = duck.sql ?? [];
  if (!trino.success || !duck.success || sql === undefined) {
    throw new QueryError(`NOT_SUPPORTED: this query could not be translated: ${trino.error ?? duck.error}`);
  }
  const renamed = sql.replaceAll(TRANSFORM, (found) => (found === "TRANSFORM(" ? "list_transform(" : found));
  return { sql: renamed, tables, outputs: outputsOf(statements[0]) };
}

interface Qualifying {
  query: string;
  database: string;
  names: ReadonlySet<string>;
  tables: TableReference[];
}

/** Every table becomes "database"."table"; a name of WITH stays as it is. */
function qualify(node: Node, { query, database, names, tables }: Qualifying): void {
  const name = identifier(node.name);
  if (name === undefined) return;
  const schema = identifier(node.schema);
  const catalog = identifier(node.catalog)?.name.toLowerCase();
  if (schema === undefined && names.has(name.name.toLowerCase())) return;
  const place = placeOf(query, (identifier(node.catalog) ?? schema ?? name).start);
  if (catalog !== undefined && catalog !== CATALOG) {
    throw new QueryError(`CATALOG_NOT_FOUND: ${place}: Catalog '${catalog}' does not exist`);
  }
  const given = schema?.name.toLowerCase() ?? database;
  if (given === INFORMATION_SCHEMA)
    throw new QueryError(`SCHEMA_NOT_FOUND: ${place}: Schema '${given}' does not exist`);
  const reference = {
    database: given === "information_schema" ? INFORMATION_SCHEMA : given,
    name: name.name.toLowerCase(),
    place,
  };
  if (reference.database === "") {
    throw new QueryError(`MISSING_SCHEMA_NAME: ${place}: Schema must be specified when session schema is not set`);
  }
  tables.push(reference);
  node.name = { name: reference.name, quoted: true, trailing_comments: [] };
  node.schema = { name: reference.database, quoted: true, trailing_comments: [] };
  node.catalog = null;
}

function identifier(value: unknown): { name: string; start: number } | undefined {
  if (!isNode(value) || typeof value.name !== "string") return undefined;
  const start = isNode(value.span) && typeof value.span.start === "number" ? value.span.start : 0;
  return { name: value.name, start };
}

function collectCommonTables(node: Node, names: Set<string>): void {
  const tables = Array.isArray(node.ctes) ? node.ctes : [];
  for (const table of tables) {
    const alias = isNode(table) ? identifier(table.alias) : undefined;
    if (alias !== undefined) names.add(alias.name.toLowerCase());
  }
}

/** Trino calls an output that is neither a column nor named `_col<n>`. */
function outputsOf(statement: unknown): Analysis["outputs"] {
  const select = firstSelect(statement);
  const values = isNode(select) && isNode(select.values) ? select.values.expressions : undefined;
  if (Array.isArray(values)) {
    const width = isNode(values[0]) && Array.isArray(values[0].expressions) ? values[0].expressions.length : 1;
    return { names: Array.from({ length: width }, (_, index) => `_col${index}`), star: undefined };
  }
  const items = isNode(select) && isNode(select.select) ? select.select.expressions : [];
  const list: unknown[] = Array.isArray(items) ? items : [];
  const names = list.map((item, index) => {
    if (!isNode(item)) return undefined;
    if (isNode(item.alias)) return identifier(item.alias.alias)?.name;
    if (isNode(item.column)) return identifier(item.column.name)?.name;
    return "star" in item ? undefined : `_col${index}`;
  });
  const star = list.findIndex((item) => isNode(item) && ("star" in item || isQualifiedStar(item)));
  return { names, star: star < 0 ? undefined : star };
}

function isQualifiedStar(item: Node): boolean {
  return isNode(item.column) && identifier(item.column.name)?.name === "*";
}

function firstSelect(statement: unknown): unknown {
  if (!isNode(statement)) return undefined;
  for (const set of ["union", "intersect", "except"]) {
    const inside = statement[set];
    if (isNode(inside)) return firstSelect(inside.left);
  }
  for (const wrap of ["subquery", "paren"]) {
    const inside = statement[wrap];
    if (isNode(inside)) return firstSelect(inside.this);
  }
  return statement;
}

function walk(value: unknown, visit: (kind: string, node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (isNode(value)) {
    for (const [kind, inner] of Object.entries(value)) {
      if (isNode(inner)) visit(kind, inner);
      walk(inner, visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function syntaxError(query: string, failure: { error?: unknown; errorStart?: unknown }): QueryError {
  const reason = String(failure.error);
  const start = typeof failure.errorStart === "number" ? failure.errorStart : 0;
  const place = placeOf(query, start);
  if (/E_GUARD|call stack|unreachable/.test(reason))
    return new QueryError(
      `NOT_SUPPORTED: ${place}: this home reads expressions nested up to 32 levels, and this one is nested deeper`,
    );
  if (/Unterminated/.test(reason))
    return new QueryError(`${place}: mismatched input '<EOF>'. Expecting: the end of what begins here`);
  const found = query.slice(start).split(/\s/)[0]?.slice(0, 40) || "<EOF>";
  const named = /Expected (\w+), got/.exec(reason)?.[1];
  return new QueryError(`${place}: mismatched input '${found}'. Expecting: <${named ?? "expression"}>`);
}
