import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { ROLE, StatesHome } from "./states-home.ts";

const task = (action: string, Parameters: object = {}) => ({
  StartAt: "Call",
  States: { Call: { Type: "Task", Resource: `arn:aws:states:::aws-sdk:${action}`, Parameters, End: true } },
});

/** Its parameters are all computed: what is wrong with them shows when it runs. */
const computed = (action: string) => ({
  QueryLanguage: "JSONata",
  StartAt: "Call",
  States: {
    Call: { Type: "Task", Resource: `arn:aws:states:::${action}`, Arguments: "{% $states.input %}", End: true },
  },
});

const sendToNewQueue = {
  StartAt: "Create",
  States: {
    Create: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sqs:createQueue",
      Parameters: { QueueName: "q" },
      Next: "Send",
    },
    Send: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sqs:sendMessage",
      Parameters: { "QueueUrl.$": "$.QueueUrl", MessageBody: "m" },
      End: true,
    },
  },
};

const putAndGet = {
  StartAt: "Put",
  States: {
    Put: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:s3:putObject",
      Parameters: { "Bucket.$": "$.Bucket", Key: "k", "Body.$": "$.body" },
      ResultPath: "$.put",
      Next: "Get",
    },
    Get: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:s3:getObject",
      Parameters: { "Bucket.$": "$.Bucket", Key: "k" },
      End: true,
    },
  },
};

describe("an aws-sdk task in the home", () => {
  let states: StatesHome;
  let made = 0;
  beforeAll(async () => {
    states = await new StatesHome([sqs]).open();
  });
  afterAll(() => states.close());

  const failureOf = async (action: string, parameters: object) => {
    made++;
    const arn = await states.create(computed(action), { name: `m${made}` });
    const { status, error, cause } = await states.run(arn, parameters);
    return { status, error, cause };
  };

  it("is refused with the state machine when AWS has no such action", async () => {
    const message =
      "The resource provided arn:aws:states:::aws-sdk:s3:getObjekt is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.";
    await expect(states.create(task("s3:getObjekt"))).rejects.toMatchObject({
      name: "InvalidDefinition",
      message: `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${message} at /States/Call/Resource'`,
    });
    const definition = JSON.stringify(task("s3:getObjekt"));
    const answer = await states.client.send(new ValidateStateMachineDefinitionCommand({ definition }));
    expect(answer).toMatchObject({ result: "FAIL", diagnostics: [{ message, location: "/States/Call/Resource" }] });
  });

  it("tells how a member is written that the operation does not have", async () => {
    expect(await failureOf("aws-sdk:sfn:createActivity", { name: "a" })).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: `The Parameters '{"name":"a"}' could not be used to start the Task: [The field "name" is not supported by Step Functions]; it is written 'Name'`,
    });
  });

  it("does not pass what lambda:invoke has no member for", async () => {
    const { cause } = await failureOf("lambda:invoke.waitForTaskToken", { FunctionName: "f", TaskToken: "t" });
    expect(cause).toContain('[The field "TaskToken" is not supported by Step Functions]');
  });

  it("is refused with the state machine for members that are constants", async () => {
    const wrong = { Bucket: "b", key: "k" };
    await expect(states.create(task("s3:getObject", wrong))).rejects.toMatchObject({
      name: "InvalidDefinition",
      message: `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Key' is required but was missing at /States/Call/Parameters'`,
    });
  });

  it("does not start without a member that the API requires", async () => {
    expect(await failureOf("aws-sdk:sfn:createStateMachine", { Name: "made", RoleArn: ROLE })).toEqual({
      status: "FAILED",
      error: "States.Runtime",
      cause: `The Parameters '{"Name":"made","RoleArn":"${ROLE}"}' could not be used to start the Task: [The field 'Definition' is required but was missing]`,
    });
  });

  it("fails as the service names its error when a value is none that the API takes", async () => {
    expect(await failureOf("aws-sdk:sfn:listExecutions", { StatusFilter: "DONE" })).toEqual({
      status: "FAILED",
      error: "Sfn.ValidationException",
      cause: expect.stringMatching(
        /^1 validation error detected: Value 'DONE' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: \[RUNNING, .*\] \(Service: Sfn, Status Code: 400, Request ID: [\w-]+\) \(SDK Attempt Count: 1\)$/,
      ),
    });
  });

  it.each([
    ["a text", "π\nx", '"π\\nx"'],
    ["null", null, "null"],
    ["an object", { n: [1] }, '{"n":[1]}'],
  ])(
    "streams %s to S3 as JSON, with a type of its own, and tells instants without empty fractions",
    async (_, body, stored) => {
      made++;
      const Bucket = `bucket${made}`;
      await states.s3.send(new CreateBucketCommand({ Bucket }));
      const arn = await states.create(putAndGet, { name: `put${made}` });
      const { output = "{}" } = await states.run(arn, { Bucket, body });
      expect(JSON.parse(output)).toMatchObject({
        Body: stored,
        ContentType: "text/plain; charset=UTF-8",
        LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      });
    },
  );

  it("fails as S3 refuses it, with both ids of the request", async () => {
    await states.s3.send(new CreateBucketCommand({ Bucket: "denied" }));
    const role = "arn:aws:iam::000000000000:role/none";
    const all = { name: "all", document: { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] } };
    states.home.ports.policies.setRoleSource((roleArn) => ({
      roleArn,
      policies: roleArn === role ? [] : [all],
      trust: {},
    }));
    states.home.ports.policies.invalidate();
    const arn = await states.create(task("s3:getObject", { Bucket: "denied", Key: "k" }), { name: "d", roleArn: role });
    const { error, cause } = await states.run(arn);
    expect(error).toBe("S3.AccessDeniedException");
    expect(cause).toMatch(
      /^User: arn:aws:sts::\d{12}:assumed-role\/none\/run is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::denied\/k" because no identity-based policy allows the s3:GetObject action \(Service: S3, Status Code: 403, Request ID: [\w-]+, Extended Request ID: [\w+/]{75}=\) \(SDK Attempt Count: 1\)$/,
    );
  });

  it("has its members written as AWS SDK for Java 2 writes them", async () => {
    const { output } = await states.run(await states.create(sendToNewQueue, { name: "send" }));
    expect(JSON.parse(output ?? "{}")).toMatchObject({ Md5OfMessageBody: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
});
