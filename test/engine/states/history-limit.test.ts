import { describe, expect, it } from "vitest";
import { type Effect, type JsonObject, simulate } from "../../../engine/index.ts";
import { executionOf } from "./execution-of.ts";

const LIMIT = 25_000;
const CAUSE = `The execution reached the maximum number of history events (${LIMIT}).`;
const CALL = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: "f" }, End: true };

/** Goes round `turns` times, two events each, between 5 events and those of `last`. */
const loop = (turns: number, last: JsonObject) => ({
  StartAt: "Begin",
  States: {
    Begin: { Type: "Pass", Assign: { turn: 0 }, Next: "Turn" },
    Turn: {
      Type: "Choice",
      Choices: [
        { Variable: "$turn", NumericLessThan: turns, Assign: { "turn.$": "States.MathAdd($turn, 1)" }, Next: "Turn" },
      ],
      Default: "Last",
    },
    Last: last,
  },
});

describe("the limit of 25,000 history events", () => {
  it.each([
    { name: "Succeed", last: { Type: "Succeed" }, events: 3, ends: "SUCCEEDED" },
    { name: "Pass", last: { Type: "Pass", End: true }, events: 3, ends: "SUCCEEDED" },
    { name: "Fail", last: { Type: "Fail", Error: "Own" }, events: 2, ends: "FAILED" },
    { name: "Task", last: CALL, events: 6, ends: "SUCCEEDED" },
    {
      name: "Map",
      last: {
        Type: "Map",
        ItemsPath: "$.items",
        ItemProcessor: { StartAt: "In", States: { In: { Type: "Pass", End: true } } },
        End: true,
      },
      events: 13,
      ends: "SUCCEEDED",
    },
  ])(
    "lets an execution end with event 25,000, and no later: $name",
    { timeout: 120_000 },
    async ({ last, events, ends }) => {
      const most = Math.floor((LIMIT - 5 - events) / 2);
      for (let turns = most; turns <= most + Math.ceil(events / 2) + 1; turns += 1) {
        const { status, error, cause, history } = await simulate(loop(turns, last), { input: { items: [1, 2] } });
        const types = history.map(({ type }) => type);
        expect(history.map(({ id }) => id)).toEqual(history.map((_, index) => index + 1));
        if (turns === most)
          expect({ status, events: history.length }).toEqual({ status: ends, events: 5 + events + 2 * turns });
        else {
          expect({ status, error, cause }).toEqual({ status: "FAILED", error: "States.Runtime", cause: CAUSE });
          expect(types.filter((type) => type === "ExecutionFailed")).toHaveLength(1);
          expect([types.length, types.at(-1)]).toEqual([LIMIT, "ExecutionFailed"]);
        }
      }
    },
  );

  it("stops what else the execution has under way", async () => {
    const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
    const forever = { Type: "Choice", Choices: [{ Variable: "$", IsPresent: true, Next: "On" }], Default: "On" };
    const both = { Type: "Parallel", Branches: [branch("Call", CALL), branch("On", forever)], End: true };
    const execution = executionOf(branch("Both", both));
    const effects: Effect[] = [];
    let batch = await execution.apply({ kind: "start" }, 0);
    for (effects.push(...batch.effects); batch.more; effects.push(...batch.effects))
      batch = await execution.apply({ kind: "continue" }, 0);
    expect(execution.outcome).toEqual({ status: "FAILED", error: "States.Runtime", cause: CAUSE });
    expect(effects.map(({ kind }) => kind)).toEqual(["schedule-task", "cancel-task", "completed"]);
    expect(execution.pendingEffects().map(({ kind }) => kind)).toEqual(["completed"]);
    const redriven = await execution.apply({ kind: "redrive" }, 1);
    expect({ status: execution.status, events: redriven.events }).toMatchObject({ status: "FAILED", events: [] });
  });
});
