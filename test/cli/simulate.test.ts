/** `tidemill simulate` as a shell has it. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const COMMAND = join(import.meta.dirname, "..", "..", "cli", "bin", "tidemill.js");
const PAY = {
  StartAt: "Charge",
  States: {
    Charge: {
      Type: "Task",
      Resource: "${ChargeFunctionArn}",
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 5, MaxAttempts: 1 }],
      End: true,
    },
  },
};
const SUITE = {
  MockedResponses: {
    Busy: { "0": { Throw: { Error: "Busy" } }, "1": { Return: { receipt: 1 } } },
    No: { "0": { Throw: { Error: "Declined", Cause: "no money" } } },
  },
  Tests: {
    pay: {
      Cases: { busy: { Input: { amount: 1 }, Mocks: { Charge: "Busy" } }, declined: { Mocks: { Charge: "No" } } },
    },
  },
};

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("simulate");
  writeFileSync(join(folder, "pay.asl.json"), JSON.stringify(PAY));
  writeFileSync(join(folder, "pay.test.json"), JSON.stringify(SUITE));
  writeFileSync(join(folder, "broken.asl.yml"), "{a: 1, \n a: 2}");
  writeFileSync(join(folder, "broken.asl.json"), '{"StartAt":"A","States":{}}');
});

function simulate(args: readonly string[], input = "") {
  return spawnSync(process.execPath, [COMMAND, "simulate", ...args], { cwd: folder, input, encoding: "utf8" });
}

describe("tidemill simulate", () => {
  it("prints the states entered, what tasks were given, retries and the result", () => {
    const { stdout, status } = simulate(["pay.asl.json", "--mocks", "pay.test.json"]);
    expect(stdout.split("\n")).toEqual([
      "states: Charge",
      '  Charge was given {"amount":1}',
      '  Charge (retry 1) was given {"amount":1}',
      "SUCCEEDED after 5 s of virtual time",
      "{",
      '  "receipt": 1',
      "}",
      "",
    ]);
    expect(status).toBe(0);
  });

  it("takes its input from stdin, and without mocks a task gives its parameters", () => {
    const { stdout } = simulate(["pay.asl.json", "--input", "-", "--json"], '{"n":7}');
    expect(JSON.parse(stdout)).toMatchObject({ status: "SUCCEEDED", output: { n: 7 }, path: ["Charge"] });
  });

  it.each([
    { args: ["pay.asl.json", "--mocks", "pay.test.json", "--case", "declined"], code: 1, says: "Declined: no money" },
    { args: ["pay.asl.json", "--mocks", "pay.test.json", "--case", "x"], code: 2, says: "it has 'busy', 'declined'" },
    { args: ["pay.asl.json", "--input", "{"], code: 2, says: "--input takes JSON" },
    { args: ["nowhere.asl.json"], code: 2, says: "nowhere.asl.json: no such file" },
    { args: ["broken.asl.yml"], code: 3, says: "broken.asl.yml:2:2: Map keys must be unique" },
    { args: ["broken.asl.json"], code: 3, says: "see npx tidemill validate broken.asl.json" },
  ])("ends with $code and says: $says", ({ args, code, says }) => {
    const { stderr, status } = simulate(args);
    expect(stderr).toContain(says);
    expect(status).toBe(code);
  });
});
