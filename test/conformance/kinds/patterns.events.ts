/** `patterns.events`: TestEventPattern as AWS answered it: match, no match, or an error with code and text. */
import { z } from "zod";
import { testEventPattern } from "../../../engine/patterns/index.ts";
import type { CaseResult } from "../case-result.ts";

const Corpus = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      pattern: z.unknown(),
      patternText: z.string().optional(),
      event: z.unknown(),
      eventText: z.string().optional(),
      expect: z.enum(["match", "no-match", "noMatch", "error"]),
      errorCode: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
});

const PLACE = "\n at [Source";
const ANY_EVENT = { id: "1", source: "s", "detail-type": "t", account: "1", region: "r", time: "2022-07-13T13:48:01Z" };

export function run(corpus: unknown): CaseResult[] {
  return Corpus.parse(corpus).cases.map((recorded): CaseResult => {
    const pattern = recorded.patternText ?? JSON.stringify(recorded.pattern);
    const event = recorded.eventText ?? JSON.stringify(recorded.event ?? ANY_EVENT);
    const got = answer(pattern, event, recorded.error?.includes(PLACE) ?? false);
    const expected =
      recorded.expect === "error"
        ? `${recorded.errorCode}: ${recorded.error}`
        : recorded.expect.replace("noMatch", "no-match");
    return { id: recorded.id, group: recorded.expect, outcome: got === expected ? "passed" : "failed", expected, got };
  });
}

function answer(pattern: string, event: string, withPlace: boolean): string {
  try {
    return testEventPattern(pattern, event) ? "match" : "no-match";
  } catch (thrown) {
    if (!(thrown instanceof Error) || !("code" in thrown)) return String(thrown);
    const message = withPlace ? thrown.message : thrown.message.split(PLACE, 1)[0];
    return `${thrown.code}: ${message}`;
  }
}
