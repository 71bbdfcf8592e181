/**
 * What AWS refuses of a JSONata expression before it runs: broken syntax, names that would need an input document (there is
 * none, everything comes in through `$states` and variables), and members of `$states` that the field does not have.
 * Sources: https://states-language.net/#jsonata and AWS's answers
 */
import { expressionText } from "../jsonata/expression.ts";
import type { ExpressionReadings } from "../jsonata/reading.ts";
import type { Findings } from "./findings.ts";

const UNSUPPORTED = "UNSUPPORTED_JSONATA_EXPRESSION";
const EVERYWHERE = ["input", "context"];

/** Where a string stands: in which field of its state (`Catch[0]/Output/message`), of what type, and where that is. */
export type StringPlace = Readonly<{ field: string; type: string; at: string }>;

/** Validates a string of a JSONata state, which is an expression if it stands between `{%` and `%}`. */
export function validateJsonata(
  text: string,
  { field, type, at }: StringPlace,
  readings: ExpressionReadings,
  findings: Findings,
): void {
  const source = expressionText(text);
  if (source === undefined) {
    if (text.startsWith("{%") || text.endsWith("%}"))
      findings.error("A JSONata expression must start with '{%' and end with '%}'", at, "INVALID_JSONATA_EXPRESSION");
    return;
  }
  const reading = readings.read(source);
  if ("problem" in reading) {
    findings.error(reading.problem, at, "INVALID_JSONATA_EXPRESSION");
    return;
  }
  if (reading.references.length === 0) return;
  const members = membersIn(field, type);
  const problems = new Set<string>();
  for (const reference of reading.references) {
    if ("unsupported" in reference) problems.add(reference.unsupported);
    else if (!members.includes(reference.member)) problems.add(`Field '$states.${reference.member}' does not exist.`);
  }
  for (const problem of problems) findings.error(problem, at, UNSUPPORTED);
}

/** Members of `$states` that the field has. */
function membersIn(field: string, type: string): readonly string[] {
  if (/^Catch\[\d+\]\/(?:Output|Assign)(?:\/|\[|$)/.test(field)) return [...EVERYWHERE, "errorOutput"];
  const runs = type === "Task" || type === "Parallel" || type === "Map";
  return runs && /^(?:Output|Assign)(?:\/|\[|$)/.test(field) ? [...EVERYWHERE, "result"] : EVERYWHERE;
}
