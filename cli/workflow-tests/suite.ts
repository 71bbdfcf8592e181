/** Reads suite files into workflows with cases, every mock resolved. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JsonValue, MachineType, TaskStub } from "../../engine/index.ts";
import { CommandFailure } from "../failure.ts";
import { DEFINITION_ENDINGS, definitionStem } from "./find-files.ts";
import { type Expect, type InlineMock, SuiteFile } from "./suite-schema.ts";
import { type Path, SuiteText } from "./suite-text.ts";

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
  /** `FILE:LINE:COLUMN` where it names a state. */
  place(state: string): string;
}

const SUITE_ENDING = ".test.json";

/** `*.test.json`, and the names Step Functions Local's files go by. */
export function isSuiteName(name: string): boolean {
  return name.endsWith(SUITE_ENDING) || /mock-?config(-?file)?\.json$/i.test(name);
}

/** The suite that belongs beside a definition. */
export function suiteBeside(definition: string): string {
  return (definitionStem(definition) ?? definition) + SUITE_ENDING;
}

/** @throws {CommandFailure} 2 naming the line and column of what is wrong in the file */
export function readSuite(path: string): WorkflowSuite[] {
  const text = new SuiteText(path);
  const file = parseSuite(text);
  const names = new Set([...Object.keys(file.StateMachines), ...Object.keys(file.Tests)]);
  if (names.size === 0) throw wrong(path, [`${text.place([])}: it has no tests: give StateMachines or Tests`]);
  return [...names].map((name) => workflowSuite(text, name, file));
}

function parseSuite(text: SuiteText): SuiteFile {
  const parsed = SuiteFile.safeParse(text.json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const { path: at, message } = issue;
    const part = issue.code === "unrecognized_keys" ? [...at, issue.keys[0] ?? ""] : at;
    return `${text.place(part)}: ${at.map(String).join(" / ") || "the file"}: ${message}`;
  });
  throw wrong(text.path, problems);
}

function workflowSuite(text: SuiteText, name: string, file: SuiteFile): WorkflowSuite {
  const { path } = text;
  const tests = file.Tests[name] ?? {};
  const awsCases = file.StateMachines[name]?.TestCases ?? {};
  const cases = tests.Cases ?? {};
  const caseNames = [...new Set([...Object.keys(awsCases), ...Object.keys(cases)])];
  if (caseNames.length === 0)
    throw wrong(path, [`${text.place(["Tests", name], ["StateMachines", name])}: Tests / ${name}: it has no Cases`]);
  return {
    name,
    suite: path,
    definition: definitionOf(dirname(path), name, tests.Definition),
    type: tests.Type ?? "STANDARD",
    substitutions: tests.Substitutions ?? {},
    cases: caseNames.map((caseName) => {
      const own = cases[caseName];
      const mocks = { ...tests.Mocks, ...awsCases[caseName], ...own?.Mocks };
      const place = (state: string) =>
        text.place(...partsNaming(name, caseName, state), ["Tests", name, "Cases", caseName]);
      return {
        name: caseName,
        input: own?.Input ?? tests.Input ?? {},
        mocks: resolve(mocks, file, (state) => `${place(state)}: ${name}, case '${caseName}'`),
        expect: own === undefined ? undefined : (own.Expect ?? {}),
        place,
      };
    }),
  };
}

/** Where a case may name a state, nearest first. */
function partsNaming(name: string, caseName: string, state: string): Path[] {
  const own = ["Tests", name, "Cases", caseName];
  return [
    [...own, "Mocks", state],
    ["StateMachines", name, "TestCases", caseName, state],
    ["Tests", name, "Mocks", state],
    [...own, "Expect", "Calls", state],
    [...own, "Expect"],
  ];
}

function definitionOf(folder: string, name: string, given: string | undefined): string {
  if (given !== undefined) return join(folder, given);
  const [usual, ...others] = DEFINITION_ENDINGS.map((ending) => join(folder, `${name}${ending}`));
  return [usual, ...others].find((path) => existsSync(path ?? "")) ?? usual ?? "";
}

function resolve(
  mocks: Record<string, string | InlineMock>,
  file: SuiteFile,
  where: (state: string) => string,
): Record<string, TaskStub> {
  const entries = Object.entries(mocks).map(([state, mock]): [string, TaskStub] => {
    if (typeof mock !== "string") return [state, mock];
    const named = Object.hasOwn(file.MockedResponses, mock) ? file.MockedResponses[mock] : undefined;
    if (named !== undefined) return [state, named];
    const known = Object.keys(file.MockedResponses).join(", ") || "none";
    throw new CommandFailure(
      2,
      `${where(state)}: '${state}' is mocked by '${mock}', which MockedResponses does not have; it has ${known}`,
    );
  });
  return Object.fromEntries(entries);
}

function wrong(path: string, problems: readonly string[]): CommandFailure {
  return new CommandFailure(2, `${path} is not a suite that can be run:\n  ${problems.join("\n  ")}`);
}
