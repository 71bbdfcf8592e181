/** `tidemill test` and `tidemill validate` over folders as a user has them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { testWorkflows } from "../../cli/commands/test.ts";
import { validate } from "../../cli/commands/validate.ts";
import type { Context } from "../../cli/context.ts";
import { CommandFailure } from "../../cli/failure.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { YAML } from "./yaml-definition.ts";

const PAY = {
  StartAt: "Charge",
  States: {
    Charge: {
      Type: "Task",
      Resource: "${ChargeFunctionArn}",
      Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["Declined"], ResultPath: "$.problem", Next: "Refused" }],
      Next: "Ship",
    },
    Ship: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Parameters: { QueueUrl: "https://sqs/q", MessageBody: "go" },
      End: true,
    },
    Refused: { Type: "Pass", End: true },
  },
};
const MOCKS = {
  Receipt: { "0": { Return: { receipt: 1 } } },
  BusyTwice: { "0-1": { Throw: { Error: "Busy", Cause: "later" } } },
  No: { "0": { Throw: { Error: "Declined" } } },
  Sent: { "0": { Return: { id: "m" } } },
};
const suite = (tests: object) => ({
  MockedResponses: MOCKS,
  Tests: { pay: { Mocks: { Charge: "Receipt", Ship: "Sent" }, ...tests } },
});

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("test");
  write("pay.asl.json", PAY);
});

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
  return path;
}

/** What the command ends with: its JSON, and its exit code. */
async function ended(command: (context: Context) => Promise<void> | void) {
  let printed: unknown;
  const context: Context = {
    home: folder,
    port: undefined,
    json: true,
    printed: false,
    terminal: { ...createTerminal(process.stderr), line: () => undefined },
    print: (value) => {
      printed = JSON.parse(JSON.stringify(value));
    },
  };
  try {
    await command(context);
    return { code: 0, printed, message: "" };
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    return {
      code: thrown.exitCode,
      printed: JSON.parse(JSON.stringify(thrown.result ?? null)),
      message: thrown.message,
    };
  }
}

const tested = (paths: readonly string[], options: Parameters<typeof testWorkflows>[2] = {}) =>
  ended((context) => testWorkflows(context, paths, options));

describe("tidemill test", () => {
  it("runs only the cases that --filter names, and says which there are where it names none", async () => {
    write("pay.test.json", suite({ Cases: { paid: {}, declined: { Mocks: { Charge: "No" } } } }));
    expect(await tested([folder], { filter: "pay: dec" })).toMatchObject({
      code: 0,
      printed: { passed: 1, workflows: [{ cases: [{ name: "declined" }] }] },
    });
    expect(await tested([folder], { filter: "refund" })).toMatchObject({
      code: 2,
      message: 'no case has "refund" in its name; there are "pay: paid", "pay: declined"',
    });
  });

  it("runs a mock configuration of Step Functions Local as it is", async () => {
    const cases = { HappyPath: { Charge: "Receipt", Ship: "Sent" }, NoPath: { Charge: "No" } };
    write("MockConfigFile.json", { StateMachines: { pay: { TestCases: cases } }, MockedResponses: MOCKS });
    const { code, printed } = await tested([folder]);
    expect(code).toBe(0);
    expect(printed).toMatchObject({
      passed: 2,
      workflows: [
        {
          cases: [
            { name: "HappyPath", output: { id: "m" } },
            { name: "NoPath", path: ["Charge", "Refused"] },
          ],
        },
      ],
    });
  });

  it("tells what differs, case by case", async () => {
    const Expect = {
      Output: { id: "other" },
      Path: ["Charge", "Refused"],
      Avoids: ["Ship"],
      Calls: { Ship: [{ MessageBody: "stop" }] },
    };
    write(
      "pay.test.json",
      suite({ Cases: { pays: {}, wrong: { Expect }, unexpected: { Mocks: { Charge: "BusyTwice" } } } }),
    );
    const { code, printed, message } = await tested([join(folder, "pay.asl.json")]);
    expect({ code, message }).toEqual({ code: 1, message: "1 passed, 2 failed" });
    expect(printed).toMatchObject({
      workflows: [
        {
          cases: [
            { name: "pays", passed: true, differences: [] },
            {
              passed: false,
              differences: [
                'Output.id: expected "other", found "m"',
                'Path: expected "Refused" as state 2, found "Ship"; it was Charge → Ship',
                "Avoids: 'Ship' was entered",
                'Calls.Ship[0].MessageBody: expected "stop", found "go"',
              ],
            },
            { passed: false, differences: ["Status: expected SUCCEEDED, found FAILED (Busy: later)"] },
          ],
        },
      ],
    });
  });

  it("fails a case that comes to a task without a mock, and says which", async () => {
    write("pay.test.json", { Tests: { pay: { Cases: { bare: {} } } } });
    const { printed } = await tested([folder]);
    expect(JSON.stringify(printed)).toContain("mock 'Charge' in the case, or in the Mocks of all");
  });

  it("holds coverage to a minimum, of all kinds or of some", async () => {
    write("pay.test.json", suite({ Cases: { pays: {} } }));
    expect(await tested([folder], { minCoverage: "states=60" })).toMatchObject({ code: 0 });
    const { code, message } = await tested([folder], { minCoverage: "90" });
    expect(code).toBe(1);
    expect(message).toContain("pay: 66.7 % of states covered (2 of 3), at least 90 % asked for");
    expect(message).toContain("0.0 % of catchers");
  });

  it.each(["most", "101", "lines=5"])("refuses --min-coverage %s", async (minCoverage) => {
    expect(await tested([folder], { minCoverage })).toMatchObject({
      code: 2,
      message: expect.stringContaining(minCoverage),
    });
  });

  it("finds error paths without a test, and states whose errors nobody handles", async () => {
    write("pay.test.json", suite({ Cases: { pays: {}, declined: { Mocks: { Charge: "No" } } } }));
    const { printed } = await tested([folder], { exhaustive: true });
    expect(printed).toMatchObject({
      workflows: [
        {
          exhaustive: {
            untested: [
              { path: "Charge: Retry[0] [Busy]", injection: { state: "Charge", error: "Busy", into: "pays" } },
            ],
            unhandled: [
              { state: "Charge", errors: ["Busy", "States.Timeout", "States.TaskFailed", "Tidemill.InjectedError"] },
              { state: "Ship", errors: ["States.Timeout", "States.TaskFailed", "Tidemill.InjectedError"] },
            ],
            notReached: [],
          },
        },
      ],
    });
  });

  it.each([
    { wrong: "JSON that ends early", content: "{", says: /JSON/ },
    { wrong: "nothing to run", content: {}, says: /it has no tests/ },
    { wrong: "a workflow without cases", content: { Tests: { pay: {} } }, says: /Tests \/ pay: it has no Cases/ },
    { wrong: "a misspelt member", content: suite({ Case: {} }), says: /Tests \/ pay: Unrecognized key: "Case"/ },
    {
      wrong: "a response that is none",
      content: suite({ Cases: { a: { Mocks: { Ship: { Returns: 1 } } } } }),
      says: /Cases \/ a \/ Mocks \/ Ship: expected the name of a mocked response.*found \{"Returns":1\}/,
    },
    {
      wrong: "responses without numbers",
      content: { ...suite({ Cases: { a: {} } }), MockedResponses: { Sent: { Return: 1 } } },
      says: /MockedResponses \/ Sent: expected responses by call.*found \{"Return":1\}/,
    },
    {
      wrong: "a response that is not there",
      content: suite({ Cases: { a: { Mocks: { Ship: "Gone" } } } }),
      says: /case 'a': 'Ship' is mocked by 'Gone'.*it has Receipt, BusyTwice/,
    },
    {
      wrong: "a state that is not there",
      content: suite({ Cases: { a: { Mocks: { Shop: "Sent" } } } }),
      says: /'Shop', which is no state/,
    },
    {
      wrong: "a definition that is not there",
      content: suite({ Definition: "no.json", Cases: { a: {} } }),
      says: /no\.json cannot be read/,
    },
  ])("refuses a suite with $wrong", async ({ content, says }) => {
    write("pay.test.json", content);
    const { code, message } = await tested([folder]);
    expect(code).toBe(2);
    expect(message).toMatch(says);
  });

  it("refuses a folder without suites, a definition without one, and a path that is not there", async () => {
    expect(await tested([folder])).toMatchObject({ code: 2, message: expect.stringContaining("no suites in") });
    expect(await tested([join(folder, "pay.asl.json")])).toMatchObject({
      code: 2,
      message: expect.stringContaining("has no suite"),
    });
    expect(await tested([join(folder, "gone")])).toMatchObject({
      code: 2,
      message: expect.stringContaining("no such file"),
    });
  });

  it.each([
    { content: '{\n  "Tests": {,\n}', at: "2:14" },
    { content: suite({ Case: {} }), at: "39:7" },
    { content: suite({ Cases: { a: { Mocks: { Ship: { Returns: 1 } } } } }), at: "42:13" },
    { content: suite({ Cases: { a: { Mocks: { Ship: "Gone" } } } }), at: "42:13" },
    { content: suite({ Cases: { a: { Mocks: { Shop: "Sent" } } } }), at: "42:13" },
    { content: suite({ Cases: { a: { Expect: { Reaches: ["Shop"] } } } }), at: "41:11" },
  ])("names the line and column of what is wrong in a suite: $at", async ({ content, at }) => {
    const path = write("pay.test.json", content);
    expect((await tested([folder])).message).toContain(`${path}:${at}: `);
  });

  it("runs a definition in YAML", async () => {
    rmSync(join(folder, "pay.asl.json"));
    write("pay.asl.yaml", YAML);
    write("pay.test.json", suite({ Cases: { pays: {} } }));
    expect(await tested([folder])).toMatchObject({ code: 0, printed: { passed: 1 } });
    expect(await tested([join(folder, "pay.asl.yaml")])).toMatchObject({ code: 0, printed: { passed: 1 } });
    write("pay.asl.yaml", "StartAt: [");
    expect(await tested([folder])).toMatchObject({ code: 2, message: expect.stringContaining("pay.asl.yaml:1:11: ") });
  });

  it("puts substitutions in, also where no string stands", async () => {
    const wait = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":\${Pause},"Next":"D"},"D":{"Type":"Pass","Result":"\${Name}","End":true}}}`;
    write("wait.asl.json", wait);
    write("wait.test.json", {
      Tests: {
        wait: { Substitutions: { Pause: 90, Name: 'a "b"' }, Cases: { waits: { Expect: { Output: 'a "b"' } } } },
      },
    });
    const { printed } = await tested([folder]);
    expect(printed).toMatchObject({ passed: 1, workflows: [{ cases: [{ durationMs: 90_000 }] }] });
  });
});

describe("tidemill validate", () => {
  const validated = (paths: readonly string[], options = {}) => ended((context) => validate(context, paths, options));

  it("accepts placeholders wherever a template may put values", async () => {
    write("wait.asl.json", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":\${Pause},"End":true}}}`);
    expect(await validated([folder], { type: "express" })).toMatchObject({
      code: 0,
      printed: [
        { file: join(folder, "pay.asl.json"), result: "OK" },
        { result: "OK", diagnostics: [] },
      ],
    });
  });

  it("says where in the text a diagnostic stands, placeholders before it or not", async () => {
    const text =
      '{ "StartAt": "A",\n  "TimeoutSeconds": ${T}, "States": {\n    "A": { "Type": "Task", "Resource": "${F}", "End": true, "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "B" }] } } }\n';
    const file = write("bad.asl.json", text);
    const { code, printed } = await validated([file]);
    expect(code).toBe(1);
    expect(printed).toMatchObject([
      {
        result: "FAIL",
        diagnostics: [
          { severity: "ERROR", code: "MISSING_TRANSITION_TARGET", location: "/States/A/Catch[0]/Next", line: 3 },
        ],
      },
    ]);
    const [report] = Array.isArray(printed) ? printed : [];
    expect(text.split("\n")[2]?.slice(report.diagnostics[0].column - 1)).toMatch(/^"Next"/);
  });

  it("refuses an SDK integration that AWS does not have", async () => {
    const resource = "arn:aws:states:::aws-sdk:glue:startJob";
    const file = write(
      "sdk.asl.json",
      `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${resource}","End":true}}}`,
    );
    expect(await validated([file])).toMatchObject({
      code: 1,
      printed: [{ diagnostics: [{ message: expect.stringContaining(`${resource} is not recognized`) }] }],
    });
  });

  it("prints a line a diagnostic as compilers do, and ends with 1", () => {
    const file = write("broken.asl.json", '{\n  "StartAt": "A",\n  nonsense\n}');
    const bin = join(import.meta.dirname, "../../cli/bin/tidemill.js");
    const run = () => execFileSync(process.execPath, [bin, "validate", file], { encoding: "utf8", stdio: "pipe" });
    expect(run).toThrow(
      expect.objectContaining({
        status: 1,
        stdout: expect.stringMatching(/broken\.asl\.json:3:\d+ ERROR INVALID_JSON_DESCRIPTION: /),
      }),
    );
  });

  it("reads a definition from stdin for -", () => {
    const bin = join(import.meta.dirname, "../../cli/bin/tidemill.js");
    const run = () =>
      execFileSync(process.execPath, [bin, "validate", "-"], {
        encoding: "utf8",
        stdio: "pipe",
        input: '{"StartAt":"B",\n"States":{"A":{"Type":"Succeed"}}}',
      });
    expect(run).toThrow(
      expect.objectContaining({ status: 1, stdout: expect.stringMatching(/^-:1:2 ERROR MISSING_TRANSITION_TARGET: /) }),
    );
  });

  it("refuses severities and types that are none, and folders without definitions", async () => {
    expect(await validated([folder], { severity: "info" })).toMatchObject({ code: 2 });
    expect(await validated([folder], { type: "FAST" })).toMatchObject({ code: 2 });
    mkdirSync(join(folder, "empty"));
    expect(await validated([join(folder, "empty")])).toMatchObject({ code: 2 });
  });
});
