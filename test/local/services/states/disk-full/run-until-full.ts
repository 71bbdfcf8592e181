/** Run by the tests of a full disk: executions go on until the home can write no more; prints what it had acknowledged and what it says. */
import { call, executionArn, LOOPS, MACHINES, openFullHome, ROLE, stateMachineArn } from "./full-machine.ts";

const acknowledged: Record<string, number> = {};
const logged = new Set<string>();
let over: (refusal: unknown) => void = () => undefined;
const refused = new Promise<unknown>((resolve) => {
  over = resolve;
});

const home = await openFullHome(
  process.argv[2] ?? "",
  (opened, taskToken, execution) => {
    call(opened, "SendTaskSuccess", { taskToken, output: "1" }).then(() => {
      acknowledged[execution] = (acknowledged[execution] ?? 0) + 1;
    }, over);
  },
  (level, message, { error } = {}) => logged.add(`${level}: ${message}: ${error}`),
);
for (const [name, machine] of Object.entries(MACHINES))
  await call(home, "CreateStateMachine", { name, roleArn: ROLE, definition: JSON.stringify(machine) });
for (const name of [...LOOPS, "map-1"])
  await call(home, "StartExecution", { name, stateMachineArn: stateMachineArn(name.split("-")[0] ?? "") });

const first = await refused;
const start = { name: "late", stateMachineArn: stateMachineArn("loop") };
const late = await call(home, "StartExecution", start).catch((thrown: unknown) => thrown);
const read = await call(home, "DescribeExecution", { executionArn: executionArn("loop-1") }).catch(String);
await home.close();
process.stdout.write(
  JSON.stringify({ acknowledged, first: String(first), late: String(late), read, logged: [...logged] }),
);
