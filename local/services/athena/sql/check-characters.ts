/**
 * Refuses what other dialects write and Trino does not, before the translator, which reads them all, sees the query: a string
 * only one of two readers takes for one may hide what the other runs.
 */
import { QueryError } from "./query-error.ts";
import { placeOf, type Token, tokenize } from "./tokens.ts";

/** @throws QueryError with the place */
export function checkCharacters(sql: string): void {
  const nul = sql.indexOf("\0");
  if (nul !== -1)
    throw new QueryError(`${placeOf(sql, nul)}: mismatched input: a NUL character, which no query may have`);
  const tokens = tokenize(sql);
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (isUnicodeString(token, next))
      throw new QueryError(
        `NOT_SUPPORTED: ${placeOf(sql, token.start)}: strings with Unicode escapes are Athena's but not built in this home`,
      );
    const refused = foreign(token, next, sql);
    if (refused !== undefined) throw new QueryError(`${placeOf(sql, token.start)}: ${refused}`);
  });
}

function foreign(token: Token, next: Token | undefined, sql: string): string | undefined {
  const text = sql.slice(token.start, token.end);
  if (token.kind === "identifier" && text.startsWith("`"))
    return "backquoted identifiers are not supported; use double quotes to quote identifiers";
  if (token.kind === "word" && text.includes("$"))
    return `mismatched input '${text.slice(0, 40)}'. Expecting: <expression>`;
  if (token.kind === "symbol" && "#\\\\$@".includes(text)) return `mismatched input '${text}'. Expecting: <expression>`;
  if (token.kind === "symbol" && (text === "'" || text === '"'))
    return "mismatched input '<EOF>'. Expecting: the end of what begins here";
  if (token.kind === "symbol" && text === "/" && next?.text === "*" && next.start === token.end)
    return "mismatched input '<EOF>'. Expecting: the end of the comment that begins here";
  // E'…', B'…' and N'…' are strings of their own kinds elsewhere.
  if (token.kind === "word" && next?.kind === "string" && next.start === token.end && /^[ebn]$/i.test(text))
    return `mismatched input '${sql.slice(next.start, next.end).slice(0, 40)}'. Expecting: <expression>`;
  return undefined;
}

/** U&'…', which is Trino's own. */
function isUnicodeString(token: Token, next: Token | undefined): boolean {
  return token.kind === "word" && /^u$/i.test(token.text) && next?.text === "&" && next.start === token.end;
}
