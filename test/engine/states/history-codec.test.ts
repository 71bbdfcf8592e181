import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import {
  type Batch,
  compile,
  decodeHistory,
  encodeHistory,
  type HistoryEvent,
  type JsonValue,
  parseDefinition,
  startExecution,
} from "../../../engine/states/index.ts";

function started(definition: object, input: JsonValue, nowMs = 0) {
  const { definition: parsed } = parseDefinition(JSON.stringify(definition), { type: "STANDARD" });
  if (parsed === undefined) throw new Error("the definition has an error");
  return startExecution(compile(parsed), {
    input,
    execution: { id: "arn:e", name: "e", roleArn: "arn:r", startTimeMs: nowMs },
    stateMachine: { id: "arn:m", name: "m" },
    seed: "s",
  });
}

const kept = (batch: Batch): HistoryEvent[] => encodeHistory(batch.recorded).flatMap(decodeHistory);

/** Every form of event: states, an Assign, iterations, a task. */
const EACH_FORM = {
  QueryLanguage: "JSONata",
  StartAt: "Keep",
  States: {
    Keep: { Type: "Pass", Assign: { kept: "{% $states.input.n %}" }, Next: "Each" },
    Each: {
      Type: "Map",
      Items: [1, 2],
      ItemProcessor: {
        StartAt: "Twice",
        States: { Twice: { Type: "Pass", Output: "{% $states.input * 2 %}", End: true } },
      },
      Next: "Call",
    },
    Call: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Arguments: { FunctionName: "f" }, End: true },
  },
};

describe("an encoded history", () => {
  it("reads as the events it was made of, whatever their form", async () => {
    const execution = started(EACH_FORM, { n: 1, é: "x\ny" }, 1_764_547_200_123);
    const first = await execution.apply({ kind: "start" }, 1_764_547_200_123);
    const second = await execution.apply({ kind: "task-succeeded", taskId: "17", output: "ok" }, 1_764_547_201_123);
    expect(first.events).toHaveLength(18);
    const said = first.events.map(({ previousEventId, details }) => [previousEventId, details]);
    expect(said[2]).toEqual([2, expect.objectContaining({ name: "Keep", assignedVariables: { kept: "1" } })]);
    expect(said[6]).toEqual([5, { name: "Each", index: 1 }]);
    expect(said[11]).toEqual([11, { name: "Twice", output: "4", outputDetails: { truncated: false } }]);
    expect(said[16]).toEqual([16, expect.objectContaining({ parameters: '{"FunctionName":"f"}' })]);
    expect(second.events.at(-1)?.type).toBe("ExecutionSucceeded");
    expect(kept(first)).toEqual(first.events);
    expect(kept(second)).toEqual(second.events);
  });

  test.prop([fc.array(fc.record({ state: fc.nat(3), text: fc.string() }), { maxLength: 400 })])(
    "reads as the events it was made of, whatever the order of states and payloads",
    async (steps) => {
      const names = ["A", "B\u0000\n", "Ç", "🂡"];
      // A loop through a Choice: which state comes next, and with what payload, the input says.
      const next = names.map((name, state) => ({ Variable: "$[0].state", NumericEquals: state, Next: name }));
      const visit = { Type: "Pass", InputPath: "$[1:]", Next: "Next" };
      const choices = {
        Type: "Choice",
        Choices: [{ Variable: "$[0]", IsPresent: true, Next: "Which" }],
        Default: "Done",
      };
      const States = {
        ...Object.fromEntries(names.map((name) => [name, visit])),
        Next: choices,
        Which: { Type: "Choice", Choices: next },
        Done: { Type: "Succeed" },
      };
      const execution = started({ StartAt: "Next", States }, steps);
      const batch = await execution.apply({ kind: "start" }, 5);
      expect(batch.events.length).toBeGreaterThan(6 * steps.length);
      expect(kept(batch)).toEqual(batch.events);
    },
  );

  it("is cut into chunks of at most 500 events, each complete in itself", async () => {
    const iterate = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
    const States = { All: { Type: "Map", ItemProcessor: iterate, End: true } };
    const items = Array.from({ length: 400 }, (_, index) => index);
    const batch = await started({ StartAt: "All", States }, items).apply({ kind: "start" }, 5);
    const chunks = encodeHistory(batch.recorded);
    expect(chunks.map(({ firstId, lastId }) => lastId - firstId + 1)).toEqual([500, 500, 500, 106]);
    expect(chunks.toReversed().map(decodeHistory).toReversed().flat()).toEqual(batch.events);
  });

  it("stays small where states hand on what they were given: a byte an event, and each name and payload once", async () => {
    const States = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [
        `S${n}`,
        { Type: "Pass", ...(n < 99 ? { Next: `S${n + 1}` } : { End: true }) },
      ]),
    );
    const batch = await started({ StartAt: "S0", States }, { order: "o-1" }).apply({ kind: "start" }, 5);
    const [chunk] = encodeHistory(batch.recorded);
    expect(batch.events).toHaveLength(202);
    expect(chunk?.codes.length).toBeLessThan(202 + 103 + 20);
  });

  it("still reads in the form that had every number of every event", () => {
    const codes = Buffer.from("0113e390d6b9ad33031e01010d01010200150104046a040b3e", "hex");
    const output = '{\\"ok\\":true}","outputDetails":{"truncated":false}}';
    const texts = `{"resource":"invoke","resourceType":"lambda","output":"${output}Call{"ok":true}{"output":"${output}`;
    const details = { output: '{"ok":true}', outputDetails: { truncated: false } };
    const event = (id: number, type: string, detailsKey: string, its: object) => {
      return {
        id,
        previousEventId: id - 1,
        type,
        timestamp: 1_764_547_201_123,
        detailsKey,
        details: { ...its, ...details },
      };
    };
    expect(decodeHistory({ codes, texts })).toEqual([
      event(19, "TaskSucceeded", "taskSucceededEventDetails", { resource: "invoke", resourceType: "lambda" }),
      event(20, "TaskStateExited", "stateExitedEventDetails", { name: "Call" }),
      event(21, "ExecutionSucceeded", "executionSucceededEventDetails", {}),
    ]);
  });

  it.each([
    { codes: "0901", why: "Expected a history chunk of form 1 or 2 but found 9" },
    { codes: "0201050200", why: "The chunk ends at byte 5, in the midst of an event" },
    { codes: "02010501003f7f", why: "Event 1 has the kind 127" },
  ])("is refused with its fault if its bytes are $codes", ({ codes, why }) => {
    expect(() => decodeHistory({ codes: Buffer.from(codes, "hex"), texts: "" })).toThrow(why);
  });
});
