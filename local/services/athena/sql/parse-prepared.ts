/**
 * PREPARE, EXECUTE and DEALLOCATE PREPARE.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements-sql-statements.html
 */
import type { Cursor } from "./cursor.ts";
import type { Statement } from "./statement.ts";

export function parsePrepare(cursor: Cursor): Statement {
  cursor.expect("prepare");
  const name = cursor.name();
  cursor.expect("from");
  const statement = cursor.sql.slice(cursor.offset).trim();
  if (statement === "") throw cursor.mismatch("<statement>");
  while (!cursor.done) cursor.advance();
  return { kind: "prepare", name, statement };
}

export function parseExecute(cursor: Cursor): Statement {
  cursor.expect("execute");
  const name = cursor.name();
  const parameters: string[] = [];
  if (cursor.take("using")) {
    do parameters.push(parseValue(cursor));
    while (cursor.take(","));
  }
  return { kind: "execute", name, parameters };
}

export function parseDeallocate(cursor: Cursor): Statement {
  cursor.expect("deallocate", "prepare");
  return { kind: "deallocate", name: cursor.name() };
}

/** The text up to the next comma; whether it is a literal is the binding's to say. */
function parseValue(cursor: Cursor): string {
  const from = cursor.offset;
  let end = from;
  const atComma = () => cursor.next?.kind === "symbol" && cursor.next.text === ",";
  while (!cursor.done && !atComma()) end = cursor.advance()?.end ?? end;
  if (end === from) throw cursor.mismatch("<expression>");
  return cursor.sql.slice(from, end);
}
