/**
 * The reason inside a cause. Step Functions nests whole job descriptions and executions as JSON text in one another;
 * a person wants the innermost reason.
 */
const REASONS = ["FailureReason", "Cause", "errorMessage", "StateChangeReason"];
const MAX_DEPTH = 10;
const MAX_LENGTH = 600;

/** The innermost reason of a cause, in one line at most 600 characters long. */
export function innermostReason(cause: string | undefined): string {
  let text = cause ?? "";
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const inner = reasonIn(text);
    if (inner === undefined) break;
    text = inner;
  }
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)} …` : line;
}

function reasonIn(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of REASONS) {
    const found: unknown = Reflect.get(value, key);
    if (typeof found === "string" && found !== "") return found;
  }
  const status: unknown = Reflect.get(value, "Status");
  return typeof status === "object" && status !== null ? reasonIn(JSON.stringify(status)) : undefined;
}
