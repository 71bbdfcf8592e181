/** Event patterns and input transformers: parse, match, explain, lint. Pure; see docs/reference/event-patterns.md. */

export { InvalidEventPathError } from "./event-path.ts";
export type { EventVocabulary, FieldShape, KnownEvent } from "./event-vocabulary.ts";
export {
  type EventExplanation,
  type Explanation,
  explain,
  explainAll,
  type RuleExplanation,
  type SubRuleExplanation,
} from "./explain.ts";
export type { FieldExplanation } from "./explain-field.ts";
export { eventExplanationText, explanationText } from "./explain-text.ts";
export {
  compileTransformer,
  type InputTransformer,
  InvalidPlaceholderError,
  type Rendered,
  type RuleContext,
} from "./input-transformer.ts";
export { InvalidEventPatternError } from "./invalid-event-pattern-error.ts";
export { lint } from "./lint.ts";
export type { LintFinding } from "./lint-finding.ts";
export { compile, type Matcher, matches } from "./matcher.ts";
export { parsePattern } from "./parse-pattern.ts";
export { describePredicate, type Field, type Predicate, type Scalar, type SubRule } from "./predicate.ts";
export { AmbiguousTargetInputError, compileTargetInput, type TargetInput } from "./target-input.ts";
export { InvalidEventError, testEventPattern } from "./test-event-pattern.ts";
