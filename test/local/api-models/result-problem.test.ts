import { describe, expect, it } from "vitest";
import { type JsonValue, TestStateError, testState } from "../../../engine/index.ts";
import { apiModel } from "../../../local/api-models/api-model.ts";
import { memberName } from "../../../local/api-models/member-name.ts";
import { resultProblem } from "../../../local/api-models/result-problem.ts";

type Mode = "STRICT" | "PRESENT" | "NONE";

/** What a definition must give these integrations to be valid; of the others nothing is asked. */
const PARAMETERS: Readonly<Record<string, object>> = {
  dynamodb: { TableName: "claims", Key: { id: { N: "1" } } },
  states: { StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m" },
  sqs: { QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/q", MessageBody: { "token.$": "$$.Task.Token" } },
  http: {
    ApiEndpoint: "https://api.example.com",
    Method: "GET",
    Authentication: { ConnectionArn: "arn:aws:events:us-east-1:000000000000:connection/c/1" },
  },
};

/** What TestState says to a mocked result of a task, as a user would ask it. */
async function verdict(resource: string, result: JsonValue, fieldValidationMode: Mode = "STRICT"): Promise<string> {
  const Parameters = PARAMETERS[resource.split(":")[0] ?? ""] ?? {};
  const definition = { Type: "Task", Resource: `arn:aws:states:::${resource}`, Parameters, End: true };
  const mock = { result: JSON.stringify(result), fieldValidationMode };
  try {
    return (await testState({ definition: JSON.stringify(definition), mock }, { nowMs: 0, seed: "s", resultProblem }))
      .status;
  } catch (thrown) {
    if (thrown instanceof TestStateError) return thrown.message.replace("Mock result schema validation error: ", "");
    throw thrown;
  }
}

describe("a mocked result", () => {
  it.each([
    { resource: "aws-sdk:s3:headObject", result: { ETag: true }, says: "Field 'ETag' must be a string" },
    {
      resource: "aws-sdk:s3:headObject",
      result: { DeleteMarker: "yes" },
      says: "Field 'DeleteMarker' must be a boolean",
    },
    { resource: "aws-sdk:s3:headObject", result: { Metadata: [] }, says: "Field 'Metadata' must be an object" },
    { resource: "aws-sdk:glue:getTables", result: { TableList: {} }, says: "Field 'TableList' must be an array" },
    { resource: "dynamodb:getItem", result: { Item: { id: { N: 1 } } }, says: "Field 'N' must be a string" },
    {
      resource: "sagemaker:createTrainingJob.sync",
      result: { TrainingJobName: "j", TrainingJobStatus: "Finished" },
      mode: "PRESENT" as const,
      says: "Field 'TrainingJobStatus' is not an expected value",
    },
    {
      resource: "aws-sdk:glue:getTables",
      result: { NextToken: "n", TableList: [{ Name: "" }] },
      says: "Field 'Name' is smaller than the minimum length",
    },
    {
      resource: "aws-sdk:glue:getTables",
      result: { TableList: [{ Name: "n".repeat(256) }] },
      says: "Field 'Name' exceeds the maximum length",
    },
  ])("is refused for $resource: $says", async ({ resource, result, says, mode }) => {
    expect(await verdict(resource, result, mode)).toBe(says);
  });

  it("must have the required members in STRICT only", async () => {
    expect(await verdict("states:startExecution", { ExecutionArn: "arn" })).toBe(
      "Required field 'StartDate' is missing",
    );
    expect(await verdict("states:startExecution", { ExecutionArn: "arn" }, "PRESENT")).toBe("SUCCEEDED");
  });

  it("is not looked at with NONE, nor where the answer is anybody's", async () => {
    expect(await verdict("states:startExecution", { ExecutionArn: 1 }, "NONE")).toBe("SUCCEEDED");
    expect(await verdict("sqs:sendMessage.waitForTaskToken", { MessageId: 1 })).toBe("SUCCEEDED");
    expect(await verdict("http:invoke", { StatusCode: "x" })).toBe("SUCCEEDED");
  });

  it("of a job is the answer of the call that asks for the job; with .sync:2 its Input and Output are JSON", async () => {
    const execution = {
      ExecutionArn: "a",
      StateMachineArn: "m",
      StartDate: "2026-01-01",
      Status: "SUCCEEDED",
      Output: { a: 1 },
    };
    expect(await verdict("states:startExecution.sync:2", execution)).toBe("SUCCEEDED");
    expect(await verdict("states:startExecution.sync", execution)).toBe("Field 'Output' must be a string");
  });

  it("may nest as deep as a recursive shape allows", async () => {
    const deep = JSON.parse(`${'{"L":['.repeat(20_000)}{"N":1}${"]}".repeat(20_000)}`);
    const integration = {
      kind: "service",
      resourceType: "dynamodb",
      resource: "getItem",
      action: "getItem",
      pattern: "request-response",
    } as const;
    expect(resultProblem(integration, { Item: { id: deep } }, "STRICT")).toBe("Field 'N' must be a string");
  });
});

describe("apiModel", () => {
  it.each(["sfn", "cloudwatchlogs", "eventbridge", "kms", "sagemaker", "elasticloadbalancingv2"])(
    "has %s",
    (service) => {
      expect(Object.keys(apiModel(service) ?? {})).toContain("serviceId");
    },
  );

  it("has no service or operation that AWS has not", () => {
    expect(apiModel("../s3")).toBeUndefined();
    expect(apiModel("nosuchservice")).toBeUndefined();
    expect(apiModel("s3")?.operation("constructor")).toBeUndefined();
  });
});

describe("memberName", () => {
  it.each([
    ["MD5OfMessageBody", "Md5OfMessageBody"],
    ["SSEKMSKeyId", "SsekmsKeyId"],
    ["DBInstanceIdentifier", "DbInstanceIdentifier"],
    ["VolumeSizeInGB", "VolumeSizeInGb"],
    ["ETag", "ETag"],
    ["stateMachineArn", "StateMachineArn"],
  ])("makes %s %s", (name, expected) => {
    expect(memberName(name)).toBe(expected);
  });
});
