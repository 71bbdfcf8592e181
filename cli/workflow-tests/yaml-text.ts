/**
 * A definition in YAML, as the AWS Toolkit and SAM take it: the JSON it stands for, and where in the YAML each part of it is.
 *
 *   Y1. One document; its anchors may be used, merge keys (`<<`) too, but not so often that the definition explodes.
 *   Y2. What stands for no JSON (a tag, a key that is no text, NaN) is refused rather than guessed.
 *   Y3. `${Name}` is text in YAML, as it is for SAM, which fills in text.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Diagnostic, TextPosition } from "../../engine/index.ts";

export type YamlText =
  | Readonly<{ json: string; positionOf(location: string): TextPosition }>
  | Readonly<{ problem: Diagnostic }>;

/** More than any definition uses, less than a bomb needs. */
const MAX_ALIAS_COUNT = 100;
const MAX_DEPTH = 500;

export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  if (deepestFlow(text) > MAX_DEPTH) return problemAt(`nested more than ${MAX_DEPTH} levels deep`, 0, lines);
  const parsed = parseAllDocuments(text, { lineCounter: lines, merge: true, prettyErrors: false, stringKeys: true });
  const [document, another] = "empty" in parsed ? [] : parsed;
  if (document === undefined) return problemAt("the file is empty", 0, lines);
  if (another !== undefined)
    return problemAt("a second document begins here; give each a file of its own", another.range[0], lines);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const help =
      error.code === "TAG_RESOLVE_FAILED" ? "; only a template has tags: write ${Name} for what it fills in" : "";
    return problemAt(error.message + help, error.pos[0], lines);
  }
  const { contents } = document;
  const odd = oddPart(contents);
  if (odd !== undefined) return problemAt(odd.message, odd.offset, lines);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (thrown) {
    return problemAt(thrown instanceof Error ? thrown.message : String(thrown), 0, lines);
  }
  const follow = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  return {
    json: JSON.stringify(value) ?? "null",
    positionOf: (location) => positionAt(offsetOf(contents, location, follow), lines),
  };
}

function problemAt(message: string, offset: number, lines: LineCounter): { problem: Diagnostic } {
  const place = positionAt(offset, lines);
  return { problem: { severity: "ERROR", code: "INVALID_YAML", message, location: "", ...place } };
}

function positionAt(offset: number, lines: LineCounter): TextPosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A number that JSON cannot write. */
function oddPart(contents: Node | null): { message: string; offset: number } | undefined {
  let odd: { message: string; offset: number } | undefined;
  visit(contents, {
    Scalar(_key, { value, range }) {
      if (typeof value !== "number" || Number.isFinite(value)) return undefined;
      odd = { message: `${value} is no number in JSON`, offset: range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return odd;
}

/** Brackets open at once: what reads flow collections calls itself once a level. */
function deepestFlow(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth = Math.max(depth - 1, 0);
  }
  return deepest;
}

/** As far as the location leads: of names that fit, the longest is meant, as in JSON text. */
function offsetOf(root: unknown, location: string, follow: (node: unknown) => unknown): number {
  let node = follow(root);
  let offset = startOf(node);
  for (let rest = location; rest !== "" && rest !== "/"; ) {
    const step = isMap(node) ? memberStep(node, rest) : isSeq(node) ? elementStep(node, rest) : undefined;
    if (step === undefined) return offset;
    offset = step.offset;
    node = follow(step.node);
    rest = rest.slice(step.used);
  }
  return offset;
}

type Step = Readonly<{ offset: number; node: unknown; used: number }>;

function memberStep(map: YAMLMap, rest: string): Step | undefined {
  let best: Step | undefined;
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const used = name.length + 1;
    const fits = rest.startsWith(`/${name}`) && (rest.length === used || "/[".includes(rest.charAt(used)));
    if (fits && used > (best?.used ?? 0)) best = { offset: startOf(key), node: value, used };
  }
  return best;
}

function elementStep(list: YAMLSeq, rest: string): Step | undefined {
  const match = /^(?:\[(\d+)\]|\/(\d+)(?=[/[]|$))/.exec(rest);
  const node = match === null ? undefined : list.items[Number(match[1] ?? match[2])];
  return match === null || node === undefined ? undefined : { offset: startOf(node), node, used: match[0].length };
}

function startOf(node: unknown): number {
  const range: unknown = typeof node === "object" && node !== null ? Reflect.get(node, "range") : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === "number" ? start : 0;
}
