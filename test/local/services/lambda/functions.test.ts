import {
  AddPermissionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { lambda } from "../../../../local/services/lambda/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { leapingClock } from "./leaping-clock.ts";
import { recordingService } from "./recording-service.ts";

const ROLE = "arn:aws:iam::000000000000:role/runner";
const directory = temporaryFolder("lambda");
const logs = recordingService("logs", ["CreateLogGroup", "CreateLogStream", "PutLogEvents"]);
const sqs = recordingService("sqs", ["SendMessage"]);
const clock = leapingClock();

let home: Home;
let client: LambdaClient;

const SOURCE = `
let runs = 0;
exports.handler = async (event, context) => {
  console.log("hello", event.name);
  if (event.fail) throw new RangeError("asked to fail");
  if (event.env) return { keys: Object.keys(process.env).sort(), endpoint: process.env.AWS_ENDPOINT_URL, key: process.env.AWS_ACCESS_KEY_ID };
  return { runs: ++runs, arn: context.invokedFunctionArn, group: context.logGroupName };
};`;

async function open() {
  home = await openHome({ directory, services: [logs.definition, sqs.definition, lambda], clock });
  home.ports.policies.setRoleSource((roleArn) =>
    roleArn === ROLE
      ? {
          roleArn,
          policies: [{ name: "all", document: { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] } }],
          trust: {
            Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
          },
        }
      : undefined,
  );
  client = new LambdaClient(home.clientConfig());
}

const create = (type: string, properties: object) =>
  home.resourceTypes.get(type)?.create(properties, {
    stackName: "stack",
    logicalId: "Logical",
    generateName: () => "generated-name",
  });

beforeAll(async () => {
  await open();
  const properties = {
    FunctionName: "hello",
    Role: ROLE,
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Code: { ZipFile: SOURCE },
  };
  await create("AWS::Lambda::Function", {
    ...properties,
    Timeout: 20,
    Environment: { Variables: { OWN: "yes" } },
    DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:dead" },
  });
  await home.start();
});

afterAll(async () => {
  client.destroy();
  await home.close();
});

const invoke = async (payload: object, more = {}) => {
  const answer = await client.send(
    new InvokeCommand({ FunctionName: "hello", Payload: JSON.stringify(payload), ...more }),
  );
  const text = answer.Payload?.transformToString() ?? "";
  return { ...answer, json: text === "" ? undefined : JSON.parse(text) };
};

describe("Invoke", () => {
  it("answers what the handler returns, and keeps it warm", async () => {
    const first = await invoke({ name: "a" });
    expect(first).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      json: {
        runs: expect.any(Number),
        arn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
        group: "/aws/lambda/hello",
      },
    });
    expect(first.FunctionError).toBeUndefined();
    expect((await invoke({ name: "b" })).json.runs).toBe(first.json.runs + 1);
  });

  it("answers the function's error as Lambda does", async () => {
    const answer = await invoke({ fail: true });
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      json: { errorType: "RangeError", errorMessage: "asked to fail", trace: expect.any(Array) },
    });
  });

  it("gives the tail of the log when asked", async () => {
    const { LogResult = "" } = await invoke({ name: "tail" }, { LogType: "Tail" });
    const text = Buffer.from(LogResult, "base64").toString();
    expect(text).toMatch(
      /^START RequestId: \S+ Version: \$LATEST\n.*\tINFO\thello tail\nEND RequestId: \S+\nREPORT RequestId: /s,
    );
  });

  it("runs with the role's credentials and nothing of the host's environment", async () => {
    const { json } = await invoke({ env: true });
    expect(json.endpoint).toBe(home.endpoint);
    expect(json.key).toMatch(/^ASIA/);
    expect(json.keys).toContain("OWN");
    expect(json.keys).not.toContain("HOME");
    expect(json.keys).not.toContain("NODE_OPTIONS");
  });

  it("writes its lines to the function's log group as its role", async () => {
    await invoke({ name: "logged" });
    await expect.poll(() => logs.calls.flatMap(({ input }) => JSON.stringify(input)).join()).toContain("hello logged");
    expect(logs.calls.map(({ principal }) => principal)).toContainEqual({
      kind: "role",
      roleArn: ROLE,
      sessionName: "hello",
    });
  });

  it("refuses what is not JSON, what is too large, and a function that is not there", async () => {
    await expect(client.send(new InvokeCommand({ FunctionName: "hello", Payload: "{" }))).rejects.toMatchObject({
      name: "InvalidRequestContentException",
    });
    const large = JSON.stringify("x".repeat(300_000));
    await expect(
      client.send(new InvokeCommand({ FunctionName: "hello", InvocationType: "Event", Payload: large })),
    ).rejects.toMatchObject({ name: "RequestTooLargeException", $metadata: { httpStatusCode: 413 } });
    await expect(client.send(new InvokeCommand({ FunctionName: "nobody" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody",
    });
  });

  it("only says that it could, for a dry run", async () => {
    expect((await invoke({}, { InvocationType: "DryRun" })).StatusCode).toBe(204);
  });
});

describe("an asynchronous invocation", () => {
  it("is accepted, tried three times and given to the dead-letter queue", async () => {
    const { StatusCode } = await invoke({ fail: true, name: "async" }, { InvocationType: "Event" });
    expect(StatusCode).toBe(202);
    const queued = () => home.ports.store.prepare("SELECT attempts FROM lambda_async").get()?.attempts;
    await expect.poll(queued).toBe(1);
    clock.leap(60_000);
    await expect.poll(queued).toBe(2);
    clock.leap(60_000);
    expect(queued()).toBe(2);
    clock.leap(60_000);
    await expect.poll(queued).toBeUndefined();
    expect(sqs.calls).toHaveLength(1);
    expect(sqs.calls[0]?.input).toMatchObject({
      MessageBody: '{"fail":true,"name":"async"}',
      MessageAttributes: { ErrorMessage: { StringValue: "asked to fail" }, ErrorCode: { StringValue: "200" } },
    });
  });
});

describe("a function", () => {
  it("shows and changes its configuration", async () => {
    const before = await client.send(new GetFunctionConfigurationCommand({ FunctionName: "hello" }));
    expect(before).toMatchObject({ Timeout: 20, Runtime: "nodejs24.x", State: "Active", Handler: "index.handler" });
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: "hello", Timeout: 7 }));
    const after = await client.send(new GetFunctionConfigurationCommand({ FunctionName: "hello" }));
    expect(after.Timeout).toBe(7);
    expect((await invoke({})).json.runs).toBe(1);
  });

  it("is refused when its role does not trust Lambda", () => {
    const properties = {
      Role: "arn:aws:iam::000000000000:role/other",
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Code: { ZipFile: "" },
    };
    expect(() => create("AWS::Lambda::Function", properties)).toThrow("cannot be assumed by Lambda");
  });

  it("is refused with a property nobody built, by its name", () => {
    const properties = {
      Role: ROLE,
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Code: { ZipFile: "" },
      Layers: ["arn:aws:lambda:us-east-1:000000000000:layer:l:1"],
    };
    expect(() => create("AWS::Lambda::Function", properties)).toThrow("Layers");
  });

  it("may be invoked by whom its policy names", async () => {
    await client.send(
      new AddPermissionCommand({
        FunctionName: "hello",
        StatementId: "events",
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: "arn:aws:events:us-east-1:000000000000:rule/r",
      }),
    );
    const { Policy = "" } = await client.send(new GetPolicyCommand({ FunctionName: "hello" }));
    expect(JSON.parse(Policy).Statement[0]).toEqual({
      Sid: "events",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: "arn:aws:lambda:us-east-1:000000000000:function:hello",
      Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:events:us-east-1:000000000000:rule/r" } },
    });
    const invokeAs = (rule: string) =>
      home.ports.call(
        "lambda",
        "Invoke",
        { FunctionName: "hello", Payload: Buffer.from("{}") },
        {
          kind: "service",
          service: "events.amazonaws.com",
          sourceArn: `arn:aws:events:us-east-1:000000000000:rule/${rule}`,
        },
      );
    expect(await invokeAs("r")).toMatchObject({ StatusCode: 200 });
    await expect(invokeAs("other")).rejects.toMatchObject({ code: "AccessDeniedException" });
  });
});
