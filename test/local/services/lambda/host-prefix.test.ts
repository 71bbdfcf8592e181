import { createRequire } from "node:module";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FunctionHome, openFunctionHome } from "./function-home.ts";
import { recordingService } from "./recording-service.ts";

const SDK = JSON.stringify(createRequire(import.meta.url).resolve("@aws-sdk/client-sfn"));

describe("a function that calls an operation of another host", () => {
  const states = recordingService("states", ["StartSyncExecution"]);
  let functions: FunctionHome;
  beforeEach(async () => {
    functions = await openFunctionHome([{ ...states.definition, sdk: () => import("@aws-sdk/client-sfn") }]);
  });
  afterEach(() => functions.close());

  it("reaches the home, though the client puts sync- before its address", async () => {
    await functions.putFunction(
      "starter",
      `const { SFNClient, StartSyncExecutionCommand } = require(${SDK});
       exports.handler = async (stateMachineArn) => {
         await new SFNClient({}).send(new StartSyncExecutionCommand({ stateMachineArn, input: "{}" }));
       };`,
    );
    const client = new LambdaClient(functions.home.clientConfig());
    const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:quick";
    const answer = await client.send(
      new InvokeCommand({ FunctionName: "starter", Payload: JSON.stringify(stateMachineArn) }),
    );
    expect(answer.FunctionError).toBeUndefined();
    expect(states.calls).toMatchObject([{ operation: "StartSyncExecution", input: { stateMachineArn } }]);
  });
});
