/** `states.validation`: CreateStateMachine, ValidateStateMachineDefinition and variable references as AWS answered them. */
import { z } from "zod";
import { invalidDefinitionMessage, parseDefinition, variableReferences } from "../../../engine/index.ts";
import type { CaseResult } from "../case-result.ts";
import { difference, STRICT } from "../states-match.ts";

const Case = z.looseObject({
  id: z.string(),
  op: z.string(),
  definition: z.json().optional(),
  definitionText: z.string().optional(),
  type: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  expected: z.looseObject({}),
});
const Corpus = z.object({ cases: z.array(Case) });
type Case = z.infer<typeof Case>;

export function run(corpus: unknown): CaseResult[] {
  return Corpus.parse(corpus).cases.map((recorded) => {
    const got = answer(recorded);
    const found = difference(recorded.expected, got, STRICT);
    const { id, op: group, expected } = recorded;
    return found === undefined ? { id, group, outcome: "passed" } : { id, group, outcome: "failed", expected, got };
  });
}

function answer({ op, definition, definitionText, type }: Case): unknown {
  const text = definitionText ?? JSON.stringify(definition);
  if (op.startsWith("variableReferences")) return { variableReferences: variableReferences(JSON.parse(text)) };
  const { diagnostics } = parseDefinition(text, { type });
  const failed = diagnostics.some(({ severity }) => severity === "ERROR");
  if (op === "CreateStateMachine") {
    return failed ? { code: "InvalidDefinition", message: invalidDefinitionMessage(diagnostics) } : { success: true };
  }
  const listed = diagnostics.map(({ line: _line, column: _column, location, ...rest }) =>
    location === "" ? rest : { ...rest, location },
  );
  return { diagnostics: listed, result: failed ? "FAIL" : "OK", truncated: false };
}
