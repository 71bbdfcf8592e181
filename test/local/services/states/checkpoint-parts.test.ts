import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compile, parseDefinition, startExecution } from "../../../../engine/states/index.ts";
import type { HomePorts } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { CheckpointParts, type PartRow } from "../../../../local/services/states/checkpoint-parts.ts";
import { Checkpoints } from "../../../../local/services/states/checkpoints.ts";
import { newExecution } from "../../../../local/services/states/execution-record.ts";
import { ExecutionStore } from "../../../../local/services/states/execution-store.ts";
import { states as statesService } from "../../../../local/services/states/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { manualClock } from "../../manual-clock.ts";
import { StatesHome } from "./states-home.ts";

const text = (of: string) => of.repeat(5_000);
/** Branches that say something large, and then wait. */
const branch = (says: string) => ({
  StartAt: `Say ${says}`,
  States: {
    [`Say ${says}`]: { Type: "Pass", Result: { says: text(says) }, ResultPath: "$.said", Next: `Rest ${says}` },
    [`Rest ${says}`]: { Type: "Wait", Seconds: 60, Next: `Tell ${says}` },
    [`Tell ${says}`]: { Type: "Pass", OutputPath: "$.said", End: true },
  },
});
const BOTH = {
  StartAt: "Both",
  States: { Both: { Type: "Parallel", Branches: ["a", "b", "c"].map(branch), End: true } },
};

describe("what the branches of an execution hold", () => {
  const clock = manualClock("2026-01-01T00:00:00Z");
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome([], clock).open();
  });
  afterEach(() => states.close());

  const keptLengths = () => {
    const database = new DatabaseSync(join(states.directory, "home.db"), { readOnly: true });
    const rows = database.prepare("SELECT length(value) AS n FROM states_checkpoint_parts").all();
    database.close();
    return rows.map(({ n }) => Number(n));
  };
  const start = async () => {
    const stateMachineArn = await states.create(BOTH);
    const input = JSON.stringify({ given: text("i") });
    const { executionArn = "" } = await states.client.send(new StartExecutionCommand({ stateMachineArn, input }));
    return executionArn;
  };

  it("is kept once, outlives the process, and is gone with the execution's end", async () => {
    const executionArn = await start();
    // Of each branch what it has now, and the input of the state itself.
    expect(keptLengths().length).toBe(4);
    await states.reopen();
    const ended = states.ended(executionArn);
    clock.advance(61_000);
    expect(await ended).toBe("SUCCEEDED");
    const { output } = await states.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(JSON.parse(output ?? "")).toEqual(["a", "b", "c"].map((says) => ({ says: text(says) })));
    expect(keptLengths()).toEqual([]);
  });

  it("is kept for a redrive, and forgotten with the execution", async () => {
    const executionArn = await start();
    await states.client.send(new StopExecutionCommand({ executionArn }));
    expect(keptLengths().length).toBe(4);
    clock.advance(91 * 24 * 3_600_000);
    await states.home.ports.store.committed();
    expect(keptLengths()).toEqual([]);
  });
});

describe("the checkpoints of a batch", () => {
  let home: Home;
  beforeEach(async () => {
    const directory = temporaryFolder("checkpoints");
    home = await openHome({ directory, services: [statesService] });
  });
  afterEach(() => home.close());

  const ports = (): HomePorts => home.ports;
  const running = async (given = "") => {
    const { definition } = parseDefinition(JSON.stringify(BOTH));
    if (definition === undefined) throw new Error("the test's definition was refused");
    const execution = startExecution(compile(definition), {
      input: { given },
      execution: { id: "e", name: "e", roleArn: null, startTimeMs: 0 },
      stateMachine: { id: "m", name: "m" },
      seed: "s",
    });
    await execution.apply({ kind: "start" }, 0);
    return execution;
  };
  const record = newExecution({
    ...{ arn: "e", machineArn: "m", name: "e", input: "{}", roleArn: "r", revision: "v", startMs: 0, seed: "s" },
    type: "STANDARD",
  });

  it.each([
    { what: "alone", bounds: { one: 50_000, together: 1_000_000 }, ended: ["large: The execution holds more than"] },
    {
      what: "together with others",
      bounds: { one: 1_000_000, together: 100_000 },
      ended: ["large: The executions, of which this is the largest, hold more than"],
    },
    { what: "no more than it may", bounds: { one: 1_000_000, together: 1_000_000 }, ended: [] },
  ])("end the execution that holds too much $what, not the home", async ({ bounds, ended }) => {
    const executions = new ExecutionStore(ports().store);
    const told = new Set<string>();
    const checkpoints = new Checkpoints(ports(), executions, (arn, cause) => told.add(`${arn}: ${cause}`), bounds);
    for (const { arn, given } of [
      { arn: "large", given: 20_000 },
      { arn: "small", given: 0 },
    ]) {
      const execution = await running(
        text("x")
          .slice(0, 5_000)
          .repeat(given / 1_000),
      );
      executions.insert({ ...record, arn });
      checkpoints.changed({
        record: { ...record, arn },
        execution,
        parts: new CheckpointParts(executions.parts(arn)),
      });
    }
    await ports().store.committed();
    expect([...told]).toEqual(ended.map((begin) => expect.stringMatching(`^${begin}`)));
  });

  it("are written anew after one was undone", async () => {
    const rows = new Map<number, PartRow>();
    const parts = new CheckpointParts({
      all: () => [...rows.values()],
      put: (row) => void rows.set(row.id, row),
      remove: (id) => void rows.delete(id),
      removeAll: () => rows.clear(),
    });
    const execution = await running();
    parts.save(execution);
    expect(rows.size).toBe(3);
    rows.clear();
    parts.undone();
    parts.save(execution);
    expect(rows.size).toBe(3);
    parts.clear();
    expect(rows.size).toBe(0);
  });
});
