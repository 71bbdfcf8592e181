import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { lambda } from "../../../../local/services/lambda/index.ts";
import { logs } from "../../../../local/services/logs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { ROLE } from "./function-home.ts";

const allow = { Effect: "Allow", Action: "*", Resource: "*" };
const assume = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };

let directory: string;
let home: Home;
let warned: string[];
beforeEach(async () => {
  directory = temporaryFolder("logging");
  warned = [];
  home = await openHome({
    directory,
    services: [logs, lambda],
    log: (level, message) => warned.push(`${level} ${message}`),
  });
  home.ports.policies.setRoleSource((roleArn) => ({
    roleArn,
    policies: [{ name: "all", document: { Statement: [allow] } }],
    trust: { Statement: [assume] },
  }));
  await home.start();
});

async function putFunction(name: string, source: string): Promise<void> {
  const type = home.resourceTypes.get("AWS::Lambda::Function");
  await type?.create(
    {
      FunctionName: name,
      Role: ROLE,
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Timeout: 60,
      Code: { ZipFile: source },
    },
    { stackName: "stack", logicalId: "Logical", generateName: () => "generated-name" },
  );
}

const invoke = (FunctionName: string) =>
  new LambdaClient({ ...home.clientConfig(), maxAttempts: 1 }).send(new InvokeCommand({ FunctionName }));

describe("a function that writes", () => {
  it("100,000 lines has them all, and lets other functions answer meanwhile", async () => {
    await putFunction(
      "flood",
      "exports.handler = async () => { for (let line = 0; line < 100000; line++) console.log(line); };",
    );
    await putFunction("other", "exports.handler = async () => 1;");
    const order: string[] = [];
    const flooding = invoke("flood").then((answer) => {
      order.push("flood");
      return answer;
    });
    for (let each = 0; each < 3; each++) {
      await invoke("other");
      order.push("other");
    }
    expect((await flooding).FunctionError).toBeUndefined();
    expect(order).toEqual(["other", "other", "other", "flood"]);
    const client = new CloudWatchLogsClient(home.clientConfig());
    const [stream] =
      (await client.send(new DescribeLogStreamsCommand({ logGroupName: "/aws/lambda/flood" }))).logStreams ?? [];
    const { events } = await client.send(
      new GetLogEventsCommand({ logGroupName: "/aws/lambda/flood", logStreamName: stream?.logStreamName, limit: 3 }),
    );
    expect(events?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/\t99999$/),
      expect.stringMatching(/^END /),
      expect.stringMatching(/^REPORT /),
    ]);
    await home.close();
    expect(warned).toEqual([]);
  });

  it("nothing more once the home closes: a function that is ended then causes no warning", async () => {
    await putFunction(
      "on",
      "exports.handler = () => { console.log('begun'); return new Promise(() => setInterval(() => {}, 1000)); };",
    );
    const going = home.ports.call(
      "lambda",
      "Invoke",
      { FunctionName: "on" },
      { kind: "home", accountId: home.accountId },
    );
    const client = new CloudWatchLogsClient(home.clientConfig());
    const find = () =>
      client.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/on", filterPattern: "begun" }));
    await expect
      .poll(() =>
        find().then(
          ({ events }) => events?.length,
          () => 0,
        ),
      )
      .toBe(1);
    await home.close();
    expect(await going).toMatchObject({ FunctionError: "Unhandled" });
    // The last lines are written in the turn after their invocation's end.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(warned).toEqual([]);
  });
});
