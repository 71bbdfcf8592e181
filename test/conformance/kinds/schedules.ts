/** `schedules`: expressions as AWS judged them for rules, and next runs worked out by hand. */
import { z } from "zod";
import { nextRun, parseSchedule } from "../../../engine/schedules/index.ts";
import type { CaseResult } from "../case-result.ts";

const Corpus = z.object({
  invalidRate: z.array(z.string()).default([]),
  validRate: z.array(z.string()).default([]),
  validCron: z.array(z.string()).default([]),
  invalidCron: z.array(z.string()).default([]),
  error: z.string().default("ValidationException: Parameter ScheduleExpression is not valid."),
  handDerivedNextRuns: z
    .array(
      z.object({
        id: z.coerce.string(),
        expr: z.string(),
        tz: z.string(),
        from: z.string(),
        expect: z.array(z.string()),
      }),
    )
    .default([]),
});

export function run(corpus: unknown): CaseResult[] {
  const { invalidRate, validRate, validCron, invalidCron, error, handDerivedNextRuns } = Corpus.parse(corpus);
  return [
    ...[...invalidRate, ...invalidCron].map((expression) => judged(expression, error)),
    ...[...validRate, ...validCron].map((expression) => judged(expression, "valid")),
    ...handDerivedNextRuns.map(({ id, expr, tz, from, expect }): CaseResult => {
      const expression = /^\w+\(/.test(expr) ? expr : `cron(${expr})`;
      const got = runsOf(expression, tz, from, expect.length);
      const passed =
        got.length === expect.length && expect.every((run, index) => run.split("|").includes(got[index] ?? ""));
      return { id: `next-${id}`, group: "next run", outcome: passed ? "passed" : "failed", expected: expect, got };
    }),
  ];
}

function judged(expression: string, expected: string): CaseResult {
  const got = verdict(expression);
  return {
    id: expression,
    group: expected === "valid" ? "valid" : "invalid",
    outcome: got === expected ? "passed" : "failed",
    expected,
    got,
  };
}

function verdict(expression: string): string {
  try {
    parseSchedule(expression, "rule");
    return "valid";
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown ? `${thrown.code}: ${thrown.message}` : String(thrown);
  }
}

/** One more run than expected is asked for where none is, to see that there is none. */
function runsOf(expression: string, timezone: string, from: string, count: number): string[] {
  const schedule = parseSchedule(expression, "scheduler");
  const runs: string[] = [];
  let afterMs = Date.parse(from);
  while (runs.length < Math.max(count, 1)) {
    const next = nextRun(schedule, { afterMs, anchorMs: Date.parse(from), timezone });
    if (next === undefined) break;
    runs.push(new Date(next).toISOString().replace(".000Z", "Z"));
    afterMs = next;
  }
  return runs;
}
