/** An execution that a test steps by hand. */
import { compile, type Execution, type JsonValue, parseDefinition, startExecution } from "../../../engine/index.ts";

/** @throws Error when the definition is refused */
export function executionOf(source: object | string, input: JsonValue = {}): Execution {
  const text = typeof source === "string" ? source : JSON.stringify(source);
  const { definition, diagnostics } = parseDefinition(text);
  if (definition === undefined) throw new Error(`the test's definition was refused: ${JSON.stringify(diagnostics)}`);
  return startExecution(compile(definition), {
    input,
    execution: { id: "e", name: "e", roleArn: null, startTimeMs: 0 },
    stateMachine: { id: "m", name: "m" },
    seed: "s",
  });
}
