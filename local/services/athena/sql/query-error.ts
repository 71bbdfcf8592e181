/** A query that fails through its own fault; `message` begins with Athena's error name, e.g. "TABLE_NOT_FOUND: line 1:15: …". */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly code = "QueryError";
}
