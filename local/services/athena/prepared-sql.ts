/** PREPARE, EXECUTE and DEALLOCATE PREPARE, which work on the prepared statements of the query's workgroup. */
import { AwsError } from "../../aws-error.ts";
import type { Athena } from "./context.ts";
import { checkPrepared } from "./prepared-statements.ts";
import type { Query } from "./query-store.ts";
import { parseStatement } from "./sql/parse-statement.ts";
import { QueryError } from "./sql/query-error.ts";
import type { Statement } from "./sql/statement.ts";
import type { StatementContext, StatementResult } from "./statements/statement-context.ts";
import { putText } from "./write-results.ts";

export type PreparedStatementSql = Extract<Statement, { kind: "prepare" | "execute" | "deallocate" }>;

const ACTIONS = {
  prepare: "athena:CreatePreparedStatement",
  execute: "athena:GetPreparedStatement",
  deallocate: "athena:DeletePreparedStatement",
} as const;

export function isOfPrepared(statement: Statement): statement is PreparedStatementSql {
  return Object.hasOwn(ACTIONS, statement.kind);
}

/** What besides the query itself its sender must be allowed on the workgroup. */
export function preparedAction(text: string): string | undefined {
  const statement = parsed(text);
  return statement !== undefined && isOfPrepared(statement) ? ACTIONS[statement.kind] : undefined;
}

/** What `text` stands for when it is an EXECUTE of a statement there is; undefined for any other. */
export function expandExecute(
  { prepared }: Athena,
  workGroup: string,
  text: string,
  parameters: readonly string[],
): Query["prepared"] {
  const statement = parsed(text);
  if (statement?.kind !== "execute") return undefined;
  const found = prepared.find(workGroup, statement.name);
  return found && { text: found.statement, parameters: [...statement.parameters, ...parameters] };
}

export async function performPrepared(
  { prepared }: Athena,
  context: StatementContext,
  statement: PreparedStatementSql,
): Promise<StatementResult> {
  const { workGroup, outputLocation, encryption } = context.query;
  const { name } = statement;
  if (statement.kind === "prepare") {
    try {
      checkPrepared(name, statement.statement);
    } catch (thrown) {
      throw thrown instanceof AwsError ? new QueryError(thrown.message) : thrown;
    }
    prepared.put({ workGroup, name, statement: statement.statement, description: undefined });
  } else {
    if (statement.kind === "execute" || prepared.find(workGroup, name) === undefined)
      throw new QueryError(`NOT_FOUND: Prepared statement not found: ${name}`);
    prepared.delete(workGroup, name);
  }
  await putText(context, outputLocation, "", encryption);
  return { columns: [], scannedBytes: 0 };
}

/** Undefined for text that is no statement: that is said when it runs. */
function parsed(text: string): Statement | undefined {
  try {
    return parseStatement(text);
  } catch (thrown) {
    if (thrown instanceof QueryError) return undefined;
    throw thrown;
  }
}
