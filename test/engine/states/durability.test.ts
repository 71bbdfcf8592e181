/**
 * The durable protocol, over random crashes: an execution restored from its checkpoint at any moment goes on exactly as one
 * that never stopped (E2, E3), and performing a pending effect twice changes nothing (E4).
 */
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import {
  compile,
  type Effect,
  type Execution,
  type HistoryEvent,
  type InputEvent,
  type JsonObject,
  type JsonValue,
  type Machine,
  parseDefinition,
  restoreExecution,
  startExecution,
} from "../../../engine/index.ts";

const TASK = { Type: "Task", Resource: "arn:aws:lambda:us-east-1:123456789012:function:call" };
const DEFINITION = {
  QueryLanguage: "JSONata",
  StartAt: "Prepare",
  States: {
    Prepare: { Type: "Pass", Assign: { draw: "{% $random() %}", list: [1, 2, 3, 4] }, Next: "Both" },
    Both: {
      Type: "Parallel",
      Branches: [
        {
          StartAt: "Wait",
          States: { Wait: { Type: "Wait", Seconds: 30, Next: "Call" }, Call: { ...TASK, End: true } },
        },
        {
          StartAt: "Each",
          States: {
            Each: {
              Type: "Map",
              Items: "{% $list %}",
              MaxConcurrency: 2,
              ItemProcessor: {
                StartAt: "Work",
                States: {
                  Work: {
                    ...TASK,
                    Arguments: { FunctionName: "work", Payload: "{% $states.input %}", ClientContext: "{% $uuid() %}" },
                    TimeoutSeconds: 60,
                    Retry: [{ ErrorEquals: ["Flaky"], MaxAttempts: 2, JitterStrategy: "FULL" }],
                    Catch: [
                      {
                        ErrorEquals: ["States.ALL"],
                        Output: { caught: "{% $states.errorOutput.Error %}" },
                        Next: "Done",
                      },
                    ],
                    Next: "Done",
                  },
                  Done: { Type: "Pass", End: true },
                },
              },
              End: true,
            },
          },
        },
      ],
      Next: "Choose",
    },
    Choose: { Type: "Choice", Choices: [{ Condition: "{% $draw < 0.5 %}", Next: "Low" }], Default: "High" },
    Low: { Type: "Succeed" },
    High: { Type: "Pass", Output: "{% $sum($list) %}", End: true },
  },
};

const OPTIONS = {
  input: {},
  execution: { id: "arn:execution", name: "run", roleArn: "arn:role", startTimeMs: 0 },
  stateMachine: { id: "arn:machine", name: "machine" },
  seed: "seed",
};

/** Drives to the end; `crashes` says before which input the process is lost and restored. */
async function drive(machine: Machine, crashes: (step: number) => boolean, outcomes: readonly number[], seed: string) {
  let execution: Execution = startExecution(machine, { ...OPTIONS, seed });
  let saved: JsonObject = execution.checkpoint();
  const history: HistoryEvent[] = [];
  const open = new Map<string, Effect>();
  let answered: string[] = [];
  let nowMs = 0;
  let tasks = 0;
  for (let step = 0, input: InputEvent | undefined = { kind: "start" }; input !== undefined; step += 1) {
    if (crashes(step)) {
      execution = restoreExecution(machine, saved);
      // The answer about to be given was not taken in yet, so its effect is still outstanding.
      expect(execution.pendingEffects().map(keyOf).sort()).toEqual([...open.keys(), ...answered].sort());
    }
    const batch = await execution.apply(input, nowMs);
    saved = JSON.parse(JSON.stringify(execution.checkpoint()));
    history.push(...batch.events);
    for (const effect of batch.effects) settle(open, effect);
    if (execution.outcome !== undefined || step > 500) break;
    const [key, effect] = [...open].sort(byTime)[0] ?? [];
    if (key === undefined || effect === undefined) break;
    open.delete(key);
    answered = [key];
    if (effect.kind === "start-timer") nowMs = Math.max(nowMs, effect.atMs);
    input = answer(effect, outcomes[tasks % outcomes.length] ?? 0);
    if (effect.kind === "schedule-task") tasks += 1;
  }
  return { outcome: execution.outcome, history };
}

function keyOf(effect: Effect): string {
  if (effect.kind === "start-timer") return effect.timerId;
  return effect.kind === "schedule-task" ? `task ${effect.taskId}` : effect.kind;
}

function settle(open: Map<string, Effect>, effect: Effect): void {
  if (effect.kind === "start-timer" || effect.kind === "schedule-task") open.set(keyOf(effect), effect);
  if (effect.kind === "cancel-timer") open.delete(effect.timerId);
  if (effect.kind === "cancel-task") open.delete(`task ${effect.taskId}`);
}

function byTime([, left]: [string, Effect], [, right]: [string, Effect]): number {
  const at = (effect: Effect) => (effect.kind === "start-timer" ? effect.atMs : -1);
  return at(left) - at(right);
}

function answer(effect: Effect, outcome: number): InputEvent {
  if (effect.kind === "start-timer") return { kind: "timer-fired", timerId: effect.timerId };
  const taskId = effect.kind === "schedule-task" ? effect.taskId : "";
  if (outcome === 1) return { kind: "task-failed", taskId, error: "Flaky", cause: "again" };
  if (outcome === 2) return { kind: "task-failed", taskId, error: "Broken" };
  return { kind: "task-succeeded", taskId, output: { done: true } };
}

function machineOf(source: object): Machine {
  const { definition, diagnostics } = parseDefinition(JSON.stringify(source));
  expect(diagnostics).toEqual([]);
  if (definition === undefined) throw new Error("the test's definition was refused");
  return compile(definition);
}

describe("a restored execution", () => {
  test.prop(
    [
      fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }),
      fc.string(),
    ],
    {
      numRuns: 60,
    },
  )("goes on as if it had never stopped", async (crashes, outcomes, seed) => {
    const machine = machineOf(DEFINITION);
    const steady = await drive(machine, () => false, outcomes, seed);
    const crashing = await drive(
      machine,
      (step) => step > 0 && crashes[step % crashes.length] === true,
      outcomes,
      seed,
    );
    expect(crashing).toEqual(steady);
    expect(steady.outcome?.status).toMatch(/SUCCEEDED|FAILED/);
  });

  it("ignores answers nobody waits for", async () => {
    const machine = machineOf({ StartAt: "Call", States: { Call: { ...TASK, End: true } } });
    const execution = startExecution(machine, OPTIONS);
    await execution.apply({ kind: "start" }, 0);
    const batch = await execution.apply({ kind: "task-succeeded", taskId: "99", output: 1 }, 1);
    expect([batch.events, batch.effects, batch.more]).toEqual([[], [], false]);
  });

  it("refuses a checkpoint of another version", () => {
    const machine = machineOf({ StartAt: "Done", States: { Done: { Type: "Succeed" } } });
    expect(() => restoreExecution(machine, { version: 99 })).toThrow(/version 1 or 2 but found 99/);
  });
});

describe("a checkpoint whose large values are kept apart", () => {
  const large = "x".repeat(3_000);
  /** What a value kept apart is named by, as data. */
  const likeAName = { "\0part": 1 };
  const branch = (result: JsonValue, at: number) => ({
    StartAt: `Say ${at}`,
    States: {
      [`Say ${at}`]: {
        Type: "Pass",
        Assign: { said: result },
        Output: { result, input: "{% $states.input %}" },
        Next: `Rest ${at}`,
      },
      [`Rest ${at}`]: { Type: "Wait", Seconds: 1, Next: `Call ${at}` },
      [`Call ${at}`]: {
        ...TASK,
        Arguments: "{% $states.input.result %}",
        Output: "{% [$said, $states.result] %}",
        End: true,
      },
    },
  });
  const machine = machineOf({
    QueryLanguage: "JSONata",
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [{ large }, likeAName, "small", large].map(branch),
        End: true,
      },
    },
  });

  const echo = (effect: Effect): InputEvent =>
    effect.kind === "schedule-task"
      ? { kind: "task-succeeded", taskId: effect.taskId, output: effect.parameters }
      : answer(effect, 0);

  class Parts {
    values: JsonValue[] = [];
    put(value: JsonValue): number {
      const at = this.values.indexOf(value);
      return at < 0 ? this.values.push(value) - 1 : at;
    }
    get(id: number): JsonValue {
      return this.values[id] ?? null;
    }
  }

  it("goes on with them, each kept once", async () => {
    let parts = new Parts();
    let execution = startExecution(machine, { ...OPTIONS, input: { given: large } });
    const open: Effect[] = [];
    for (let input: InputEvent | undefined = { kind: "start" }; input !== undefined; ) {
      open.push(...(await execution.apply(input, 10_000)).effects);
      if (execution.outcome !== undefined) break;
      const text = execution.checkpointText(parts);
      expect(text).not.toContain(large);
      // The execution's input, which is the Parallel's and each branch's too.
      expect(parts.values.filter((value) => JSON.stringify(value) === JSON.stringify({ given: large }))).toHaveLength(
        1,
      );
      execution = restoreExecution(machine, JSON.parse(text), { parts });
      parts = new Parts();
      const next = open.shift();
      input = next && echo(next);
    }
    expect(execution.outcome?.output).toEqual([
      [{ large }, { large }],
      [likeAName, likeAName],
      ["small", "small"],
      [large, large],
    ]);
  });

  it("is refused without them", async () => {
    const execution = startExecution(machine, OPTIONS);
    await execution.apply({ kind: "start" }, 0);
    const checkpoint = JSON.parse(execution.checkpointText(new Parts()));
    expect(() => restoreExecution(machine, checkpoint)).toThrow(/found "2, without its parts"/);
  });
});

it("an execution its host cannot go on with fails, whatever its states catch", async () => {
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
  const machine = machineOf({
    StartAt: "Call",
    States: { Call: { ...TASK, Catch, End: true }, Caught: { Type: "Succeed" } },
  });
  const execution = startExecution(machine, OPTIONS);
  await execution.apply({ kind: "start" }, 0);
  const { events, effects } = await execution.apply({ kind: "fail", error: "TooMuch", cause: "to hold" }, 1);
  expect(execution.outcome).toEqual({ status: "FAILED", error: "TooMuch", cause: "to hold" });
  expect(events.map(({ type }) => type)).toEqual(["ExecutionFailed"]);
  expect(effects.map(({ kind }) => kind)).toEqual(["cancel-task", "completed"]);
});

describe("an execution restored after its end", () => {
  it("waits for nothing, and can still be redriven", async () => {
    const machine = machineOf({
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: ["A", "B"].map((name) => ({ StartAt: name, States: { [name]: { ...TASK, End: true } } })),
          End: true,
        },
      },
    });
    const execution = startExecution(machine, OPTIONS);
    const { effects } = await execution.apply({ kind: "start" }, 0);
    const [first] = effects.flatMap((effect) => (effect.kind === "schedule-task" ? [effect.taskId] : []));
    await execution.apply({ kind: "task-failed", taskId: first ?? "", error: "Down" }, 1);
    const restored = restoreExecution(machine, execution.checkpoint());
    expect(restored.pendingEffects().map(({ kind }) => kind)).toEqual(["completed"]);
    const again = await restored.apply({ kind: "redrive" }, 2);
    expect(again.effects.filter(({ kind }) => kind === "schedule-task")).toHaveLength(2);
  });
});
