/** Reads suite files into workflows with cases, every mock resolved. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { JsonValue, MachineType, TaskStub } from "../../engine/index.ts";
import { CommandFailure } from "../failure.ts";
import { DEFINITION_ENDING } from "./find-files.ts";
import { type Expect, type InlineMock, SuiteFile } from "./suite-schema.ts";

export interface WorkflowSuite {
  /** The state machine's name. */
  name: string;
  suite: string;
  definition: string;
  type: MachineType;
  substitutions: Readonly<Record<string, string | number | boolean>>;
  cases: readonly SuiteCase[];
}

export interface SuiteCase {
  name: string;
  input: JsonValue;
  /** By state. */
  mocks: Readonly<Record<string, TaskStub>>;
  /** Undefined for a case of AWS's form that `Tests` says nothing of: it is run, whatever its end. */
  expect: Expect | undefined;
}

const SUITE_ENDING = ".test.json";

/** `*.test.json`, and the names Step Functions Local's files go by. */
export function isSuiteName(name: string): boolean {
  return name.endsWith(SUITE_ENDING) || /mock-?config(-?file)?\.json$/i.test(name);
}

/** The suite that belongs beside a definition. */
export function suiteBeside(definition: string): string {
  return definition.slice(0, -DEFINITION_ENDING.length) + SUITE_ENDING;
}

/** @throws {CommandFailure} 2 naming the place of what is wrong in the file */
export function readSuite(path: string): WorkflowSuite[] {
  const file = parseSuite(path);
  const names = new Set([...Object.keys(file.StateMachines), ...Object.keys(file.Tests)]);
  if (names.size === 0) throw wrong(path, "it has no tests: give StateMachines or Tests");
  return [...names].map((name) => workflowSuite(path, name, file));
}

function parseSuite(path: string): SuiteFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    throw wrong(path, thrown instanceof Error ? thrown.message : String(thrown));
  }
  const parsed = SuiteFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path: at, message }) => `${at.map(String).join(" / ") || "the file"}: ${message}`,
  );
  throw wrong(path, problems.join("\n  "));
}

function workflowSuite(path: string, name: string, file: SuiteFile): WorkflowSuite {
  const tests = file.Tests[name] ?? {};
  const awsCases = file.StateMachines[name]?.TestCases ?? {};
  const cases = tests.Cases ?? {};
  const caseNames = [...new Set([...Object.keys(awsCases), ...Object.keys(cases)])];
  if (caseNames.length === 0) throw wrong(path, `Tests / ${name}: it has no Cases`);
  return {
    name,
    suite: path,
    definition: join(dirname(path), tests.Definition ?? `${name}${DEFINITION_ENDING}`),
    type: tests.Type ?? "STANDARD",
    substitutions: tests.Substitutions ?? {},
    cases: caseNames.map((caseName) => {
      const own = cases[caseName];
      const mocks = { ...tests.Mocks, ...awsCases[caseName], ...own?.Mocks };
      return {
        name: caseName,
        input: own?.Input ?? tests.Input ?? {},
        mocks: resolve(mocks, file, `${path}: ${name}, case '${caseName}'`),
        expect: own === undefined ? undefined : (own.Expect ?? {}),
      };
    }),
  };
}

function resolve(mocks: Record<string, string | InlineMock>, file: SuiteFile, where: string): Record<string, TaskStub> {
  const entries = Object.entries(mocks).map(([state, mock]): [string, TaskStub] => {
    if (typeof mock !== "string") return [state, mock];
    const named = Object.hasOwn(file.MockedResponses, mock) ? file.MockedResponses[mock] : undefined;
    if (named !== undefined) return [state, named];
    const known = Object.keys(file.MockedResponses).join(", ") || "none";
    throw new CommandFailure(
      2,
      `${where}: '${state}' is mocked by '${mock}', which MockedResponses does not have; it has ${known}`,
    );
  });
  return Object.fromEntries(entries);
}

function wrong(path: string, problem: string): CommandFailure {
  return new CommandFailure(2, `${path} is not a suite that can be run (${basename(path)}):\n  ${problem}`);
}
