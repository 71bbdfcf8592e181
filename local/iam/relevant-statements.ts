/**
 * Which statements of a document can match a request at all, by its action and resource.
 *
 * Only a sieve before the real evaluation: what it leaves out could not match (AWS's wildcards, taken at their widest), and
 * what it cannot judge, such as NotAction or a policy variable, it lets through. It makes a decision several times faster.
 */
interface Asked {
  action: string;
  resource: string;
}

const patterns = new Map<string, RegExp>();
const MAX_PATTERNS = 10_000;

/** `document` with only those statements, or undefined when none is left. A document of unknown shape passes whole. */
export function relevantStatements(document: unknown, asked: Asked): unknown {
  if (typeof document !== "object" || document === null || !("Statement" in document)) return document;
  const statements: unknown[] = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  const relevant = statements.filter((statement) => canMatch(statement, asked));
  if (relevant.length === 0) return undefined;
  return relevant.length === statements.length ? document : { ...document, Statement: relevant };
}

function canMatch(statement: unknown, { action, resource }: Asked): boolean {
  if (typeof statement !== "object" || statement === null) return true;
  if ("Action" in statement && !someMatch(statement.Action, action.toLowerCase(), true)) return false;
  // A request for many resources at once ("*") is the evaluation's to judge.
  if (/[*?]/.test(resource)) return true;
  return !("Resource" in statement) || someMatch(statement.Resource, resource, false);
}

function someMatch(given: unknown, text: string, ignoreCase: boolean): boolean {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.some((pattern) => {
    if (typeof pattern !== "string" || pattern.includes("$")) return true;
    return expressionOf(ignoreCase ? pattern.toLowerCase() : pattern).test(text);
  });
}

function expressionOf(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  if (patterns.size >= MAX_PATTERNS) patterns.clear();
  const source = pattern
    .replace(/[.+^{}()|[\]\\$]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "s");
  patterns.set(pattern, expression);
  return expression;
}
