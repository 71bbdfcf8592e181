/** Failures where one does not expect them: in a catcher, and between the iterations of a Map. */
import { describe, expect, it } from "vitest";
import { compile, parseDefinition, simulate, startExecution } from "../../../engine/index.ts";

const CALL = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const text = (states: object) => JSON.stringify({ QueryLanguage: "JSONata", StartAt: "First", States: states });

describe("a catcher", () => {
  it.each([
    { field: "Output", expression: "{% $nothing %}" },
    { field: "Output", expression: "{% $sum('needs the evaluator') %}" },
    { field: "Assign", expression: { kept: "{% $nothing %}" } },
  ])("whose $field fails ($expression) fails the execution, and is not asked again", async ({ field, expression }) => {
    const catcher = { ErrorEquals: ["States.ALL"], [field]: expression, Next: "Last" };
    const { status, error, history } = await simulate(
      text({ First: { ...CALL, Catch: [catcher], Next: "Last" }, Last: { Type: "Succeed" } }),
      { task: () => ({ failed: true, error: "Down" }) },
    );
    expect({ status, error }).toEqual({ status: "FAILED", error: "States.QueryEvaluationError" });
    expect(history.map(({ type }) => type).slice(-2)).toEqual(["EvaluationFailed", "ExecutionFailed"]);
  });
});

describe("an ItemSelector that fails for a later item", () => {
  const each = {
    Type: "Map",
    Items: "{% $states.input %}",
    MaxConcurrency: 1,
    ItemSelector: { n: "{% $states.context.Map.Item.Value.n %}" },

    Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.context.State.Name %}", Next: "Last" }],
    Next: "Last",
  };
  const inner = { ...CALL, Catch: [{ ErrorEquals: ["States.ALL"], Next: "After" }], Next: "After" };
  const flow = { StartAt: "Call", States: { Call: inner, After: { Type: "Pass", End: true } } };

  it("fails the Map and not the iteration that ended before it", async () => {
    const { output } = await simulate(text({ First: { ...each, ItemProcessor: flow }, Last: { Type: "Succeed" } }), {
      input: [{ n: 1 }, {}],
    });
    expect(output).toBe("First");
  });

  it("lets a redrive run the Map again", async () => {
    const { Catch: _catch, ...uncaught } = each;
    const { definition } = parseDefinition(
      text({ First: { ...uncaught, ItemProcessor: flow }, Last: { Type: "Succeed" } }),
    );
    if (definition === undefined) throw new Error("the test's definition was refused");
    const execution = startExecution(compile(definition), {
      input: [{}],
      execution: { id: "e", name: "e", roleArn: null, startTimeMs: 0 },
      stateMachine: { id: "m", name: "m" },
      seed: "s",
    });
    await execution.apply({ kind: "start" }, 0);
    expect(execution.status).toBe("FAILED");
    await execution.apply({ kind: "redrive" }, 1);
    expect(execution.outcome).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  });
});
