/** ExecutionParameters: each is one literal, put in place of a `?`; anything that is not a literal is refused. */
import { QueryError } from "./query-error.ts";
import { type Token, tokenize } from "./tokens.ts";

const TYPED = new Set(["date", "timestamp", "time", "decimal", "interval"]);

export function bindParameters(sql: string, parameters: readonly string[]): string {
  const places = tokenize(sql).filter(({ kind, text }) => kind === "symbol" && text === "?");
  if (places.length !== parameters.length) {
    throw new QueryError(
      `INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected ${places.length} but found ${parameters.length}`,
    );
  }
  let bound = "";
  let from = 0;
  places.forEach(({ start, end }, index) => {
    bound += sql.slice(from, start) + literal(parameters[index] ?? "");
    from = end;
  });
  return bound + sql.slice(from);
}

function literal(text: string): string {
  const tokens = tokenize(text);
  const [first, second] = tokens;
  const signed = first?.kind === "symbol" && first.text === "-" && second?.kind === "number" && tokens.length === 2;
  const plain = tokens.length === 1 && (first?.kind === "number" || first?.kind === "string");
  const named = tokens.length === 1 && /^(true|false|null)$/i.test(first?.text ?? "") && first?.kind === "word";
  const typed =
    tokens.length === 2 &&
    TYPED.has(first?.text.toLowerCase() ?? "") &&
    first?.kind === "word" &&
    second?.kind === "string";
  if (signed || plain || named || typed) return writtenOut(text, tokens);
  throw new QueryError(
    `INVALID_PARAMETER_USAGE: line 1:1: parameter ${JSON.stringify(text)} is not a literal; write text as 'text', numbers plain`,
  );
}

/** Without comments, one of which would take what follows with it, and apart from a sign before it: `--` begins one too. */
function writtenOut(text: string, tokens: readonly Token[]): string {
  return ` ${tokens.map(({ start, end }) => text.slice(start, end)).join(" ")}`;
}
