/**
 * What ValidateStateMachineDefinition answers, and what CreateStateMachine refuses about a request before it looks at the
 * definition.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
 */
import type { Diagnostic } from "../diagnostics.ts";
import type { MachineType } from "../engine.ts";
import { type ParseOptions, parseDefinition } from "../parse.ts";

const MAX_RESULTS = 100;

/** As ValidateStateMachineDefinition takes it. */
export type ValidationRequest = Readonly<{
  definition: string;
  type?: MachineType | undefined;
  /** The least that is told; `ERROR` unless given. */
  severity?: Diagnostic["severity"] | undefined;
  /** At most this many diagnostics; 0, as nothing, means 100. */
  maxResults?: number | undefined;
}>;

/** As ValidateStateMachineDefinition answers. */
export type ValidationAnswer = Readonly<{
  /** FAIL if there is an ERROR, whatever is told. */
  result: "OK" | "FAIL";
  diagnostics: readonly Diagnostic[];
  /** Whether there were more than maxResults. */
  truncated: boolean;
}>;

/** Judges a definition as AWS would. */
export function validateStateMachineDefinition(
  request: ValidationRequest,
  options: Omit<ParseOptions, "type"> = {},
): ValidationAnswer {
  const { definition, type = "STANDARD", severity = "ERROR" } = request;
  const found = parseDefinition(definition, { ...options, type }).diagnostics;
  const wanted = found.filter((diagnostic) => severity === "WARNING" || diagnostic.severity === "ERROR");
  const limit = Math.min(request.maxResults || MAX_RESULTS, MAX_RESULTS);
  return {
    result: found.some((diagnostic) => diagnostic.severity === "ERROR") ? "FAIL" : "OK",
    diagnostics: wanted.slice(0, limit),
    truncated: wanted.length > limit,
  };
}

/** What makes CreateStateMachine answer ValidationException whatever the definition is; undefined if nothing does. */
export function createRequestProblem(
  request: Readonly<{ publish?: boolean | undefined; versionDescription?: string | undefined }>,
): string | undefined {
  if (request.versionDescription !== undefined && request.publish !== true)
    return "Version description can only be set when publish is true";
  return undefined;
}
