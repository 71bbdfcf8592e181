/** `patterns.syntax`: texts refused with a given reason, and texts accepted. */
import { z } from "zod";
import { InvalidEventPatternError, parsePattern } from "../../../engine/patterns/index.ts";
import type { CaseResult } from "../case-result.ts";

const Corpus = z.object({
  bad: z.array(z.object({ id: z.string(), patternText: z.string(), error: z.string() })),
  good: z.array(z.object({ id: z.string(), patternText: z.string() })),
});

const PLACE = " at [Source";

export function run(corpus: unknown): CaseResult[] {
  const { bad, good } = Corpus.parse(corpus);
  return [
    ...bad.map(({ id, patternText, error }) => compare(id, "bad", error, refusal(patternText))),
    ...good.map(({ id, patternText }) => compare(id, "good", "accepted", refusal(patternText))),
  ];
}

/** Recorded reasons end where a place begins, also a place within the sentence. */
function refusal(patternText: string): string {
  try {
    parsePattern(patternText);
    return "accepted";
  } catch (thrown) {
    return thrown instanceof InvalidEventPatternError ? (thrown.reason.split(PLACE, 1)[0] ?? "") : String(thrown);
  }
}

function compare(id: string, group: string, expected: string, got: string): CaseResult {
  return { id, group, outcome: got === expected ? "passed" : "failed", expected, got };
}
