/** Refuses calls of functions that Athena does not have, before any engine sees the query. */
import { QueryError } from "./query-error.ts";
import { placeOf, type Token, tokenize } from "./tokens.ts";
import { TRINO_FUNCTIONS } from "./trino-functions.ts";

/** Words a parenthesis may follow without a call. */
const NOT_CALLS: ReadonlySet<string> = new Set(
  `select distinct from where and or not in exists any all some between like escape as on using over partition by order group
   having union except intersect when then else case end values unnest lateral with recursive join cross left right full inner
   outer grouping sets rollup cube within filter limit offset fetch tablesample bernoulli system insert into is null interval
   decimal varchar char varbinary timestamp time double precision row array map table window rows range preceding following
   match_recognize ordinality`
    .split(/\s+/)
    .filter(Boolean),
);

/** @throws QueryError "SYNTAX_ERROR: line 1:8: Function x not registered" */
export function checkFunctions(sql: string): void {
  const tokens = tokenize(sql);
  tokens.forEach((token, index) => {
    const opens = tokens[index + 1]?.kind === "symbol" && tokens[index + 1]?.text === "(";
    if (!opens || !isCall(tokens, index)) return;
    if (!TRINO_FUNCTIONS.has(token.text.toLowerCase())) {
      throw new QueryError(
        `SYNTAX_ERROR: ${placeOf(sql, token.start)}: Function ${token.text.toLowerCase()} not registered`,
      );
    }
  });
}

function isCall(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token === undefined || (token.kind !== "word" && token.kind !== "identifier")) return false;
  if (token.kind === "word" && NOT_CALLS.has(token.text.toLowerCase())) return false;
  // `… AS t(x)`, `… ) t(x)`, `FROM a t(x)` name columns; so does `WITH q (x) AS (`.
  if (before?.text === ")" || before?.text.toLowerCase() === "as" || before?.kind === "identifier") return false;
  if (before?.kind === "word" && !NOT_CALLS.has(before.text.toLowerCase())) return false;
  return !isCommonTable(tokens, index);
}

function isCommonTable(tokens: readonly Token[], index: number): boolean {
  let depth = 0;
  for (let at = index + 1; at < tokens.length; at++) {
    const { text } = tokens[at] ?? { text: "" };
    depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    if (depth === 0) return tokens[at + 1]?.text.toLowerCase() === "as" && tokens[at + 2]?.text === "(";
  }
  return false;
}
