/**
 * What AWS refuses of a JSONata expression before it runs: broken syntax, names that would need an input document (there is
 * none, everything comes in through `$states` and variables), and members of `$states` that the field does not have.
 * Sources: https://states-language.net/#jsonata and AWS's answers
 */
import { type AstNode, isAstNode } from "../jsonata/ast.ts";
import { expressionText, parseExpression } from "../jsonata/expression.ts";
import type { Findings } from "./findings.ts";

const UNSUPPORTED = "UNSUPPORTED_JSONATA_EXPRESSION";
const EVERYWHERE = ["input", "context"];

/**
 * Validates a string of a JSONata state, which is an expression if it stands between `{%` and `%}`.
 * @param field where the string stands in its state, `Catch[0]/Output/message`
 * @param type the state's
 */
export function validateJsonata(text: string, field: string, type: string, at: string, findings: Findings): void {
  const source = expressionText(text);
  if (source === undefined) {
    if (text.startsWith("{%") || text.endsWith("%}"))
      findings.error("A JSONata expression must start with '{%' and end with '%}'", at, "INVALID_JSONATA_EXPRESSION");
    return;
  }
  const parsed = parseExpression(source);
  if ("problem" in parsed) {
    findings.error(parsed.problem, at, "INVALID_JSONATA_EXPRESSION");
    return;
  }
  const reading = new References(membersIn(field, type));
  reading.visit(parsed.ast, true);
  for (const problem of reading.problems) findings.error(problem, at, UNSUPPORTED);
}

/** Members of `$states` that the field has. */
function membersIn(field: string, type: string): readonly string[] {
  if (/^Catch\[\d+\]\/(?:Output|Assign)(?:\/|\[|$)/.test(field)) return [...EVERYWHERE, "errorOutput"];
  const runs = type === "Task" || type === "Parallel" || type === "Map";
  return runs && /^(?:Output|Assign)(?:\/|\[|$)/.test(field) ? [...EVERYWHERE, "result"] : EVERYWHERE;
}

class References {
  readonly problems = new Set<string>();
  readonly #members: readonly string[];

  constructor(members: readonly string[]) {
    this.#members = members;
  }

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
    if (head?.type === "name" && isTop) this.problems.add(topLevel(String(head.value)));
    if (head?.type === "variable" && head.value === "states") this.#member(rest[0]);
    this.visit(head, isTop);
    this.visit(rest, false);
    this.visit(node.group, false);
  }

  #variable(node: AstNode, isTop: boolean): void {
    if (node.value === "$") this.problems.add("Reference to '$$' is not supported.");
    if (node.value === "" && isTop) this.problems.add(topLevel("$"));
    this.visit([node.predicate, node.stages, node.group], false);
  }

  #member(step: AstNode | undefined): void {
    if (step?.type !== "name" || typeof step.value !== "string" || this.#members.includes(step.value)) return;
    this.problems.add(`Field '$states.${step.value}' does not exist.`);
  }
}

/** Parts that read from what their node answers. */
const CONTEXTUAL: ReadonlySet<string> = new Set(["predicate", "stages", "group"]);

/** A function's body and a transformation read from what they are called with. */
function ownsContext(node: AstNode, key: string): boolean {
  return (node.type === "lambda" && key === "body") || node.type === "transform";
}

function topLevel(name: string): string {
  return `Reference to '${name}' at the top level is not supported.`;
}
