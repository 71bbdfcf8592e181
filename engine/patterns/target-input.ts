/** What a rule's target is given: the event, a part of it, a constant, or a rendered template. */
import { compileEventPath } from "./event-path.ts";
import { compileTransformer, type InputTransformer, type Rendered, type RuleContext } from "./input-transformer.ts";

/** A target's own input as PutTargets has it; with none of them the target gets the whole event. */
export interface TargetInput {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?: InputTransformer | undefined;
}

/** More than one of Input, InputPath and InputTransformer. */
export class AmbiguousTargetInputError extends Error {
  override readonly name = "AmbiguousTargetInputError";
  readonly code = "ValidationException";
}

/**
 * @returns a function from event to the text the target gets
 * @throws AmbiguousTargetInputError, InvalidPlaceholderError, InvalidEventPathError
 */
export function compileTargetInput(input: TargetInput): (event: object, context: RuleContext) => Rendered {
  const given = [input.Input, input.InputPath, input.InputTransformer].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new AmbiguousTargetInputError("Only one of Input, InputPath, or InputTransformer must be provided");
  }
  if (input.InputTransformer !== undefined) return compileTransformer(input.InputTransformer);
  const constant = input.Input;
  if (constant !== undefined) return () => ({ kind: "rendered", text: constant });
  const read = compileEventPath(input.InputPath ?? "$");
  return (event) => ({ kind: "rendered", text: JSON.stringify(read(event) ?? null) });
}
