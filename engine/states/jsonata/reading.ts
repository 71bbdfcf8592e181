/**
 * What a definition's JSONata expressions are before they run: broken, or referring to names. An expression takes some 40 µs to
 * be parsed, and a definition has room for a hundred thousand: each text is read once, and a host can read them ahead, a few at a time.
 */
import { isArray, isObject, type JsonValue } from "../json.ts";
import { type AstNode, isAstNode } from "./ast.ts";
import { expressionText, parseExpression } from "./expression.ts";

/** Why a text is no expression; or what it refers to that may not be there, in order: a member of `$states`, or what is never there. */
export type Reading =
  | Readonly<{ problem: string }>
  | Readonly<{ references: readonly (Readonly<{ member: string }> | Readonly<{ unsupported: string }>)[] }>;

type Reference = Extract<Reading, { references: unknown }>["references"][number];

/** Longer texts are not parsed: no definition is longer. */
const MAX_TEXT = 1_048_576;
const NOTHING: Reading = { references: [] };

/** The expressions that were read, by their text. */
export class ExpressionReadings {
  readonly #known = new Map<string, Reading>();

  /** @param text what stands between the braces */
  read(text: string): Reading {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const reading = readingOf(text);
    this.#known.set(text, reading);
    return reading;
  }

  /** Reads the expressions of a definition's text; yields after each, so that a host can do other work in between. */
  *ahead(definition: string): Generator<void> {
    const open: JsonValue[] = [definition.length > MAX_TEXT ? null : parsed(definition)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (typeof next === "string") {
        const text = expressionText(next);
        if (text === undefined || this.#known.has(text)) continue;
        this.read(text);
        yield;
      } else if (isArray(next)) for (const item of next) open.push(item);
      else if (isObject(next)) for (const member of Object.values(next)) open.push(member);
    }
  }
}

function parsed(definition: string): JsonValue {
  try {
    return JSON.parse(definition);
  } catch {
    // Whoever judges the definition says what is wrong with it.
    return null;
  }
}

function readingOf(text: string): Reading {
  const result = parseExpression(text);
  if ("problem" in result) return result;
  const references = new References();
  references.visit(result.ast, true);
  return references.found.length === 0 ? NOTHING : { references: references.found };
}

class References {
  readonly found: Reference[] = [];

  /** @param isTop whether a name would be read from the input document: not within a path, a predicate or a function */
  visit(node: unknown, isTop: boolean): void {
    if (Array.isArray(node)) for (const item of node) this.visit(item, isTop);
    if (Array.isArray(node) || !isAstNode(node) || node instanceof RegExp) return;
    if (node.type === "path") this.#path(node, isTop);
    else if (node.type === "variable") this.#variable(node, isTop);
    else {
      for (const [key, value] of Object.entries(node)) {
        if (typeof value === "object") this.visit(value, isTop && !CONTEXTUAL.has(key) && !ownsContext(node, key));
      }
    }
  }

  #path(node: AstNode, isTop: boolean): void {
    const [head, ...rest] = node.steps ?? [];
    if (head?.type === "name" && isTop) this.#topLevel(String(head.value));
    if (head?.type === "variable" && head.value === "states") this.#member(rest[0]);
    this.visit(head, isTop);
    this.visit(rest, false);
    this.visit(node.group, false);
  }

  #variable(node: AstNode, isTop: boolean): void {
    if (node.value === "$") this.found.push({ unsupported: "Reference to '$$' is not supported." });
    if (node.value === "" && isTop) this.#topLevel("$");
    this.visit([node.predicate, node.stages, node.group], false);
  }

  #member(step: AstNode | undefined): void {
    if (step?.type === "name" && typeof step.value === "string") this.found.push({ member: step.value });
  }

  #topLevel(name: string): void {
    this.found.push({ unsupported: `Reference to '${name}' at the top level is not supported.` });
  }
}

/** Parts that read from what their node answers. */
const CONTEXTUAL: ReadonlySet<string> = new Set(["predicate", "stages", "group"]);

/** A function's body and a transformation read from what they are called with. */
function ownsContext(node: AstNode, key: string): boolean {
  return (node.type === "lambda" && key === "body") || node.type === "transform";
}
