import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  GetActivityTaskCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClients } from "../../cli/clients.ts";
import { listExecutions, redriveExecution, showExecution, stopExecution } from "../../cli/commands/executions.ts";
import type { Connection } from "../../cli/connect.ts";
import type { Context } from "../../cli/context.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { type Home, openHome } from "../../local/home.ts";
import { states } from "../../local/services/states/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let directory: string;
let home: Home;
let connection: Connection;
let value: unknown;
/** Resolves once all there is of the history has been told. */
const { promise: toldAll, resolve: live } = Promise.withResolvers<unknown>();
const context: Context = {
  home: "",
  port: undefined,
  json: false,
  terminal: { ...createTerminal(process.stderr), live },
  printed: false,
  print(printed) {
    value = printed;
  },
};

beforeAll(async () => {
  directory = temporaryFolder("redrive");
  home = await openHome({ directory, services: [states] });
  home.ports.policies.setRoleSource((roleArn) => ({ roleArn, policies: [], trust: {} }));
  await home.start();
  const config = home.clientConfig();
  const clients = createClients(config);
  connection = {
    ...config,
    clients,
    accountId: home.accountId,
    pid: process.pid,
    own: true,
    close: async () => undefined,
  };
});
afterAll(() => home.close());

it("follows a redriven execution beyond the end it had, named as the list names it", async () => {
  const sfn = await connection.clients.sfn();
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: "work" }));
  const definition = JSON.stringify({
    StartAt: "Work",
    States: { Work: { Type: "Task", Resource: activityArn, End: true } },
  });
  const roleArn = `arn:aws:iam::${home.accountId}:role/any`;
  const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: "machine", definition, roleArn }));
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one" }));
  await stopExecution(connection, context, "one", "wrong data");
  expect(value).toMatchObject({ status: "ABORTED" });
  await listExecutions(connection, context, { status: "aborted", limit: 9 });
  expect(value).toMatchObject([{ name: "one", status: "ABORTED" }]);
  await listExecutions(connection, context, { status: "RUNNING", limit: 9 });
  expect(value).toEqual([]);
  await expect(listExecutions(connection, context, { status: "DONE", limit: 9 })).rejects.toMatchObject({
    exitCode: 2,
    message: '--status takes RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED; found "DONE"',
  });

  const redriven = redriveExecution(connection, context, "one", true);
  await Promise.race([toldAll, redriven]);
  const { taskToken } = await sfn.send(new GetActivityTaskCommand({ activityArn }));
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: `"done"` }));
  await redriven;
  expect(value).toMatchObject({ status: "SUCCEEDED", output: "done" });
  await showExecution(connection, context, "one");
  expect(value).toMatchObject({ name: "one", stateMachine: "machine", status: "SUCCEEDED", output: "done" });
});
