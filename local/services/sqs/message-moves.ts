/**
 * Moving the messages of a dead-letter queue back to where they came from, or on to another queue. It is done at once.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { Arrivals } from "./arrivals.ts";
import type { MessageStore } from "./message-store.ts";
import { redrivePolicy } from "./queue-attributes.ts";
import { nameOf, type Queue, type QueueStore } from "./queue-store.ts";

type Sqs = typeof import("@aws-sdk/client-sqs");

const Move = z.object({
  TaskHandle: z.string(),
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  Status: z.literal("COMPLETED"),
  ApproximateNumberOfMessagesMoved: z.number(),
  ApproximateNumberOfMessagesToMove: z.number(),
  StartedTimestamp: z.number(),
});

export function moveOperations(
  home: HomePorts,
  queues: QueueStore,
  messages: MessageStore,
  arrivals: Arrivals,
): Operations<Sqs> {
  const put = home.store.prepare("INSERT INTO sqs_moves VALUES (?, ?, ?, ?)");
  const list = home.store.prepare(
    "SELECT body FROM sqs_moves WHERE source = ? ORDER BY started_ms DESC, rowid DESC LIMIT ?",
  );
  const onSource = ({ SourceArn = "" }: { SourceArn?: string | undefined }) => ({ resource: SourceArn });
  const deadLetters = (arn: string | undefined): Queue => {
    const queue = queues.find(nameOf(arn));
    if (queue === undefined)
      throw new AwsError(
        "ResourceNotFoundException",
        "The resource that you specified for the SourceArn parameter doesn't exist.",
      );
    const isTarget = queues
      .list()
      .some(({ attributes }) => redrivePolicy(attributes)?.deadLetterTargetArn === queues.arnOf(queue.name));
    if (!isTarget)
      throw new AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.");
    return queue;
  };
  return {
    StartMessageMoveTask: {
      authorize: ({ SourceArn = "", DestinationArn }) => [
        { resource: SourceArn },
        { action: "sqs:ReceiveMessage", resource: SourceArn },
        { action: "sqs:DeleteMessage", resource: SourceArn },
        ...(DestinationArn === undefined ? [] : [{ action: "sqs:SendMessage", resource: DestinationArn }]),
      ],
      handle({ SourceArn, DestinationArn }) {
        const source = deadLetters(SourceArn);
        const destination = DestinationArn === undefined ? undefined : queues.find(nameOf(DestinationArn));
        if (DestinationArn !== undefined && destination === undefined)
          throw new AwsError(
            "ResourceNotFoundException",
            "The resource that you specified for the DestinationArn parameter doesn't exist.",
          );
        const { moved, queues: reached } = messages.moveOn(source, destination);
        const startedMs = home.clock.now();
        const TaskHandle = Buffer.from(JSON.stringify({ taskId: home.uuid(), sourceArn: SourceArn })).toString(
          "base64",
        );
        const task = {
          TaskHandle,
          SourceArn,
          DestinationArn,
          Status: "COMPLETED",
          ApproximateNumberOfMessagesMoved: moved,
          ApproximateNumberOfMessagesToMove: moved,
          StartedTimestamp: startedMs,
        };
        put.run(TaskHandle, source.name, startedMs, JSON.stringify(task));
        for (const { name } of reached) arrivals.announce(name);
        return { TaskHandle };
      },
    },
    ListMessageMoveTasks: {
      authorize: onSource,
      handle({ SourceArn, MaxResults = 1 }) {
        const rows = list.all(deadLetters(SourceArn).name, MaxResults);
        return {
          Results: rows.map(({ body }) => {
            // The handle is for the task that still runs, to be cancelled.
            const { TaskHandle: _handle, ...task } = Move.parse(JSON.parse(String(body)));
            return task;
          }),
        };
      },
    },
    CancelMessageMoveTask: {
      handle({ TaskHandle }) {
        throw new AwsError(
          "ResourceNotFoundException",
          `The task ${TaskHandle} does not run: here messages are moved at once.`,
        );
      },
    },
  };
}
