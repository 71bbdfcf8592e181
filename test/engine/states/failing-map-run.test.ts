/** A map run that fails writes what its children gave before, whatever becomes of the process meanwhile. */
import { describe, expect, it } from "vitest";
import { compile, type InputEvent, parseDefinition, restoreExecution, startExecution } from "../../../engine/index.ts";

const flow = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
const source = {
  StartAt: "All",
  States: {
    All: {
      Type: "Map",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...flow },
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b" } },
      End: true,
    },
  },
};
const OPTIONS = {
  input: [1, 2],
  execution: { id: "arn:execution", name: "run", roleArn: "arn:role", startTimeMs: 0 },
  stateMachine: { id: "arn:machine", name: "machine" },
  seed: "seed",
};

describe("a map run over its tolerance", () => {
  /** Two children are started; the first has failed. */
  const failing = async () => {
    const { definition } = parseDefinition(JSON.stringify(source));
    if (definition === undefined) throw new Error("the test's definition was refused");
    const machine = compile(definition);
    const execution = startExecution(machine, OPTIONS);
    const started = await execution.apply({ kind: "start" }, 0);
    const [child] = started.effects.flatMap((effect) => (effect.kind === "start-child" ? [effect] : []));
    const { mapRunId = "", childId = "" } = child ?? {};
    const children = [{ childId, status: "FAILED", itemCount: 1 }] as const;
    const { effects } = await execution.apply({ kind: "children-completed", mapRunId, children }, 1);
    return { machine, execution, mapRunId, kinds: effects.map(({ kind }) => kind) };
  };

  it.each<[string, (mapRunId: string) => InputEvent]>([
    ["are written", (mapRunId) => ({ kind: "results-written", mapRunId, output: {} })],
    ["cannot be written", (mapRunId) => ({ kind: "results-failed", mapRunId, error: "E", cause: "no" })],
  ])("fails by it once the results %s, also after a restart", async (_, ended) => {
    const { machine, execution, mapRunId, kinds } = await failing();
    expect(kinds).toEqual(["stop-children", "write-results"]);
    expect(execution.outcome).toBeUndefined();
    const restored = restoreExecution(machine, JSON.parse(JSON.stringify(execution.checkpoint())));
    expect(restored.pendingEffects().map(({ kind }) => kind)).toEqual(["stop-children", "write-results"]);
    const { events } = await restored.apply(ended(mapRunId), 2);
    expect(events.map(({ type }) => type)).toEqual(["MapRunFailed", "MapStateFailed", "ExecutionFailed"]);
    expect(restored.outcome).toMatchObject({ error: "States.ExceedToleratedFailureThreshold" });
  });

  it("takes children that end while it stops them for no second failure", async () => {
    const { execution, mapRunId } = await failing();
    const children = [{ childId: "1", status: "ABORTED", itemCount: 1 }] as const;
    expect((await execution.apply({ kind: "children-completed", mapRunId, children }, 2)).effects).toEqual([]);
  });
});
