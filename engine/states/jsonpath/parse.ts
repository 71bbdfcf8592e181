/** JSONPath as Step Functions reads it (Jayway's dialect): text → steps. */
import type { Filter } from "./filter.ts";
import { parseFilter } from "./filter.ts";

export type PathStep =
  | Readonly<{ kind: "property"; names: readonly string[] }>
  | Readonly<{ kind: "index"; indexes: readonly number[] }>
  | Readonly<{ kind: "slice"; from: number | undefined; to: number | undefined }>
  | Readonly<{ kind: "wildcard" }>
  | Readonly<{ kind: "descend" }>
  | Readonly<{ kind: "filter"; filter: Filter }>;

export type ParsedPath = Readonly<{
  text: string;
  /** `$`, `$$`, `@` (in filters) or the name of a workflow variable. */
  root: "$" | "$$" | "@" | Readonly<{ variable: string }>;
  steps: readonly PathStep[];
  /** At most one match: no wildcard, slice, filter, union or descent. */
  definite: boolean;
}>;

/** A path that cannot be read; `position` counts from 0. */
export class JsonPathSyntaxError extends Error {
  override readonly name = "JsonPathSyntaxError";
  readonly code = "JsonPathSyntax";
  readonly position: number;

  constructor(text: string, position: number, expected: string) {
    super(`Expected ${expected} at position ${position} of the JSONPath '${text}'`);
    this.position = position;
  }
}

/** Reading filters recurses; no path that is meant comes near. */
const MAX_NESTING = 100;
const ROOT = /^(?:\$\$|\$[\p{L}_][\p{L}\p{N}_]*|\$|@)/u;
/** Whatever stands between dots and brackets is a name, `length()` too: there are no functions. */
const NAME = /[^.[\s]+/uy;
const NAME_IN_FILTER = /[^.[\]()\s,'"?*=<>!&|]+/uy;
const BRACKET_NUMBERS = /\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y;
/** The library reads no step: what stands for one is passed over. */
const BRACKET_SLICE = /\[\s*(?!:\s*[:\]])(-?\d*)\s*:\s*(-?\d*)\s*(?::[\d\s-]*)?\]/y;
const QUOTED = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*/y;

/**
 * Reads the whole text as a path.
 * @throws {JsonPathSyntaxError}
 */
export function parsePath(text: string): ParsedPath {
  const tooDeep = nestingEnd(text);
  if (tooDeep !== undefined) throw new JsonPathSyntaxError(text, tooDeep, `at most ${MAX_NESTING} nested brackets`);
  const { path, end } = parseFrom(text, 0, NAME);
  if (end !== text.length) throw new JsonPathSyntaxError(text, end, "the end of the path");
  return path;
}

/** Where the text opens more brackets, parentheses or negations than filters are read with; undefined if it never does. */
function nestingEnd(text: string): number | undefined {
  let depth = 0;
  let negations = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    negations = character === "!" ? negations + 1 : 0;
    if (character === "(" || character === "[") depth += 1;
    else if (character === ")" || character === "]") depth -= 1;
    if (depth + negations > MAX_NESTING) return at;
  }
  return undefined;
}

/** Reads a path that begins at `start`, for callers in whose text it is embedded (filters). */
export function parsePathPrefix(text: string, start: number): { path: ParsedPath; end: number } {
  return parseFrom(text, start, NAME_IN_FILTER);
}

function parseFrom(text: string, start: number, names: RegExp): { path: ParsedPath; end: number } {
  const root = ROOT.exec(text.slice(start))?.[0];
  if (root === undefined) throw new JsonPathSyntaxError(text, start, "'$'");
  const steps: PathStep[] = [];
  let at = start + root.length;
  while (at < text.length) {
    const next = parseStep(text, at, steps, names);
    if (next === at) break;
    at = next;
  }
  const definite = steps.every(isDefinite);
  const parsedRoot = root === "$" || root === "$$" || root === "@" ? root : { variable: root.slice(1) };
  return { path: { text: text.slice(start, at), root: parsedRoot, steps, definite }, end: at };
}

function isDefinite(step: PathStep): boolean {
  if (step.kind === "property") return step.names.length === 1;
  return step.kind === "index" && step.indexes.length === 1;
}

function parseStep(text: string, at: number, steps: PathStep[], names: RegExp): number {
  if (text.startsWith("..", at)) {
    steps.push({ kind: "descend" });
    if (text[at + 2] === "[") return parseBracket(text, at + 2, steps);
    return parseName(text, at + 2, steps, names);
  }
  if (text[at] === ".")
    return text[at + 1] === "[" ? parseBracket(text, at + 1, steps) : parseName(text, at + 1, steps, names);
  if (text[at] === "[") return parseBracket(text, at, steps);
  return at;
}

function parseName(text: string, at: number, steps: PathStep[], names: RegExp): number {
  if (text[at] === "*") {
    steps.push({ kind: "wildcard" });
    return at + 1;
  }
  names.lastIndex = at;
  const name = names.exec(text)?.[0];
  if (name === undefined) throw new JsonPathSyntaxError(text, at, "a name");
  steps.push({ kind: "property", names: [name] });
  return at + name.length;
}

function parseBracket(text: string, at: number, steps: PathStep[]): number {
  BRACKET_NUMBERS.lastIndex = at;
  const numbers = BRACKET_NUMBERS.exec(text);
  if (numbers !== null) {
    steps.push({ kind: "index", indexes: (numbers[1] ?? "").split(",").map(Number) });
    return at + numbers[0].length;
  }
  BRACKET_SLICE.lastIndex = at;
  const slice = BRACKET_SLICE.exec(text);
  if (slice !== null) {
    const bound = (digits: string | undefined) => (digits === undefined || digits === "" ? undefined : Number(digits));
    steps.push({ kind: "slice", from: bound(slice[1]), to: bound(slice[2]) });
    return at + slice[0].length;
  }
  const wildcard = /^\[\s*\*\s*\]/.exec(text.slice(at));
  if (wildcard !== null) {
    steps.push({ kind: "wildcard" });
    return at + wildcard[0].length;
  }
  if (/^\[\s*\?/.test(text.slice(at))) return parseFilterStep(text, at, steps);
  return parseQuotedNames(text, at, steps);
}

function parseFilterStep(text: string, at: number, steps: PathStep[]): number {
  const open = text.indexOf("?", at) + 1;
  const { filter, end } = parseFilter(text, open);
  const close = /^\s*\]/.exec(text.slice(end));
  if (close === null) throw new JsonPathSyntaxError(text, end, "']'");
  steps.push({ kind: "filter", filter });
  return end + close[0].length;
}

function parseQuotedNames(text: string, at: number, steps: PathStep[]): number {
  const names: string[] = [];
  let position = at + 1;
  for (;;) {
    QUOTED.lastIndex = position;
    const quoted = QUOTED.exec(text);
    if (quoted === null) throw new JsonPathSyntaxError(text, position, "a quoted name, an index, a slice, '*' or '?('");
    names.push((quoted[1] ?? quoted[2] ?? "").replace(/\\(.)/g, "$1"));
    position += quoted[0].length;
    if (text[position] === "]") break;
    if (text[position] !== ",") throw new JsonPathSyntaxError(text, position, "',' or ']'");
    position += 1;
  }
  steps.push({ kind: "property", names });
  return position + 1;
}
