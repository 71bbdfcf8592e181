/** A query that cannot be read, or uses what is not built; `message` begins with its line. */
export class QueryCompileError extends Error {
  override readonly name = "QueryCompileError";
  readonly code = "QueryCompileError";
  readonly start: number;
  readonly end: number;

  constructor(query: string, start: number, end: number, why: string) {
    super(`line ${query.slice(0, start).split("\n").length}: ${why}`);
    this.start = start;
    this.end = end;
  }
}
