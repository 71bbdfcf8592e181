/**
 * Compiles a path to a closure. A definite path walks members and costs nothing else; the others collect matches.
 *
 * An indefinite path without a match gives `[]`, even when the parent is missing, as AWS does.
 */
import type { Evaluation } from "../evaluation.ts";
import { isArray, isObject, type JsonValue } from "../json.ts";
import { runtimeError } from "../state-error.ts";
import { child } from "./child.ts";
import { type FilterData, holds } from "./filter.ts";
import { Lists } from "./lists.ts";
import { endsBehindArray, missingReason, notIndexable } from "./missing.ts";
import { type ParsedPath, type PathStep, parsePath } from "./parse.ts";

export type CompiledPath = Readonly<{
  text: string;
  definite: boolean;
  root: ParsedPath["root"];
  /** What the path starts from. */
  rootValue(evaluation: Evaluation): JsonValue | undefined;
  /** The value, or undefined when a definite path finds none. */
  read(evaluation: Evaluation): JsonValue | undefined;
  /** Jayway's reason why a definite path found nothing in `input`. */
  missing(evaluation: Evaluation): string;
  /** Jayway's complaint about an index into what is no array; undefined if that is not what is wrong. */
  notIndexable(evaluation: Evaluation): string | undefined;
  /** Whether a definite path found nothing only because its last step is an index that the array there does not have. */
  endsBehindArray(evaluation: Evaluation): boolean;
}>;

/**
 * Compiles a path such as `$.a[0]`, `$$.Execution.Id` or `$variable.x`.
 * @throws {JsonPathSyntaxError}
 */
export function compilePath(text: string): CompiledPath {
  const path = parsePath(text);
  const { root, steps, definite } = path;
  const rootValue = rootReader(root);
  const fromInput = root === "$" || root === "@";
  const walk = definite ? definiteWalker(steps) : (value: JsonValue) => collect(value, steps, 0);
  return {
    text,
    definite,
    root,
    rootValue,
    read(evaluation) {
      if (fromInput) return walk(evaluation.input);
      const value = rootValue(evaluation);
      return value === undefined ? undefined : walk(value);
    },
    missing: (evaluation) => missingReason(rootValue(evaluation), steps),
    notIndexable: (evaluation) => notIndexable(rootValue(evaluation), steps),
    endsBehindArray: (evaluation) => endsBehindArray(rootValue(evaluation), steps),
  };
}

function rootReader(root: ParsedPath["root"]): (evaluation: Evaluation) => JsonValue | undefined {
  if (root === "$$") return (evaluation) => evaluation.context();
  if (root === "$" || root === "@") return (evaluation) => evaluation.input;
  return (evaluation) => evaluation.variable(root.variable);
}

function definiteWalker(steps: readonly PathStep[]): (value: JsonValue) => JsonValue | undefined {
  const keys = steps.map((step) =>
    step.kind === "property" ? step.names[0] : step.kind === "index" ? step.indexes[0] : 0,
  );
  if (keys.length === 0) return (value) => value;
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return (value) => child(value, only);
  return (value) => {
    let current: JsonValue | undefined = value;
    for (const key of keys) {
      current = child(current, key ?? 0);
      if (current === undefined) return undefined;
    }
    return current;
  };
}

/** Far more than a state may hand on; `$..*..*..*` of deep data would go on for ever. */
const MAX_MATCHES = 2_000_000;

function collect(value: JsonValue, steps: readonly PathStep[], from: number): JsonValue[] {
  let current: JsonValue[] = [value];
  const scope = new FilterScope(value);
  for (let index = from; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) break;
    const found: JsonValue[] = [];
    for (const item of current) {
      for (const match of applyStep(item, step, scope)) found.push(match);
      if (found.length > MAX_MATCHES) throw runtimeError(`The JSONPath matches more than ${MAX_MATCHES} values`);
    }
    current = found;
  }
  return current;
}

function applyStep(value: JsonValue, step: PathStep, scope: FilterScope): readonly JsonValue[] {
  switch (step.kind) {
    case "property":
      return properties(value, step.names);
    case "index":
      // As the library has it, an index that an array does not have finds null.
      return isArray(value) ? step.indexes.map((at) => child(value, at) ?? null) : [];
    case "slice":
      return isArray(value) ? slice(value, step.from, step.to) : [];
    case "wildcard":
      return members(value);
    case "descend":
      return descendants(value);
    case "filter": {
      const candidates = isArray(value) ? value : isObject(value) ? [value] : [];
      return candidates.filter((item) => holds(step.filter, scope.dataOf(item)));
    }
  }
}

/** With both bounds, the library takes index by index from one up to the other, a negative one counted from the end. */
function slice(items: readonly JsonValue[], from: number | undefined, to: number | undefined): readonly JsonValue[] {
  if (from === undefined || to === undefined) return items.slice(from, to);
  const end = Math.min(items.length, to);
  const found: JsonValue[] = [];
  for (let at = Math.max(from, -items.length); at < end; at += 1) found.push(items.at(at) ?? null);
  return found;
}

function properties(value: JsonValue, names: readonly string[]): readonly JsonValue[] {
  if (!isObject(value)) return [];
  if (names.length === 1) {
    const found = child(value, names[0] ?? "");
    return found === undefined ? [] : [found];
  }
  return [
    Object.fromEntries(names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name] ?? null])),
  ];
}

function members(value: JsonValue): readonly JsonValue[] {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: JsonValue): JsonValue[] {
  const found: JsonValue[] = [];
  const open: JsonValue[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    const inner = members(next);
    for (let index = inner.length - 1; index >= 0; index -= 1) open.push(inner[index] ?? null);
  }
  return found;
}

/** What the filters of one path read of its data: what does not depend on the item, once for all items. */
class FilterScope {
  readonly #root: JsonValue;
  readonly #found = new Map<ParsedPath, JsonValue | undefined>();
  readonly #lists = new Lists();

  constructor(root: JsonValue) {
    this.#root = root;
  }

  dataOf(item: JsonValue): FilterData {
    return {
      read: (path) => (path.root === "@" ? readFrom(item, path) : this.#fromRoot(path)),
      includes: (list, value) => this.#lists.includes(list, value),
    };
  }

  #fromRoot(path: ParsedPath): JsonValue | undefined {
    if (!this.#found.has(path)) this.#found.set(path, find(path, this.#root));
    return this.#found.get(path);
  }
}

function readFrom(item: JsonValue, path: ParsedPath): JsonValue | undefined {
  // `@` alone stands for objects only, not for the scalars of a list.
  if (path.steps.length === 0 && (typeof item !== "object" || item === null)) return undefined;
  return find(path, item);
}

function find(path: ParsedPath, start: JsonValue): JsonValue | undefined {
  return path.definite ? definiteWalker(path.steps)(start) : collect(start, path.steps, 0);
}
