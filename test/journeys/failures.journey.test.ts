/** However a lifecycle fails, one event says so: by the workflow where it can, for it where it cannot. */
import { readFileSync } from "node:fs";
import { DisableRuleCommand, EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  DescribeStateMachineCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelLifecycleFailed } from "../../events/index.ts";
import { SAMPLE } from "./credit-data.ts";
import { holding } from "./holding.ts";
import { type App, machineArn, openApp, until } from "./open-app.ts";

const LONG_MS = 120_000;
const UPDATE = "data-product-update";

describe("a lifecycle that fails", { timeout: LONG_MS }, () => {
  let app: App;
  let sqs: SQSClient;
  let QueueUrl: string;

  /** A queue that hears of every failed lifecycle, and no update but those started here. */
  async function listen(): Promise<void> {
    const events = new EventBridgeClient(app.home.clientConfig());
    const allow = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage" };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...allow, Resource: "*" }] });
    const queue = await sqs.send(new CreateQueueCommand({ QueueName: "failures", Attributes: { Policy } }));
    QueueUrl = queue.QueueUrl ?? "";
    const EventPattern = JSON.stringify({ source: ["tidemill"], "detail-type": [modelLifecycleFailed.detailType] });
    await events.send(new PutRuleCommand({ Name: "failures", EventPattern }));
    const Arn = "arn:aws:sqs:us-east-1:000000000000:failures";
    await events.send(new PutTargetsCommand({ Rule: "failures", Targets: [{ Id: "queue", Arn }] }));
    for (const name of ["object-created", "table-changed", "database-changed"])
      await events.send(new DisableRuleCommand({ Name: `tidemill-credit-card-${name}` }));
  }

  async function start(name: string): Promise<string> {
    const input = JSON.stringify({ product: "credit-card" });
    const stateMachineArn = machineArn(UPDATE);
    const { executionArn = "" } = await app.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return executionArn;
  }

  /** The events put since they were last asked for, once `failed` more executions were looked at by report-failure. */
  let looked = 0;
  async function toldAfter(failed: number) {
    looked += failed;
    await until(async () => {
      const lines = (await app.logged("report-failure")).filter((line) => line.includes('"reported"'));
      return lines.length >= looked ? lines : undefined;
    });
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await sqs.send(receive);
    return Messages.map(({ Body = "" }) => modelLifecycleFailed.schema.parse(JSON.parse(Body)).detail);
  }

  /** Runs `work` with a workflow changed, and puts it back. */
  async function withDefinition(change: (text: string) => string, work: () => Promise<void>): Promise<void> {
    const stateMachineArn = machineArn(UPDATE);
    const { definition = "" } = await app.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    await app.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: change(definition) }));
    await work();
    await app.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  }

  const link = (arn: string) => expect.stringMatching(new RegExp(`^https://us-east-1\\.console.*${arn}$`));

  beforeAll(async () => {
    app = await openApp();
    sqs = new SQSClient(app.home.clientConfig());
    await listen();
    await app.publish(readFileSync(SAMPLE, "utf8"));
  }, LONG_MS);
  afterAll(() => app?.close());

  it("by a job that fails has one event, of the training, with the job's words", async () => {
    const ssm = new SSMClient(app.home.clientConfig());
    const Name = "/tidemill/models/credit-risk";
    const { Value = "" } = (await ssm.send(new GetParameterCommand({ Name }))).Parameter ?? {};
    const broken = Value.replace('"preprocess.py"', '"no-such.py"');
    await ssm.send(new PutParameterCommand({ Name, Value: broken, Overwrite: true }));
    await start("failing");
    expect(await app.ended(1)).toMatchObject([{ status: "FAILED" }]);
    const told = await toldAfter(2);
    expect(told).toMatchObject([
      { model: "credit-risk", state: "Prepare Data", cause: expect.stringContaining("no-such.py") },
    ]);
    expect(told[0]?.link).toEqual(link(told[0]?.executionArn ?? ""));
    await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
  });

  it("by being stopped has one event, with who stopped it and the state it stood in", async () => {
    const executionArn = await start("stopped");
    await until(async () => (await app.executions("train-model")).find(({ status }) => status === "RUNNING"));
    await app.sfn.send(new StopExecutionCommand({ executionArn, error: "Stopped", cause: "wrong data" }));
    expect(await app.ended(2)).toMatchObject([{}, { status: "ABORTED" }]);
    const told = await toldAfter(2);
    const stood = { product: "credit-card", state: "Train Model", error: "Stopped", cause: "wrong data" };
    expect(told).toMatchObject([{ ...stood, executionArn, link: link(executionArn) }]);
  });

  it("by its training being stopped has one event, of the update that waited for it", async () => {
    const executionArn = await start("training-stopped");
    const training = await until(async () =>
      (await app.executions("train-model")).find(({ status }) => status === "RUNNING"),
    );
    await app.sfn.send(new StopExecutionCommand({ executionArn: training.arn, error: "Stopped", cause: "too slow" }));
    expect(await app.ended(3)).toMatchObject([{}, {}, { status: "FAILED" }]);
    const told = await toldAfter(2);
    expect(told).toMatchObject([{ executionArn, state: "Train Model", cause: expect.stringContaining("too slow") }]);
  });

  it("by running out of its time has one event", async () => {
    await withDefinition(
      (text) => text.replace(/"TimeoutSeconds":\s*21600/, '"TimeoutSeconds": 1'),
      () =>
        // A training that is being started at that very moment would go on.
        holding({ sfn: app.sfn, lambda: new LambdaClient(app.home.clientConfig()) }, "describe-product", async () => {
          const executionArn = await start("timed-out");
          expect(await app.ended(4)).toMatchObject([{}, {}, {}, { status: "TIMED_OUT" }]);
          const told = await toldAfter(1);
          const stood = { state: "Describe Product", error: "States.Timeout" };
          expect(told).toMatchObject([{ ...stood, executionArn, link: link(executionArn) }]);
        }),
    );
  });

  it("where no state can catch it has one event", async () => {
    await withDefinition(
      (text) => text.replace(/"productName":\s*"{%/, `"productName": "{% $error('gone') &`),
      async () => {
        const executionArn = await start("uncaught");
        expect((await app.ended(5)).at(-1)).toMatchObject({ status: "FAILED" });
        const told = await toldAfter(1);
        expect(told).toMatchObject([{ executionArn, state: "Start", cause: expect.stringContaining("gone") }]);
      },
    );
  });
});
