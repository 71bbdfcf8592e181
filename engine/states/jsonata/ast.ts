/** The part of JSONata's syntax tree that the fast path reads; anything else is left to the evaluator. */
export type AstNode = {
  readonly type?: string;
  readonly value?: unknown;
  readonly steps?: readonly AstNode[];
  readonly expressions?: readonly AstNode[];
  readonly arguments?: readonly AstNode[];
  readonly procedure?: AstNode;
  readonly lhs?: unknown;
  readonly rhs?: AstNode;
  readonly condition?: AstNode;
  readonly then?: AstNode;
  readonly else?: AstNode;
  readonly predicate?: unknown;
  readonly stages?: unknown;
  readonly group?: unknown;
  readonly focus?: unknown;
  readonly index?: unknown;
  readonly ancestor?: unknown;
  readonly tuple?: unknown;
  readonly keepSingletonArray?: boolean;
  readonly keepArray?: boolean;
  readonly consarray?: boolean;
};

export function isAstNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null;
}

/** Names of all `$variables` the expression mentions. */
export function variableNames(node: unknown, names: Set<string> = new Set()): ReadonlySet<string> {
  if (Array.isArray(node)) for (const item of node) variableNames(item, names);
  else if (isAstNode(node)) {
    if (node.type === "variable" && typeof node.value === "string") names.add(node.value);
    for (const value of Object.values(node)) if (typeof value === "object") variableNames(value, names);
  }
  return names;
}

/** How deeply an expression may nest to be compiled; deeper ones are left to the evaluator, which has a bound. */
const SHALLOW = 50;

/** Whether the tree nests no deeper than anyone writes it by hand. */
export function isShallow(node: unknown, depth = 0): boolean {
  if (typeof node !== "object" || node === null) return true;
  const inner = "type" in node ? depth + 1 : depth;
  return inner <= SHALLOW && Object.values(node).every((value) => isShallow(value, inner));
}
