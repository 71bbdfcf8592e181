import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyAssembly } from "../../../../local/assembly/index.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { cloudformation } from "../../../../local/services/cloudformation/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type SampleStack, writeAssembly } from "../../assembly/sample-assembly.ts";

const QUEUES: SampleStack = {
  Description: "two queues",
  Parameters: { Size: { Type: "String", Default: "small" } },
  Resources: {
    First: { Type: "AWS::SQS::Queue", Properties: { QueueName: "first" } },
    Second: { Type: "AWS::SQS::Queue", DependsOn: "First" },
  },
  Outputs: {
    FirstArn: { Value: { "Fn::GetAtt": ["First", "Arn"] }, Description: "of it", Export: { Name: "first-arn" } },
  },
};
const ARN = "arn:aws:sqs:us-east-1:000000000000:first";

describe("the stacks of a home through CloudFormation's client", () => {
  let directory: string;
  let home: Home;
  let client: CloudFormationClient;
  beforeEach(async () => {
    directory = temporaryFolder("stacks");
    home = await openHome({ directory, services: [cloudformation, sqs] });
    client = new CloudFormationClient(home.clientConfig());
  });
  afterEach(() => home.close());
  const put = (stacks: Record<string, SampleStack>) =>
    applyAssembly({ directory: writeAssembly(stacks), home: home.ports, resourceTypes: home.resourceTypes });
  const statuses = async () =>
    (await client.send(new ListStacksCommand())).StackSummaries?.map(({ StackName, StackStatus }) => [
      StackName,
      StackStatus,
    ]);

  it("tells what a stack went through, the newest first, and what its template says", async () => {
    await put({ queues: QUEUES });
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: "queues" }));
    expect(StackEvents?.map(({ LogicalResourceId, ResourceStatus }) => [LogicalResourceId, ResourceStatus])).toEqual([
      ["queues", "CREATE_COMPLETE"],
      ["Second", "CREATE_COMPLETE"],
      ["First", "CREATE_COMPLETE"],
    ]);
    const summary = await client.send(new GetTemplateSummaryCommand({ StackName: "queues" }));
    expect(summary).toMatchObject({
      Description: "two queues",
      Parameters: [{ ParameterKey: "Size", ParameterType: "String", DefaultValue: "small" }],
      ResourceTypes: ["AWS::SQS::Queue"],
    });
    const broken = client.send(new GetTemplateSummaryCommand({ TemplateBody: "{" }));
    await expect(broken).rejects.toMatchObject({ name: "ValidationError", message: /^Template format error/ });
  });

  it("tells who imports an export", async () => {
    const importing = { "Fn::ImportValue": "first-arn" };
    const Third = { Type: "AWS::SQS::Queue", Properties: { Tags: [{ Key: "of", Value: importing }] } };
    await put({ queues: QUEUES, user: { Resources: { Third } } });
    expect((await client.send(new ListImportsCommand({ ExportName: "first-arn" }))).Imports).toEqual(["user"]);
    await expect(client.send(new ListImportsCommand({ ExportName: "other" }))).rejects.toThrow(
      "Export 'other' is not imported by any stack.",
    );
  });

  it("shows a stack with its parameters and outputs, by name and by ARN", async () => {
    await put({ queues: QUEUES });
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: "queues" }));
    expect(stack).toMatchObject({
      StackName: "queues",
      StackStatus: "CREATE_COMPLETE",
      Description: "two queues",
      Parameters: [{ ParameterKey: "Size", ParameterValue: "small" }],
      Outputs: [{ OutputKey: "FirstArn", OutputValue: ARN, Description: "of it", ExportName: "first-arn" }],
    });
    const byArn = await client.send(new DescribeStacksCommand({ StackName: stack?.StackId }));
    expect(byArn.Stacks).toEqual([stack]);
    const { Exports } = await client.send(new ListExportsCommand());
    expect(Exports).toEqual([{ ExportingStackId: stack?.StackId, Name: "first-arn", Value: ARN }]);
  });

  it("answers the template as it was written", async () => {
    await put({ queues: QUEUES });
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: "queues" }));
    expect(JSON.parse(TemplateBody ?? "")).toEqual(QUEUES);
  });

  it("lists a stack's resources, and finds a stack by one of them", async () => {
    await put({ queues: QUEUES });
    const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: "queues" }));
    expect(StackResourceSummaries.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(["First", "Second"]);
    const PhysicalResourceId = StackResourceSummaries[1]?.PhysicalResourceId ?? "";
    expect(PhysicalResourceId).toContain("/000000000000/queues-Second-");
    const found = await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId }));
    expect(found.StackResources?.map(({ StackName }) => StackName)).toEqual(["queues", "queues"]);
    const one = await client.send(
      new DescribeStackResourceCommand({ StackName: "queues", LogicalResourceId: "Second" }),
    );
    expect(one.StackResourceDetail).toMatchObject({ PhysicalResourceId, ResourceStatus: "CREATE_COMPLETE" });
  });

  it("follows what the next assembly changes", async () => {
    const plain = { Resources: { Third: { Type: "AWS::SQS::Queue" } }, Outputs: { Id: { Value: { Ref: "Third" } } } };
    await put({ plain });
    await put({ plain, queues: QUEUES });
    expect(await statuses()).toEqual([
      ["plain", "CREATE_COMPLETE"],
      ["queues", "CREATE_COMPLETE"],
    ]);
    await put({ queues: { ...QUEUES, Outputs: {} } });
    expect(await statuses()).toEqual([["queues", "UPDATE_COMPLETE"]]);
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: "queues" }));
    expect(stack?.Outputs ?? []).toEqual([]);
  });

  it("tells what is not there as CloudFormation does", async () => {
    await put({ queues: QUEUES });
    const gone = { name: "ValidationError", message: "Stack with id none does not exist" };
    await expect(client.send(new DescribeStacksCommand({ StackName: "none" }))).rejects.toMatchObject(gone);
    const wanted = { StackName: "queues", LogicalResourceId: "Tenth" };
    await expect(client.send(new DescribeStackResourceCommand(wanted))).rejects.toThrow(
      "Resource Tenth does not exist for stack queues",
    );
  });
});
