/** `tidemill test DIR|FILE…`: runs the suites beside definitions. */
import { existsSync } from "node:fs";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { createTerminal } from "../terminal.ts";
import { DEFINITION_ENDINGS, definitionStem, findFiles } from "../workflow-tests/find-files.ts";
import { workflowText } from "../workflow-tests/report.ts";
import { runSuite, type WorkflowResult } from "../workflow-tests/run.ts";
import { isSuiteName, readSuite, suiteBeside, type WorkflowSuite } from "../workflow-tests/suite.ts";
import { belowThresholds, parseThresholds } from "../workflow-tests/thresholds.ts";

/**
 * Prints each case, what differed, and the coverage of each workflow.
 * @throws {CommandFailure} 1 if a case fails or coverage is below what is asked for, 2 for suites that cannot be run
 */
export async function testWorkflows(
  context: Context,
  paths: readonly string[],
  options: { exhaustive?: boolean; minCoverage?: string; filter?: string },
): Promise<void> {
  const thresholds = options.minCoverage === undefined ? {} : parseThresholds(options.minCoverage);
  const suites = filtered(suiteFiles(paths).flatMap(readSuite), options.filter);
  const results: WorkflowResult[] = [];
  const words = context.json ? context.terminal : createTerminal(process.stdout);
  for (const suite of suites) {
    const result = await runSuite(suite, { exhaustive: options.exhaustive ?? false });
    results.push(result);
    words.line(`${workflowText(result, words)}\n`);
  }
  const cases = results.flatMap((result) => result.cases);
  const failed = cases.filter(({ passed }) => !passed).length;
  const tooLow = results.flatMap((result) => belowThresholds(result, thresholds));
  const summary = { passed: cases.length - failed, failed, belowMinimum: tooLow, workflows: results };
  const text = [...tooLow, `${summary.passed} passed, ${failed} failed`].join("\n");
  if (failed === 0 && tooLow.length === 0) context.print(summary, text);
  else throw new CommandFailure(1, text, summary);
}

/** The cases whose name, written `workflow: case`, has the text in it. */
function filtered(suites: readonly WorkflowSuite[], filter: string | undefined): readonly WorkflowSuite[] {
  if (filter === undefined) return suites;
  const named = suites.flatMap((suite) => {
    const cases = suite.cases.filter(({ name }) => `${suite.name}: ${name}`.includes(filter));
    return cases.length === 0 ? [] : [{ ...suite, cases }];
  });
  if (named.length > 0) return named;
  const known = suites.flatMap((suite) => suite.cases.map(({ name }) => `"${suite.name}: ${name}"`));
  throw new CommandFailure(2, `no case has "${filter}" in its name; there are ${known.slice(0, 20).join(", ")}`);
}

/** Suites by their own names, and those beside the definitions given. */
function suiteFiles(paths: readonly string[]): string[] {
  const files = findFiles(paths, isSuiteName).map((path) =>
    definitionStem(path) === undefined ? path : besideOf(path),
  );
  if (files.length > 0) return [...new Set(files)];
  throw new CommandFailure(
    2,
    `no suites in ${paths.join(", ")}: a suite is NAME.test.json beside NAME${DEFINITION_ENDINGS[0]} (or .yaml), or a MockConfigFile.json; see docs/how-to/test-a-workflow.md`,
  );
}

function besideOf(definition: string): string {
  const suite = suiteBeside(definition);
  if (existsSync(suite)) return suite;
  throw new CommandFailure(2, `${definition} has no suite: ${suite} is not there`);
}
