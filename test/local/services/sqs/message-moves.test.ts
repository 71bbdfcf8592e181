import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let home: Home;
let client: SQSClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("sqs-moves"), services: [sqs] });
  await home.start();
  client = new SQSClient(home.clientConfig());
});
afterAll(() => home.close());

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
  (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
const receive = async (QueueUrl: string | undefined) => {
  const asked = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  return (await client.send(new ReceiveMessageCommand(asked))).Messages?.map(({ Body }) => Body) ?? [];
};

/** A queue whose messages die at their second receive, its dead letters, and one dead message. */
async function withDeadLetter(name: string) {
  const dead = await create(`${name}-dead`);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(`${name}-dead`), maxReceiveCount: 1 });
  const alive = await create(name, { RedrivePolicy });
  await client.send(new SendMessageCommand({ QueueUrl: alive, MessageBody: name }));
  expect(await receive(alive)).toEqual([name]);
  expect(await receive(alive)).toEqual([]);
  return { alive, dead };
}

describe("the messages of a dead-letter queue", () => {
  it("move back to where they came from, what was sent to it stays", async () => {
    const { alive, dead } = await withDeadLetter("back");
    await client.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: "sent to it" }));
    const { TaskHandle } = await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn("back-dead") }));
    expect(await receive(alive)).toEqual(["back"]);
    expect(await receive(dead)).toEqual(["sent to it"]);
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn("back-dead") }));
    expect(Results).toMatchObject([
      { Status: "COMPLETED", SourceArn: arn("back-dead"), ApproximateNumberOfMessagesMoved: 1 },
    ]);
    await expect(client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("move on to another queue, all of them", async () => {
    const { alive, dead } = await withDeadLetter("on");
    const other = await create("other");
    await client.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: "sent to it" }));
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn("on-dead"), DestinationArn: arn("other") }));
    expect((await receive(other)).sort()).toEqual(["on", "sent to it"]);
    expect([await receive(alive), await receive(dead)]).toEqual([[], []]);
  });

  it("are those of a dead-letter queue alone", async () => {
    await create("plain");
    const move = (SourceArn: string, DestinationArn?: string) =>
      expect(client.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }))).rejects;
    await move(arn("plain")).toMatchObject({ message: /must be configured as a Dead Letter Queue/ });
    await move(arn("none")).toMatchObject({ name: "ResourceNotFoundException" });
    await withDeadLetter("without");
    await move(arn("without-dead"), arn("none")).toMatchObject({ name: "ResourceNotFoundException" });
  });
});
