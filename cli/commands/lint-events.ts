/** `tidemill events lint PATTERN|FILE|DIR…`: what patterns probably do not mean. */
import { InvalidEventPatternError, type LintFinding, lint } from "../../engine/index.ts";
import { vocabulary } from "../../events/vocabulary.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { findPatterns, type WrittenPattern } from "../event-patterns/find-patterns.ts";
import { CommandFailure } from "../failure.ts";
import { ASSEMBLY } from "../paths.ts";
import type { Terminal } from "../terminal.ts";

/** `error`: why AWS refuses the pattern, in its words. */
export type PatternReport = Readonly<{ where: string; findings: readonly LintFinding[]; error?: string }>;

/**
 * Prints a line for each finding.
 * @throws {CommandFailure} 1 if there are findings, 2 for what cannot be read, 3 if AWS refuses a pattern
 */
export function lintEvents(context: Context, sources: readonly string[]): void {
  const reports = (sources.length === 0 ? [ASSEMBLY] : sources).flatMap(findPatterns).map(reportOf);
  const refused = reports.filter(({ error }) => error !== undefined).length;
  const count = reports.reduce((sum, { findings }) => sum + findings.length, 0);
  const closing = `${reports.length} checked, ${refused} refused, ${counted(count, "finding")}`;
  if (refused + count === 0) {
    context.print(reports, closing);
    return;
  }
  if (!context.json) process.stdout.write(`${reports.flatMap(linesOf).join("\n")}\n`);
  throw new CommandFailure(refused > 0 ? 3 : 1, closing, reports);
}

/** Warns of the rules in an assembly's templates. */
export function warnOfRules(assembly: string, terminal: Terminal): PatternReport[] {
  const reports = findPatterns(assembly).map(reportOf);
  for (const line of reports.flatMap(linesOf)) terminal.line(`${terminal.bold("warning")} ${line}`);
  return reports.filter(({ findings, error }) => findings.length > 0 || error !== undefined);
}

function reportOf({ where, pattern }: WrittenPattern): PatternReport {
  try {
    return { where, findings: lint(pattern, vocabulary()) };
  } catch (thrown) {
    if (!(thrown instanceof InvalidEventPatternError)) throw thrown;
    return { where, findings: [], error: thrown.message };
  }
}

function linesOf({ where, findings, error }: PatternReport): string[] {
  const lines = findings.map(({ code, message }) => `${where}: ${code} ${message}`);
  return error === undefined ? lines : [...lines, `${where}: ${error}`];
}
