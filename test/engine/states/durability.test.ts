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
    expect(() => restoreExecution(machine, { version: 99 })).toThrow(/version 1 but found 99/);
  });
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
