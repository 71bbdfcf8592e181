/** `patterns.match`: pattern, event, whether they match; answered by the single check and by the index. */
import { z } from "zod";
import { compile, matches } from "../../../engine/patterns/index.ts";
import type { CaseResult } from "../case-result.ts";

const Corpus = z.object({
  match: z.array(
    z.object({
      id: z.string(),
      ops: z.array(z.string()).default([]),
      pattern: z.unknown(),
      event: z.looseObject({}),
      matches: z.boolean(),
    }),
  ),
});

export function run(corpus: unknown): CaseResult[] {
  const { match } = Corpus.parse(corpus);
  const all = compile<string>();
  const answers = match.map(({ id, ops, pattern, event, matches: expected }): CaseResult => {
    const text = JSON.stringify(pattern);
    const group = ops.join("+") || "exact";
    try {
      all.add(id, text);
      const got = { alone: matches(text, event), indexed: compile([[id, text]]).match(event).length > 0 };
      const passed = got.alone === expected && got.indexed === expected;
      return { id, group, outcome: passed ? "passed" : "failed", expected, got };
    } catch (thrown) {
      return { id, group, outcome: "failed", expected, got: String(thrown) };
    }
  });
  // All rules at once must change nothing for any one of them.
  for (const [index, { id, event, matches: expected }] of match.entries()) {
    const answer = answers[index];
    if (answer?.outcome !== "passed" || all.match(event).includes(id) === expected) continue;
    answers[index] = { ...answer, outcome: "failed", expected, got: "the other answer among all rules of the file" };
  }
  return answers;
}
