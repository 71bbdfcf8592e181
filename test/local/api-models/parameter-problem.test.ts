import { describe, expect, it } from "vitest";
import { parameterProblem } from "../../../local/api-models/parameter-problem.ts";
import { refusesApi } from "../../../local/api-models/sdk-integrations.ts";

describe("an aws-sdk integration", () => {
  it.each([
    ...["s3:getObject", "s3:listObjectsV2.waitForTaskToken", "sfn:startExecution", "rds:describeDBInstances"],
    // Named after the SDK's package, not after its service id.
    ...["config:putConfigRule", "directory:describeDirectories", "databasemigration:startReplicationTask"],
    // Dropped by the SDKs, still listed by Step Functions.
    ...["qldb:createLedger", "opsworks:anyAction"],
  ])("%s is one that AWS has", (name) => {
    expect(refusesApi(`arn:aws:states:::aws-sdk:${name}`)).toBe(false);
  });

  it.each([
    ...["s3:getObjekt", "s3:GetObject", "s3:getobject", "S3:getObject", "stepfunctions:startExecution", "nothing:list"],
    ...["configservice:putConfigRule", "constructor:list", "s3:constructor"],
    // Services have these, Step Functions does not.
    ...["s3:selectObjectContent", "sts:assumeRole", "lambda:invokeWithResponseStream"],
  ])("%s is none that AWS has", (name) => {
    expect(refusesApi(`arn:aws:states:::aws-sdk:${name}`)).toBe(true);
  });

  it("is the only kind of resource that is judged", () => {
    expect(refusesApi("arn:aws:lambda:us-east-1:123456789012:function:f")).toBe(false);
    expect(refusesApi("arn:aws:states:::lambda:invoke")).toBe(false);
  });
});

describe("parameters of an aws-sdk task", () => {
  const constraint = (value: string, member: string) =>
    `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: Member must`;

  it.each([
    { action: "sfn:startExecution", parameters: {}, says: "The field 'StateMachineArn' is required but was missing" },
    {
      action: "dynamodb:putItem",
      parameters: { TableName: "t", Item: { id: { N: 5 } } },
      says: "The value of the field 'N' has an invalid format",
    },
    {
      action: "ssm:addTagsToResource",
      parameters: { ResourceType: "Parameter", ResourceId: "p", Tags: [{ Key: "k" }] },
      says: "The field 'Value' is required but was missing",
    },
  ])("Step Functions cannot start $action with what it lacks or cannot convert", ({ action, parameters, says }) => {
    const [service = "", name = ""] = action.split(":");
    expect(parameterProblem(service, name, parameters)).toEqual({ by: "states", message: says });
  });

  it.each([
    {
      action: "sfn:listExecutions",
      parameters: { StatusFilter: "DONE" },
      says: `${constraint("'DONE'", "statusFilter")} satisfy enum value set: [RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE]`,
    },
    {
      action: "sfn:createActivity",
      parameters: { Name: "" },
      says: `${constraint("''", "name")} have length greater than or equal to 1`,
    },
    {
      action: "sfn:createActivity",
      parameters: { Name: "n".repeat(81) },
      says: `${constraint(`'${"n".repeat(81)}'`, "name")} have length less than or equal to 80`,
    },
    {
      action: "sfn:listExecutions",
      parameters: { MaxResults: 1001 },
      says: `${constraint("'1001'", "maxResults")} have value less than or equal to 1000`,
    },
    {
      action: "dynamodb:putItem",
      parameters: { TableName: "t", Item: null },
      says: `${constraint("null", "item")} not be null`,
    },
    {
      action: "ssm:addTagsToResource",
      parameters: { ResourceType: "Parameter", ResourceId: "p", Tags: [{ Key: "", Value: "v" }] },
      says: `${constraint("''", "tags.1.member.key")} have length greater than or equal to 1`,
    },
  ])("the service refuses $action with values it does not take: $says", ({ action, parameters, says }) => {
    const [service = "", name = ""] = action.split(":");
    expect(parameterProblem(service, name, parameters)).toEqual({ by: "service", message: says });
  });

  it.each([
    { action: "sfn:startExecution", parameters: { StateMachineArn: "m", Input: { a: 1 }, Name: null } },
    {
      action: "cloudwatchlogs:putLogEvents",
      parameters: { LogGroupName: "g", LogStreamName: "s", LogEvents: [{ Message: "m", Timestamp: 1 }] },
    },
    { action: "sfn:listActivities", parameters: undefined },
    { action: "nothing:known", parameters: { A: 1 } },
  ])("pass for $action", ({ action, parameters }) => {
    const [service = "", name = ""] = action.split(":");
    expect(parameterProblem(service, name, parameters)).toBeUndefined();
  });
});
