/** A home follows its assembly while an execution waits: what runs keeps its definition, what starts next has the new one. */
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { writeAssembly } from "./sample-assembly.ts";

const HANDLER = "arn:aws:lambda:us-east-1:000000000000:function:handles";
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:asks";

function definition(answer: string) {
  const MessageBody = { "token.$": "$$.Task.Token" };
  const Ask = {
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters: { "QueueUrl.$": "$.queue", MessageBody },
    Next: "Answer",
  };
  const Handle = { Type: "Task", Resource: HANDLER, Parameters: { "answer.$": "$" }, End: true };
  return JSON.stringify({
    StartAt: "Ask",
    States: { Ask, Answer: { Type: "Pass", Result: answer, Next: "Handle" }, Handle },
  });
}

const rule = (name: string, source: string) => ({
  Type: "AWS::Events::Rule",
  Properties: { Name: name, EventPattern: { source: [source] } },
});

function resources(answer: string, source: string, bucket: string) {
  const Service = ["states.amazonaws.com", "lambda.amazonaws.com"];
  const trust = { Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" };
  const invoke = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: HANDLER };
  const ZipFile = `exports.handler = async ({ answer }) => answer + " by ${source}";`;
  const send = { Effect: "Allow", Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": ["Questions", "Arn"] } };
  return {
    Questions: { Type: "AWS::SQS::Queue", Properties: { QueueName: "questions" } },
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
        Policies: [{ PolicyName: "send", PolicyDocument: { Version: "2012-10-17", Statement: [send, invoke] } }],
      },
    },
    Machine: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: {
        StateMachineName: "asks",
        DefinitionString: definition(answer),
        RoleArn: { "Fn::GetAtt": ["Role", "Arn"] },
      },
    },
    Handler: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "handles",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Code: { ZipFile },
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
      },
    },
    Changing: rule("changing", source),
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: bucket } },
  };
}

describe("an assembly put up while an execution waits", () => {
  let directory: string;
  let home: Home;
  beforeAll(async () => {
    directory = temporaryFolder("update");
    home = await openHome({ directory });
    await home.start();
  });
  afterAll(() => home.close());

  it("changes what differs and nothing else; the running execution ends by its own definition", async () => {
    const config = home.clientConfig();
    const [sfn, sqs] = [new SFNClient(config), new SQSClient(config)];
    const QueueUrl = `${config.endpoint}/000000000000/questions`;
    const apply = (Resources: Record<string, unknown>) =>
      applyAssembly({
        directory: writeAssembly({ app: { Resources } }),
        home: home.ports,
        resourceTypes: home.resourceTypes,
      });
    const start = async () => {
      const input = JSON.stringify({ queue: QueueUrl });
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, input }));
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      return { executionArn, taskToken: String(JSON.parse(Messages[0]?.Body ?? "{}").token) };
    };
    const outputOf = async ({ executionArn, taskToken }: Awaited<ReturnType<typeof start>>) => {
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
      return expect.poll(async () => (await sfn.send(new DescribeExecutionCommand({ executionArn }))).output, {
        timeout: 20_000,
      });
    };

    await apply({ ...resources("one", "shop", "first-bucket"), Leaving: rule("leaving", "shop") });
    const waiting = await start();
    const { created, updated, deleted, unchanged } = await apply(resources("two", "store", "second-bucket"));

    const names = (changes: readonly { logicalId: string }[]) => changes.map(({ logicalId }) => logicalId).sort();
    expect(names(updated).filter((name) => name !== "Bucket")).toEqual(["Changing", "Handler", "Machine"]);
    expect(names(deleted)).toContain("Leaving");
    expect([...names(created), ...names(updated)]).not.toContain("Questions");
    expect(unchanged).toBe(2);
    const { Rules = [] } = await new EventBridgeClient(config).send(new ListRulesCommand({}));
    expect(Rules.map(({ Name, EventPattern }) => [Name, EventPattern])).toEqual([["changing", '{"source":["store"]}']]);
    const { Buckets = [] } = await new S3Client(config).send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain("second-bucket");

    await (await outputOf(waiting)).toBe('"one by store"');
    await (await outputOf(await start())).toBe('"two by store"');
  });
});
