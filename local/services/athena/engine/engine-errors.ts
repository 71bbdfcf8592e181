/** DuckDB's errors in Athena's words. The place is that of the name in the query as it was given. */
import { placeOf, tokenize } from "../sql/tokens.ts";

/** `query` is the Trino text. */
export function athenaMessage(message: string, query: string): string {
  const [first = message] = message.split("\n");
  const column =
    /Referenced column "([^"]+)" (?:not found|that)/.exec(first)?.[1] ??
    /does not have a column named "([^"]+)"/.exec(first)?.[1] ??
    /Referenced table "([^"]+)" not found/.exec(first)?.[1];
  if (column !== undefined) {
    return `COLUMN_NOT_FOUND: ${place(query, column)}: Column '${column.toLowerCase()}' cannot be resolved or requester is not authorized to access requested resources`;
  }
  const missing = /(?:Function|Macro) with name "?(\w+)"? does not exist/.exec(first)?.[1];
  if (missing !== undefined) {
    return `NOT_SUPPORTED: ${place(query, missing)}: Function ${missing.toLowerCase()} is Athena's but not built in this home`;
  }
  if (first.startsWith("TYPE_MISMATCH:")) return first;
  if (first.includes("NOT_SUPPORTED:")) return first.slice(first.indexOf("NOT_SUPPORTED:"));
  const [, unreadable] = /(?:JSON transform error|Malformed JSON) in file "[^"]*", (.*)/.exec(first) ?? [];
  if (unreadable !== undefined) return `HIVE_BAD_DATA: Error parsing a JSON record: ${unreadable}`;
  if (first.startsWith("Conversion Error") || first.startsWith("Invalid Input Error")) {
    return `INVALID_CAST_ARGUMENT: ${first.replace(/^[\w ]+Error: /, "")}`;
  }
  if (first.startsWith("Out of Memory")) return exhausted(first);
  if (/No space left on device|ENOSPC/.test(first))
    return "GENERIC_INTERNAL_ERROR: no space left on the home's disk for what the query writes; free some and run it again";
  const signature = /No function matches the given name and argument types '([^']+)'/.exec(first)?.[1];
  if (signature !== undefined) return `FUNCTION_NOT_FOUND: line 1:1: Unexpected parameters for function ${signature}`;
  if (first.startsWith("Binder Error")) return `SYNTAX_ERROR: line 1:1: ${first.replace("Binder Error: ", "")}`;
  return `GENERIC_USER_ERROR: ${first}`;
}

/** Athena's words, and what is short here. */
function exhausted(message: string): string {
  const words = "Query exhausted resources at this scale factor";
  return message.includes("offload")
    ? `${words}: it needs more than its share of memory, and the home's disk has no room for the rest, of which it may have 8 GB; free some, or have the query read less`
    : `${words}: it needs more than its share of memory; have it read less, or in parts`;
}

function place(query: string, name: string): string {
  const token = tokenize(query).find(({ text }) => text.toLowerCase() === name.toLowerCase());
  return placeOf(query, token?.start ?? 0);
}
