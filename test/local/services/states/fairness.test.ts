import { StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StatesHome } from "./states-home.ts";

const ENDLESS = {
  StartAt: "Ask",
  States: {
    Ask: { Type: "Choice", Choices: [{ Variable: "$.never", IsPresent: true, Next: "Out" }], Default: "Back" },
    Back: { Type: "Pass", Next: "Ask" },
    Out: { Type: "Succeed" },
  },
};
const QUICK = { StartAt: "Only", States: { Only: { Type: "Pass", Result: "done", End: true } } };

describe("an execution that never comes to a wait", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
  });
  afterEach(() => states.close());

  it("does not keep others from their turns, nor the home from closing", async () => {
    const endless = await states.create(ENDLESS, { name: "endless", type: "EXPRESS" });
    const quick = await states.create(QUICK, { name: "quick" });
    let ended = false;
    const running = states.client.send(new StartSyncExecutionCommand({ stateMachineArn: endless })).then(
      () => {
        ended = true;
      },
      () => {
        ended = true;
      },
    );
    const names = Array.from({ length: 200 }, (_, index) => `quick-${index}`);
    const done = await Promise.all(names.map((name) => states.run(quick, {}, name)));
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
    expect(ended).toBe(false);
    await states.home.close();
    await running;
    await states.open();
  });
});

describe("a definition of very many expressions", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
  });
  afterEach(() => states.close());

  it("is judged a few of them at a time, and others are served in between", async () => {
    const Output = Array.from({ length: 3_000 }, (_, index) => `{% $x + ${index} %}`);
    const machine = { QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", Output, End: true } } };
    let turns = 0;
    let turning = true;
    const turn = () => {
      turns += 1;
      if (turning) setImmediate(turn);
    };
    // Nothing is written, so that no turn is one of waiting for the disk.
    const input = { definition: JSON.stringify(machine) };
    const caller = { kind: "home", accountId: "000000000000" } as const;
    const judged = states.home.ports.call("states", "ValidateStateMachineDefinition", input, caller);
    turn();
    expect(await judged).toMatchObject({ result: "OK" });
    turning = false;
    expect(turns).toBeGreaterThanOrEqual(30);
  });
});
