import { z } from "zod";
import type { CaseResult } from "./case-result.ts";

const Named = z.looseObject({ id: z.string() });

/** Runs each case of a corpus by itself: one that cannot be read or that throws fails alone, and the others still run. */
export async function* runCases<T>(
  corpus: unknown,
  schema: z.ZodType<T>,
  runCase: (recorded: T) => CaseResult | Promise<CaseResult>,
): AsyncGenerator<CaseResult, void> {
  for (const [index, source] of z
    .object({ cases: z.array(z.unknown()) })
    .parse(corpus)
    .cases.entries()) {
    const named = Named.safeParse(source);
    const id = named.success ? named.data.id : `case ${index + 1}`;
    const failed = (got: string): CaseResult => ({ id, group: "unread", outcome: "failed", expected: "a case", got });
    const parsed = schema.safeParse(source);
    if (!parsed.success) yield failed(z.prettifyError(parsed.error));
    else {
      try {
        yield await runCase(parsed.data);
      } catch (thrown) {
        yield failed(`threw ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
      }
    }
  }
}
