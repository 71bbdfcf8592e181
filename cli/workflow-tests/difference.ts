/** How what a case came to differs from what it should have. */
import type { JsonValue, Simulation } from "../../engine/index.ts";
import type { Expect } from "./suite-schema.ts";

/** One line for each difference; none if all is as expected. */
export function differences(expect: Expect, found: Simulation): string[] {
  const { Status = "SUCCEEDED", Error: error, Cause: cause, Output: output, Path: path } = expect;
  const lines: string[] = [];
  if (found.status !== Status) lines.push(`Status: expected ${Status}, found ${found.status}${why(found)}`);
  if (error !== undefined && found.error !== error) lines.push(unlike("Error", error, found.error));
  if (cause !== undefined && found.cause?.includes(cause) !== true) {
    lines.push(`Cause: expected a part ${show(cause)}, found ${show(found.cause)}`);
  }
  if (output !== undefined) lines.push(...partly(output, found.output, "Output"));
  if (path !== undefined && path.join("\n") !== found.path.join("\n")) lines.push(pathDifference(path, found.path));
  for (const state of expect.Reaches ?? [])
    if (!found.path.includes(state)) lines.push(`Reaches: '${state}' was not entered`);
  for (const state of expect.Avoids ?? []) if (found.path.includes(state)) lines.push(`Avoids: '${state}' was entered`);
  for (const [state, parameters] of Object.entries(expect.Calls ?? {}))
    lines.push(...callDifferences(state, parameters, found));
  return lines;
}

function why({ error, cause }: Simulation): string {
  return error === undefined ? "" : ` (${error}${cause === undefined ? "" : `: ${clip(cause)}`})`;
}

/** Members expected must be there and fit; arrays fit place by place; everything else is equal. */
function partly(expected: JsonValue, found: JsonValue | undefined, at: string): string[] {
  if (typeof expected !== "object" || expected === null) return expected === found ? [] : [unlike(at, expected, found)];
  if (typeof found !== "object" || found === null) return [unlike(at, expected, found)];
  if (isArray(expected) || isArray(found)) {
    if (!isArray(expected) || !isArray(found) || expected.length !== found.length) return [unlike(at, expected, found)];
    return expected.flatMap((item, index) => partly(item, found[index], `${at}[${index}]`));
  }
  const members: { readonly [key: string]: JsonValue } = found;
  return Object.entries(expected).flatMap(([key, value]) =>
    partly(value, Object.hasOwn(members, key) ? members[key] : undefined, `${at}.${key}`),
  );
}

function callDifferences(state: string, expected: JsonValue, { calls }: Simulation): string[] {
  const made = calls.filter(({ stateName }) => stateName === state).map(({ parameters }) => parameters);
  if (isArray(expected)) {
    if (made.length !== expected.length)
      return [`Calls: '${state}' was called ${made.length} times, expected ${expected.length}`];
    return expected.flatMap((parameters, index) => partly(parameters, made[index], `Calls.${state}[${index}]`));
  }
  if (made.length === 0) return [`Calls: '${state}' was not called`];
  const lists = made.map((parameters) => partly(expected, parameters, `Calls.${state}`));
  return lists.some((list) => list.length === 0) ? [] : (lists[0] ?? []);
}

function pathDifference(expected: readonly string[], found: readonly string[]): string {
  const at = expected.findIndex((state, index) => state !== found[index]);
  const place = at < 0 ? expected.length : at;
  return `Path: expected ${show(expected[place])} as state ${place + 1}, found ${show(found[place])}; it was ${found.join(" → ")}`;
}

function unlike(at: string, expected: JsonValue, found: JsonValue | undefined): string {
  return `${at}: expected ${show(expected)}, found ${show(found)}`;
}

function show(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : clip(JSON.stringify(value));
}

const SHOWN_CHARACTERS = 300;

function clip(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
