/** The words of `tidemill test`. */
import type { ExhaustReport } from "../../engine/index.ts";
import type { Terminal } from "../terminal.ts";
import type { WorkflowResult } from "./run.ts";

export function workflowText(result: WorkflowResult, terminal: Terminal): string {
  const { name, suite, cases, coverage, exhaustive } = result;
  const lines = cases.flatMap(({ name: title, passed, differences, path }) => [
    `  ${passed ? terminal.good("✓") : terminal.bad("✗")} ${title}`,
    ...differences.map((difference) => `      ${difference}`),
    ...(passed || path.length === 0 ? [] : [`      ${terminal.dim(`went ${path.join(" → ")}`)}`]),
  ]);
  return [
    `${terminal.bold(name)} ${terminal.dim(suite)}`,
    ...lines,
    `  coverage: ${coverage.report().replaceAll("\n", "\n  ")}`,
    ...(exhaustive === undefined ? [] : exhaustiveLines(exhaustive)),
  ].join("\n");
}

function exhaustiveLines({ injections, untested, unhandled, notReached }: ExhaustReport): string[] {
  const states = new Set(injections.map(({ state }) => state));
  const lost = injections.filter(({ problem }) => problem !== undefined);
  return [
    `  exhaustive: ${injections.length} errors injected at ${states.size} states`,
    ...untested.map(
      ({ path, injection }) =>
        `    no test reaches: ${path}; ${injection.error} at ${injection.state} in '${injection.into}' does`,
    ),
    ...unhandled.map(({ state, errors }) => `    unhandled: ${state} ends the execution with ${errors.join(", ")}`),
    ...lost.map(({ state, error, problem }) => `    not followed: ${error} at ${state}: ${problem}`),
    ...notReached.map((state) => `    nothing injected: no test comes to ${state}`),
  ];
}
