/** `tidemill simulate FILE`: runs one definition in memory, with mocked tasks and virtual time, and prints what it did. */
import { resolve } from "node:path";
import {
  InvalidDefinitionError,
  type JsonValue,
  jsonSyntaxProblem,
  parseDefinition,
  SimulationError,
  type SimulationOptions,
  StubError,
  simulate,
} from "../../engine/index.ts";
import { taskApis } from "../../local/api-models/task-apis.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { readGiven } from "../given-file.ts";
import { definitionJson } from "../workflow-tests/definition-source.ts";
import { engineText, withSubstitutions } from "../workflow-tests/definition-text.ts";
import { readSuite, type SuiteCase, type WorkflowSuite } from "../workflow-tests/suite.ts";

/** `input`: JSON, `@FILE`, or `-` for stdin. `mocks`: a suite, whose case named `case` (or first) stands in for the tasks. */
export type SimulateOptions = Readonly<{ input?: string; mocks?: string; case?: string }>;

/**
 * Prints the states entered, each call of a task, and how the execution ended. Without mocks a task gives its own parameters.
 * @throws {CommandFailure} 1 if the execution fails, 2 for what cannot be read or mocked, 3 for a definition AWS would refuse
 */
export async function simulateFile(context: Context, file: string, options: SimulateOptions): Promise<void> {
  if (options.case !== undefined && options.mocks === undefined)
    throw new CommandFailure(2, "--case names a case of a suite: give the suite with --mocks");
  const from = options.mocks === undefined ? undefined : caseOf(file, options.mocks, options.case);
  const text = withSubstitutions(definitionJson(file, readGiven(file), 3), from?.suite.substitutions ?? {});
  const ended = await run(file, engineText(text), {
    input: options.input === undefined ? (from?.testCase.input ?? {}) : inputOf(options.input),
    ...(from === undefined ? {} : { tasks: from.testCase.mocks, type: from.suite.type }),
  });
  const { status, output, error, cause, path, durationMs } = ended;
  const calls = ended.calls.map(({ stateName, resource, parameters, retryCount }) => ({
    stateName,
    resource,
    parameters,
    retryCount,
  }));
  const result = { status, output, error, cause, path, calls, durationMs };
  const lines = [
    `states: ${path.join(" > ")}`,
    ...calls.map(({ stateName, parameters, retryCount }) => {
      const retry = retryCount === 0 ? "" : ` (retry ${retryCount})`;
      return `  ${stateName}${retry} was given ${JSON.stringify(parameters)}`;
    }),
    `${status} after ${durationMs / 1000} s of virtual time`,
  ];
  if (status === "SUCCEEDED") return context.print(result, [...lines, JSON.stringify(output, undefined, 2)].join("\n"));
  if (!context.json) process.stdout.write(`${lines.join("\n")}\n`);
  throw new CommandFailure(1, `${error ?? status}: ${cause ?? "no cause"}`, result);
}

async function run(file: string, text: string, options: SimulationOptions) {
  const { type = "STANDARD", ...rest } = options;
  try {
    const { definition, diagnostics } = parseDefinition(text, { type, apis: taskApis });
    if (definition === undefined) throw new InvalidDefinitionError(diagnostics);
    return await simulate(definition, rest);
  } catch (thrown) {
    if (thrown instanceof InvalidDefinitionError)
      throw new CommandFailure(3, `${file}: ${thrown.message}; see npx tidemill validate ${file}`);
    if (thrown instanceof StubError || thrown instanceof SimulationError)
      throw new CommandFailure(2, `${file}: ${thrown.message}`);
    throw thrown;
  }
}

function caseOf(file: string, path: string, name: string | undefined): { suite: WorkflowSuite; testCase: SuiteCase } {
  const suites = readSuite(path);
  const suite = suites.find(({ definition }) => resolve(definition) === resolve(file));
  if (suite === undefined) {
    const others = suites.map(({ definition }) => definition).join(", ");
    throw new CommandFailure(2, `${path} has no tests of ${file}; it tests ${others}`);
  }
  const testCase = name === undefined ? suite.cases[0] : suite.cases.find((each) => each.name === name);
  if (testCase !== undefined) return { suite, testCase };
  const known = suite.cases.map((each) => `'${each.name}'`).join(", ");
  throw new CommandFailure(2, `${path} has no case '${name ?? ""}' of ${file}; it has ${known}`);
}

function inputOf(given: string): JsonValue {
  const text = given === "-" ? readGiven("-") : given.startsWith("@") ? readGiven(given.slice(1)) : given;
  try {
    return JSON.parse(text);
  } catch {
    const { message, line, column } = jsonSyntaxProblem(text);
    const from = given === text ? "" : `${given}:${line}:${column}: `;
    throw new CommandFailure(2, `--input takes JSON, @FILE, or - for stdin; found no JSON: ${from}${message}`);
  }
}
