import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../../../local/aws-error.ts";
import type { ServiceDefinition } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { states } from "../../../../local/services/states/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { answering, standInLambda } from "../../stand-in-services.ts";

/** A Lambda that answers, fails once, or keeps task tokens, as the payload asks. */
function fakeLambda(calls: unknown[], tokens: string[]) {
  return standInLambda({
    authorize: () => [],
    handle(input) {
      const payload = JSON.parse(Buffer.from(input.Payload instanceof Uint8Array ? input.Payload : []).toString());
      calls.push(payload);
      if (payload.token !== undefined) tokens.push(payload.token);
      if (input.InvocationType === "Event") return { StatusCode: 202 };
      if (payload.missing) throw new AwsError("ResourceNotFoundException", "Function not found: x", { status: 404 });
      if (payload.failFirst && calls.length === 1) {
        const error = { errorType: "Flaky", errorMessage: "not yet" };
        return {
          StatusCode: 200,
          FunctionError: "Unhandled",
          Payload: answering(error),
        };
      }
      return { StatusCode: 200, Payload: answering({ answered: payload }) };
    },
  });
}

const LAMBDA = "arn:aws:states:::lambda:invoke";
const machine = (state: object, rest: object = {}) =>
  JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "Only",
    States: { Only: { Type: "Task", Resource: LAMBDA, End: true, ...state }, ...rest },
  });

describe("the states service", () => {
  let directory: string;
  let home: Home;
  let client: SFNClient;
  let calls: unknown[];
  let tokens: string[];
  let definitions: ServiceDefinition[];

  const open = async () => {
    home = await openHome({ directory, services: definitions });
    await home.start();
    client = new SFNClient(home.clientConfig());
  };
  beforeEach(async () => {
    directory = temporaryFolder("states");
    calls = [];
    tokens = [];
    definitions = [states, fakeLambda(calls, tokens)];
    await open();
  });
  afterEach(() => home.close());

  /** Resolves with the status of the execution's next status event that says it ended. */
  function ended(executionArn: string): Promise<string> {
    return new Promise((resolve) => {
      const stop = home.ports.listen(({ detail }) => {
        const { executionArn: arn, status } = detail as { executionArn: string; status: string };
        if (arn !== executionArn || status === "RUNNING") return;
        stop();
        resolve(status);
      });
    });
  }

  async function start(definition: string, input: object, name = "run") {
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({ name: "m", definition, roleArn: "arn:aws:iam::000000000000:role/r" }),
    );
    const executionArn = `arn:aws:states:us-east-1:000000000000:execution:m:${name}`;
    const end = ended(executionArn);
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    return { executionArn, stateMachineArn, end };
  }

  it("runs a task, keeps its history, and emits the end", async () => {
    const definition = machine({
      Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
      Output: "{% $states.result.Payload %}",
    });
    const { executionArn, end } = await start(definition, { a: 1 });
    expect(await end).toBe("SUCCEEDED");
    const found = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(JSON.parse(found.output ?? "")).toEqual({ answered: { a: 1 } });
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("starts a name once: the same input while running is the same start, anything else is refused", async () => {
    const definition = machine({
      Resource: `${LAMBDA}.waitForTaskToken`,
      Arguments: { FunctionName: "f", Payload: { token: "{% $states.context.Task.Token %}" } },
    });
    const { stateMachineArn, executionArn } = await start(definition, { a: 1 });
    const again = await client.send(new StartExecutionCommand({ stateMachineArn, name: "run", input: '{"a":1}' }));
    expect(again.executionArn).toBe(executionArn);
    await expect(
      client.send(new StartExecutionCommand({ stateMachineArn, name: "run", input: "{}" })),
    ).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions).toHaveLength(1);
    const end = ended(executionArn);
    await client.send(new StopExecutionCommand({ executionArn, error: "E", cause: "c" }));
    expect(await end).toBe("ABORTED");
  });

  it("retries a function's own error by its name", async () => {
    const definition = machine({
      Arguments: { FunctionName: "f", Payload: { failFirst: true } },
      Retry: [{ ErrorEquals: ["Flaky"], IntervalSeconds: 1, MaxAttempts: 1, MaxDelaySeconds: 1 }],
    });
    const { end } = await start(definition, {});
    expect(await end).toBe("SUCCEEDED");
    expect(calls).toHaveLength(2);
  });

  it("hands a text to the function as the JSON it is", async () => {
    await (await start(machine({ Arguments: { FunctionName: "f", Payload: '{"a":[1]}' } }), {})).end;
    expect(calls).toEqual([{ a: [1] }]);
  });

  it("waits for no answer of a function that is only told", async () => {
    const parameters = { FunctionName: "f", InvocationType: "Event", Payload: { told: true } };
    const { executionArn, end } = await start(machine({ Arguments: parameters }), {});
    expect(await end).toBe("SUCCEEDED");
    const { output = "" } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(JSON.parse(output)).toMatchObject({
      Payload: null,
      SdkHttpMetadata: { HttpStatusCode: 202 },
      StatusCode: 202,
    });
  });

  it("names a service's error as Step Functions does", async () => {
    const { executionArn, end } = await start(
      machine({ Arguments: { FunctionName: "f", Payload: { missing: true } } }),
      {},
    );
    expect(await end).toBe("FAILED");
    const found = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(found.error).toBe("Lambda.ResourceNotFoundException");
    expect(found.cause).toContain(
      "Function not found: x (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException;",
    );
  });

  it("ends a waiting task by its token, and refuses the token afterwards", async () => {
    const arrived = Promise.withResolvers<void>();
    const push = tokens.push.bind(tokens);
    tokens.push = (...items) => {
      arrived.resolve();
      return push(...items);
    };
    const definition = machine({
      Resource: `${LAMBDA}.waitForTaskToken`,
      Arguments: { FunctionName: "f", Payload: { token: "{% $states.context.Task.Token %}" } },
    });
    const { executionArn, end } = await start(definition, {});
    await arrived.promise;
    await client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '{"done":true}' }));
    expect(await end).toBe("SUCCEEDED");
    expect(JSON.parse((await client.send(new DescribeExecutionCommand({ executionArn }))).output ?? "")).toEqual({
      done: true,
    });
    await expect(client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: "{}" }))).rejects.toMatchObject(
      { name: "TaskTimedOut" },
    );
  });

  it("goes on after the home was closed and opened again, and redrives what failed", async () => {
    const arrived = Promise.withResolvers<void>();
    const push = tokens.push.bind(tokens);
    tokens.push = (...items) => {
      arrived.resolve();
      return push(...items);
    };
    const definition = machine({
      Resource: `${LAMBDA}.waitForTaskToken`,
      Arguments: { FunctionName: "f", Payload: { token: "{% $states.context.Task.Token %}" } },
    });
    const { executionArn } = await start(definition, {});
    await arrived.promise;
    await home.close();
    await open();
    const failure = ended(executionArn);
    await client.send(new SendTaskFailureCommand({ taskToken: tokens[0], error: "Broken", cause: "by hand" }));
    expect(await failure).toBe("FAILED");
    expect(calls).toHaveLength(1);
    await client.send(new RedriveExecutionCommand({ executionArn }));
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: "RUNNING",
      redriveCount: 1,
    });
  });
});
