/** Prepared statements: a workgroup's queries with `?` in place of values, run by EXECUTE … USING. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { invalidRequest } from "./errors.ts";
import { parseStatement } from "./sql/parse-statement.ts";
import { QueryError } from "./sql/query-error.ts";

export interface PreparedStatement {
  workGroup: string;
  name: string;
  /** What runs, without PREPARE. */
  statement: string;
  description: string | undefined;
  modifiedMs: number;
}

export interface PreparedStatements {
  find(workGroup: string, name: string): PreparedStatement | undefined;
  /** @throws AwsError ResourceNotFoundException */
  get(workGroup: string, name: string): PreparedStatement;
  ofWorkGroup(workGroup: string): PreparedStatement[];
  put(statement: Omit<PreparedStatement, "modifiedMs">): void;
  delete(workGroup: string, name: string): void;
  deleteAll(workGroup: string): void;
}

export function createPreparedStatements({ store, clock }: HomePorts): PreparedStatements {
  const find = store.prepare("SELECT * FROM athena_prepared WHERE work_group = ? AND name = ?");
  const all = store.prepare("SELECT * FROM athena_prepared WHERE work_group = ? ORDER BY name");
  const put = store.prepare("INSERT OR REPLACE INTO athena_prepared VALUES (?, ?, ?, ?, ?)");
  const drop = store.prepare("DELETE FROM athena_prepared WHERE work_group = ? AND name = ?");
  const dropAll = store.prepare("DELETE FROM athena_prepared WHERE work_group = ?");
  const read = (row: Readonly<Record<string, unknown>>): PreparedStatement => ({
    workGroup: String(row.work_group),
    name: String(row.name),
    statement: String(row.statement),
    description: row.description === null ? undefined : String(row.description),
    modifiedMs: Number(row.modified_ms),
  });
  const one = (workGroup: string, name: string) => {
    const row = find.get(workGroup, name);
    return row && read(row);
  };
  return {
    find: one,
    get(workGroup, name) {
      const found = one(workGroup, name);
      if (found !== undefined) return found;
      throw new AwsError(
        "ResourceNotFoundException",
        `PreparedStatement ${name} was not found in workGroup ${workGroup}`,
        { fields: { ResourceName: name } },
      );
    },
    ofWorkGroup: (workGroup) => all.all(workGroup).map(read),
    put: ({ workGroup, name, statement, description }) =>
      void put.run(workGroup, name, statement, description ?? null, clock.now()),
    delete: (workGroup, name) => void drop.run(workGroup, name),
    deleteAll: (workGroup) => void dropAll.run(workGroup),
  };
}

/** @throws AwsError InvalidRequestException unless it is a name, and a statement that can be prepared */
export function checkPrepared(name: string, statement: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_@:]{0,255}$/.test(name))
    throw invalidRequest(
      `StatementName ${JSON.stringify(name)} must begin with a letter or _ and have up to 256 of a-z A-Z 0-9 _ @ :`,
    );
  try {
    const { kind } = parseStatement(statement);
    if (kind !== "prepare" && kind !== "execute" && kind !== "deallocate") return;
    throw invalidRequest(`QueryStatement: ${kind.toUpperCase()} cannot be prepared; give the statement that is to run`);
  } catch (thrown) {
    if (!(thrown instanceof QueryError)) throw thrown;
    throw invalidRequest(`QueryStatement: ${thrown.message}`);
  }
}
