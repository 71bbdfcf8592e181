/** What other services, which start earlier, ask of Step Functions while its own recovery is still to come. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Home, openHome } from "../../../../local/home.ts";
import { states } from "../../../../local/services/states/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type ManualClock, manualClock } from "../../manual-clock.ts";
import { ROLE } from "./states-home.ts";

const ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:a";
const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { ...state, End: true } } });
const BOTH = {
  StartAt: "Both",
  States: {
    Both: {
      Type: "Parallel",
      Branches: [
        branch("Signed", { Type: "Task", Resource: ACTIVITY }),
        branch("Later", { Type: "Wait", Seconds: 60 }),
      ],
      End: true,
    },
  },
};
/** Takes some turns of the promise queue to evaluate. */
const COUNTING = {
  QueryLanguage: "JSONata",
  StartAt: "Count",
  States: { Count: { Type: "Pass", Output: "{% $sum([1..3].($string($) ~> $number())) %}", End: true } },
};
/** More than the start of an execution takes. */
const MOST_TURNS = 80;

let directory: string;
let clock: ManualClock;
let home: Home;
const open = async () => {
  home = await openHome({ directory, services: [states], clock });
  home.ports.policies.setRoleSource((roleArn) => ({ roleArn, policies: [], trust: {} }));
};
const call = async (operation: string, input: object): Promise<Record<string, unknown>> => ({
  ...Object(await home.ports.call("states", operation, input, { kind: "home", accountId: "000000000000" })),
});
const create = (name: string, definition: object) =>
  call("CreateStateMachine", { name, roleArn: ROLE, definition: JSON.stringify(definition) });
const arn = (machine: string, kind = "stateMachine", run = "") =>
  `arn:aws:states:us-east-1:000000000000:${kind}:${machine}${run}`;
const start = (machine: string, name: string) => call("StartExecution", { stateMachineArn: arn(machine), name });
const executionArn = (machine: string, name: string) => arn(machine, "execution", `:${name}`);
const statusOf = async (machine: string, name: string) =>
  (await call("DescribeExecution", { executionArn: executionArn(machine, name) })).status;
const Events = z.array(z.looseObject({ id: z.number() }));

/** Ends well, with a history whose events follow one another; each turn a second passes. */
async function endsWell(machine: string, name: string): Promise<void> {
  while ((await statusOf(machine, name)) === "RUNNING") {
    clock.advance(1_000);
    await new Promise(setImmediate);
  }
  expect(await statusOf(machine, name)).toBe("SUCCEEDED");
  const { events } = await call("GetExecutionHistory", { executionArn: executionArn(machine, name) });
  const ids = Events.parse(events).map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
}

beforeEach(async () => {
  directory = temporaryFolder("before-recovery");
  clock = manualClock("2026-03-01T00:00:00Z");
  await open();
  await home.start();
  await call("CreateActivity", { name: "a" });
  await create("both", BOTH);
  await create("counting", COUNTING);
});
afterEach(() => home.close());

it("gives an earlier execution what came for it, with all else it waits for", async () => {
  await start("both", "earlier");
  const { taskToken } = await call("GetActivityTask", { activityArn: ACTIVITY });
  await home.close();
  await open();
  const sent = call("SendTaskSuccess", { taskToken, output: '"signed"' });
  await home.start();
  await sent;
  await endsWell("both", "earlier");
});

it("runs what is started then once, however far its start is when the recovery comes", async () => {
  for (let turns = 0; turns < MOST_TURNS; turns++) {
    await home.close();
    await open();
    const started = start("counting", `after-${turns}`);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await home.start();
    await started;
    await endsWell("counting", `after-${turns}`);
  }
});
