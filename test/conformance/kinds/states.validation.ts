/** `states.validation`: CreateStateMachine, ValidateStateMachineDefinition and variable references as AWS answered them. */
import { z } from "zod";
import {
  createRequestProblem,
  invalidDefinitionMessage,
  parseDefinition,
  validateStateMachineDefinition,
  variableReferences,
} from "../../../engine/index.ts";
import { taskApis } from "../../../local/api-models/task-apis.ts";
import type { CaseResult } from "../case-result.ts";
import { runCases } from "../parse-cases.ts";
import { difference, STRICT } from "../states-match.ts";

const Case = z.looseObject({
  id: z.string(),
  op: z.string(),
  definition: z.json().optional(),
  definitionText: z.string().optional(),
  type: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  severity: z.enum(["ERROR", "WARNING"]).optional(),
  maxResults: z.number().optional(),
  publish: z.boolean().optional(),
  versionDescription: z.string().optional(),
  expected: z.looseObject({ code: z.string().optional() }),
});
type Case = z.infer<typeof Case>;

export function run(corpus: unknown): AsyncIterable<CaseResult> {
  return runCases(corpus, Case, (recorded) => {
    const { id, op: group, expected } = recorded;
    if (!isDecidable(recorded))
      return { id, group, outcome: "skipped", expected: "needs the request, of which only the definition is recorded" };
    const got = answer(recorded);
    const found = difference(expected, got, STRICT);
    return found === undefined ? { id, group, outcome: "passed" } : { id, group, outcome: "failed", expected, got };
  });
}

/** A ValidationException is about the request around the definition: there has to be one. */
function isDecidable({ expected, publish, versionDescription, severity, maxResults }: Case): boolean {
  if (expected.code !== "ValidationException") return true;
  return [publish, versionDescription, severity, maxResults].some((member) => member !== undefined);
}

function answer(recorded: Case): unknown {
  const { op, definition, definitionText, type, severity, maxResults } = recorded;
  const text = definitionText ?? JSON.stringify(definition);
  if (op.startsWith("variableReferences")) return { variableReferences: variableReferences(JSON.parse(text)) };
  if (op === "ValidateStateMachineDefinition") {
    const { diagnostics, ...rest } = validateStateMachineDefinition(
      { definition: text, type, severity, maxResults },
      { apis: taskApis },
    );
    const listed = diagnostics.map(({ line: _line, column: _column, location, ...diagnostic }) =>
      location === "" ? diagnostic : { ...diagnostic, location },
    );
    return { ...rest, diagnostics: listed };
  }
  const problem = createRequestProblem(recorded);
  if (problem !== undefined) return { code: "ValidationException", message: problem };
  const { diagnostics } = parseDefinition(text, { type, apis: taskApis });
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "ERROR");
  return failed ? { code: "InvalidDefinition", message: invalidDefinitionMessage(diagnostics) } : { success: true };
}
