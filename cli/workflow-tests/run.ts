/** Runs suites: each case under virtual time, then the coverage of all of a workflow's cases, then injected errors. */
import { readFileSync } from "node:fs";
import {
  Coverage,
  type Definition,
  type ExhaustReport,
  type ExhaustRun,
  exhaust,
  invalidDefinitionMessage,
  parseDefinition,
  type Simulation,
  type SimulationOptions,
  StubError,
  simulate,
} from "../../engine/index.ts";
import { taskApis } from "../../local/api-models/task-apis.ts";
import { CommandFailure } from "../failure.ts";
import { definitionJson } from "./definition-source.ts";
import { engineText, withSubstitutions } from "./definition-text.ts";
import { differences } from "./difference.ts";
import type { SuiteCase, WorkflowSuite } from "./suite.ts";

export interface CaseResult {
  name: string;
  passed: boolean;
  /** A line each; empty if it passed. */
  differences: string[];
  status: string;
  error?: string;
  cause?: string;
  output?: unknown;
  path: readonly string[];
  durationMs: number;
}

export interface WorkflowResult {
  name: string;
  suite: string;
  definition: string;
  cases: CaseResult[];
  coverage: Coverage;
  exhaustive?: ExhaustReport;
}

/**
 * @param options `exhaustive` injects errors as well
 * @throws {CommandFailure} 2 for a definition that is not there or not valid, and for mocks of states it does not have
 */
export async function runSuite(suite: WorkflowSuite, options: { exhaustive?: boolean } = {}): Promise<WorkflowResult> {
  const definition = readDefinition(suite);
  const whole = Coverage.of(definition);
  checkStates(suite, whole);
  const coverages = [whole];
  const cases: CaseResult[] = [];
  const runs: ExhaustRun[] = [];
  for (const testCase of suite.cases) {
    const ran = await runCase(definition, suite, testCase);
    cases.push(ran.result);
    if (ran.simulation === undefined) continue;
    coverages.push(ran.simulation.coverage);
    runs.push({ name: testCase.name, options: ran.options, simulation: ran.simulation });
  }
  const coverage = Coverage.merge(coverages);
  const result = { name: suite.name, suite: suite.suite, definition: suite.definition, cases, coverage };
  if (options.exhaustive !== true) return result;
  // Errors are put into runs that went well first: most of the workflow stands in those.
  runs.sort((left, right) => succeeded(right) - succeeded(left));
  return { ...result, exhaustive: await exhaust(definition, runs, coverage) };
}

function succeeded({ simulation }: ExhaustRun & { simulation: Partial<Simulation> }): number {
  return simulation.status === "SUCCEEDED" ? 1 : 0;
}

type Ran = Readonly<{ result: CaseResult; options: SimulationOptions; simulation?: Simulation }>;

async function runCase(definition: Definition, suite: WorkflowSuite, testCase: SuiteCase): Promise<Ran> {
  const { name, input, mocks, expect } = testCase;
  const options: SimulationOptions = { input, tasks: mocks, stateMachine: stateMachineOf(suite.name), seed: name };
  try {
    const simulation = await simulate(definition, options);
    const { status, error, cause, output, path, durationMs } = simulation;
    const found = expect === undefined ? [] : differences(expect, simulation);
    const result = {
      name,
      passed: found.length === 0,
      differences: found,
      status,
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(output === undefined ? {} : { output }),
      path,
      durationMs,
    };
    return { result, options, simulation };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const advice =
      thrown instanceof StubError ? `: mock '${thrown.stateName}' in the case, or in the Mocks of all` : "";
    return {
      result: { name, passed: false, differences: [message + advice], status: "UNKNOWN", path: [], durationMs: 0 },
      options,
    };
  }
}

function stateMachineOf(name: string): { id: string; name: string } {
  return { id: `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`, name };
}

function readDefinition({ definition: path, type, substitutions, suite }: WorkflowSuite): Definition {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new CommandFailure(2, `${suite}: its definition ${path} cannot be read; say where it is: "Definition": "…"`);
  }
  const given = engineText(withSubstitutions(definitionJson(path, text, 2), substitutions));
  const { definition, diagnostics } = parseDefinition(given, { type, apis: taskApis });
  if (definition !== undefined) return definition;
  throw new CommandFailure(2, `${path}: ${invalidDefinitionMessage(diagnostics)}; see npx tidemill validate ${path}`);
}

/** A mock or an expectation of a state that is not there would never be met, and pass for it. */
function checkStates({ definition, name, cases }: WorkflowSuite, coverage: Coverage): void {
  const states = new Set(coverage.parts.map(({ state }) => state));
  for (const { name: caseName, mocks, expect, place } of cases) {
    const named = [
      ...Object.keys(mocks),
      ...(expect?.Path ?? []),
      ...(expect?.Reaches ?? []),
      ...(expect?.Avoids ?? []),
      ...Object.keys(expect?.Calls ?? {}),
    ];
    for (const state of named) {
      if (states.has(state)) continue;
      throw new CommandFailure(
        2,
        `${place(state)}: ${name}, case '${caseName}' names '${state}', which is no state of ${definition}`,
      );
    }
  }
}
