import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StatesHome } from "./states-home.ts";

const MOST_OPEN = 20_000;
const WAITS = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 86_400, End: true } } };

describe("a home full of running executions", { timeout: 300_000 }, () => {
  let states: StatesHome;
  beforeAll(async () => {
    states = await new StatesHome().open();
  });
  afterAll(() => states.close());

  it("refuses one more in Step Functions' words, until one has ended", async () => {
    const stateMachineArn = await states.create(WAITS);
    const { ports, accountId } = states.home;
    const call = (operation: string, input: object) =>
      ports.call("states", operation, input, { kind: "home", accountId });
    const start = (name: string = randomUUID()) => call("StartExecution", { stateMachineArn, name });
    await start("first");
    for (let open = 1; open < MOST_OPEN; open += 100)
      await Promise.all(Array.from({ length: Math.min(100, MOST_OPEN - open) }, () => start()));
    await expect(start()).rejects.toMatchObject({ code: "ExecutionLimitExceeded" });
    await call("StopExecution", { executionArn: `${stateMachineArn.replace("stateMachine", "execution")}:first` });
    await start();
  });
});
