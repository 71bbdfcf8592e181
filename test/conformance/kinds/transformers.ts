/** `transformers`: template, paths and event; what the target got, that nothing was delivered, or the refusal. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  AmbiguousTargetInputError,
  compileTargetInput,
  InvalidPlaceholderError,
} from "../../../engine/patterns/index.ts";
import type { CaseResult } from "../case-result.ts";

const Case = z.looseObject({
  template: z.string().optional(),
  inputPathsMap: z.record(z.string(), z.string()).optional(),
  event: z.looseObject({}).optional(),
  expected: z.unknown().optional(),
  expectedText: z.string().nullish(),
  outcome: z.string(),
});
const Corpus = z.object({ cases: z.array(Case) });

const CONTEXT = {
  ruleArn: "arn:aws:events:us-east-1:111111111111:rule/rule",
  ruleName: "rule",
  ingestionTime: "2024-01-01T00:00:01Z",
};

export function run(corpus: unknown): CaseResult[] {
  return Corpus.parse(corpus).cases.map((recorded, index): CaseResult => {
    const id = `transformer-${String(index).padStart(3, "0")}`;
    const group = recorded.outcome.split(":", 1)[0] ?? "";
    const expected = expectation(recorded);
    const got = answer(recorded);
    return { id, group, outcome: agrees(expected, got) ? "passed" : "failed", expected, got };
  });
}

/** A string is compared as text, `{json}` by value, `{check}` by what the recording notes. */
function expectation({ outcome, expected, expectedText }: z.infer<typeof Case>): unknown {
  if (outcome.startsWith("dropped")) return "dropped";
  if (outcome !== "delivered") return outcome.replace(/^PutTargets /, "");
  if (typeof expectedText === "string") return expectedText;
  return expected === undefined || expected === null
    ? { noted: "envelope without detail, then the whole event" }
    : { json: expected };
}

function answer({ template, inputPathsMap, event, ...rest }: z.infer<typeof Case>): unknown {
  const both = "both InputPath and InputTransformer" in rest;
  try {
    const render = compileTargetInput({
      InputTransformer: { InputTemplate: template ?? '""', InputPathsMap: inputPathsMap },
      InputPath: both ? "$.detail" : undefined,
    });
    const rendered = render(event ?? {}, CONTEXT);
    return rendered.kind === "not-json" ? "dropped" : rendered.text;
  } catch (thrown) {
    return refusal(thrown);
  }
}

/** The engine does not know the target's id, which the service puts in. */
function refusal(thrown: unknown): string {
  if (thrown instanceof InvalidPlaceholderError) {
    return `ValidationException: InputTemplate for target <id> contains invalid placeholder ${thrown.placeholder}.`;
  }
  if (thrown instanceof AmbiguousTargetInputError) return `ValidationException: ${thrown.message} for target <id>.`;
  return String(thrown);
}

function agrees(expected: unknown, got: unknown): boolean {
  if (typeof expected === "string") return expected === got;
  const value: unknown = typeof got === "string" ? JSON.parse(got) : undefined;
  if (typeof expected === "object" && expected !== null && "json" in expected)
    return isDeepStrictEqual(value, expected.json);
  const noted = z.object({
    originalEvent: z.looseObject({ detailType: z.string() }),
    originalEventJson: z.looseObject({ detail: z.unknown() }),
  });
  const parsed = noted.safeParse(value);
  return parsed.success && !("detail" in parsed.data.originalEvent);
}
