import {
  DisableRuleCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { DeleteStateMachineCommand, ListExecutionsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { events } from "../../../../local/services/events/index.ts";
import { ROLE, StatesHome } from "./states-home.ts";

const QUICK = { StartAt: "Only", States: { Only: { Type: "Pass", Result: "done", End: true } } };

/** Starts itself `times` over, without an end. */
function selfStarting(times: number): object {
  const branches = Array.from({ length: times }, (_, index) => ({
    StartAt: `Start ${index}`,
    States: {
      [`Start ${index}`]: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution",
        Parameters: { "StateMachineArn.$": "$$.StateMachine.Id" },
        End: true,
      },
    },
  }));
  return { StartAt: "All", States: { All: { Type: "Parallel", Branches: branches, End: true } } };
}

let states: StatesHome;
beforeEach(async () => {
  states = await new StatesHome([events]).open();
});
afterEach(() => states.close());

const count = (where = "1") =>
  Number(states.home.ports.store.prepare(`SELECT count(*) AS n FROM states_executions WHERE ${where}`).get()?.n);

/** Others have their turns meanwhile. */
async function othersRun(): Promise<void> {
  const quick = await states.create(QUICK, { name: "quick" });
  for (const name of ["a", "b", "c"]) expect(await states.run(quick, {}, name)).toMatchObject({ status: "SUCCEEDED" });
}

describe("a state machine that starts itself", () => {
  it.each([1, 2, 10])("%i times over leaves others their turns, and ends when it is deleted", async (times) => {
    const stateMachineArn = await states.create(selfStarting(times), { name: "self" });
    await states.client.send(new StartExecutionCommand({ stateMachineArn }));
    await expect.poll(() => count(), { timeout: 20_000 }).toBeGreaterThan(50);
    await othersRun();
    await states.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await expect.poll(() => count("status = 'RUNNING'"), { timeout: 20_000 }).toBe(0);
    const after = count();
    await states.run(await states.create(QUICK, { name: "last" }));
    expect(count()).toBe(after + 1);
  });
});

describe("a rule whose target puts what the rule takes", () => {
  it("leaves others their turns, and ends when it is disabled", async () => {
    const put = {
      Type: "Task",
      Resource: "arn:aws:states:::events:putEvents",
      Parameters: { Entries: [{ Source: "loop", DetailType: "again", Detail: {} }] },
      End: true,
    };
    const arn = await states.create({ StartAt: "Put", States: { Put: put } }, { name: "putter" });
    const client = new EventBridgeClient(states.home.clientConfig());
    await client.send(new PutRuleCommand({ Name: "loop", EventPattern: '{"source":["loop"]}' }));
    await client.send(new PutTargetsCommand({ Rule: "loop", Targets: [{ Id: "t", Arn: arn, RoleArn: ROLE }] }));
    await client.send(new PutEventsCommand({ Entries: [{ Source: "loop", DetailType: "again", Detail: "{}" }] }));
    await expect.poll(() => count(), { timeout: 20_000 }).toBeGreaterThan(20);
    await othersRun();
    await client.send(new DisableRuleCommand({ Name: "loop" }));
    const running = async () => {
      const { executions } = await states.client.send(
        new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: "RUNNING" }),
      );
      return executions?.length;
    };
    await expect.poll(running, { timeout: 20_000 }).toBe(0);
    const after = count();
    await states.run(arn, {}, "once-more");
    expect(count()).toBe(after + 1);
    client.destroy();
  });
});
