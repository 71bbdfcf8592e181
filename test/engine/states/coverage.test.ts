import { Coverage, simulate } from "tidemill/engine";
import { describe, expect, it } from "vitest";

const CALL = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:call" };
const DEFINITION = {
  QueryLanguage: "JSONata",
  StartAt: "Call",
  States: {
    Call: {
      ...CALL,
      Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }, { ErrorEquals: ["Slow"] }],
      Catch: [
        { ErrorEquals: ["No"], Output: "no", Next: "Which" },
        { ErrorEquals: ["States.ALL"], Output: "all", Next: "Which" },
      ],
      Next: "Which",
    },
    Which: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input = 'no' %}", Next: "Each" },
        { Condition: "{% $states.input = 'all' %}", Next: "Each" },
      ],
      Default: "Each",
    },
    Each: {
      Type: "Map",
      Items: [1, 2],
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Inner",
        States: { Inner: { Type: "Pass", End: true } },
      },
      End: true,
    },
  },
};

const run = async (call: object) => (await simulate(DEFINITION, { tasks: { Call: { Return: 1, ...call } } })).coverage;
const fails = async (error: string) => {
  const { coverage } = await simulate(DEFINITION, { tasks: { Call: { Throw: { Error: error } } } });
  return coverage;
};
const used = (coverage: Coverage) => coverage.parts.filter(({ count }) => count > 0).map(({ label }) => label);

describe("coverage", () => {
  it("counts states (children of a distributed Map too) and the branch taken", async () => {
    expect(used(await run({}))).toEqual(["Call", "Which", "Which: Default → Each", "Each", "Inner"]);
    expect((await run({})).parts.find(({ state }) => state === "Inner")?.count).toBe(2);
  });

  it("tells which retrier retried and which catcher caught, though they lead to one state", async () => {
    expect(used(await fails("Busy"))).toEqual([
      "Call",
      "Call: Retry[0] [Busy]",
      "Call: Catch[1] [States.ALL] → Which",
      "Which",
      "Which: Choices[1] → Each",
      "Each",
      "Inner",
    ]);
    expect(used(await fails("No"))).toContain("Call: Catch[0] [No] → Which");
  });

  it("adds up over runs, and reports what is left", async () => {
    const merged = Coverage.merge(await Promise.all([run({}), fails("Busy"), fails("No")]));
    expect(merged.summary).toMatchObject({
      states: { covered: 4, total: 4, percent: 100 },
      branches: { covered: 3, total: 3 },
      retriers: { covered: 1, total: 2, percent: 50 },
      catchers: { covered: 2, total: 2 },
    });
    expect(merged.report()).toBe(
      "states 4/4, branches 3/3, retriers 1/2, catchers 2/2\n  not reached: retrier Call: Retry[1] [Slow]",
    );
    expect(JSON.parse(JSON.stringify(merged)).missing).toEqual([
      { kind: "retrier", state: "Call", location: "/States/Call/Retry[1]", label: "Call: Retry[1] [Slow]" },
    ]);
  });

  it("does not add up over different definitions", async () => {
    const other = await simulate({ StartAt: "Other", States: { Other: { Type: "Succeed" } } });
    const own = await run({});
    expect(() => Coverage.merge([own, other.coverage])).toThrow(/different definitions/);
    expect(() => Coverage.merge([])).toThrow(/at least one/);
  });
});
