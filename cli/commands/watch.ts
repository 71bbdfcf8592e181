/** `tidemill logs` and `tidemill events tail`. */
import { setTimeout as pause } from "node:timers/promises";
import { paginateDescribeLogGroups, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { interrupted } from "../interruption.ts";
import { readerGone } from "../reader-gone.ts";

const POLL_MS = 500;
const CALLERS_MISTAKES: ReadonlySet<string> = new Set([
  "ResourceNotFoundException",
  "InvalidEventPatternException",
  "InvalidParameterException",
  "ValidationException",
]);

/** The lines of every log group whose name contains `name`; without a name, the groups. */
export async function logs(
  connection: Connection,
  context: Context,
  name: string | undefined,
  options: { follow?: boolean; filter?: string; since?: number },
): Promise<void> {
  const client = await connection.clients.logs();
  const groups: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client }, {})) {
    for (const { logGroupName = "" } of page.logGroups ?? [])
      if (name === undefined || logGroupName.includes(name)) groups.push(logGroupName);
  }
  if (name === undefined) return context.print(groups, groups.join("\n"));
  if (groups.length === 0)
    throw new CommandFailure(2, `no log group's name contains "${name}"; \`npx tidemill logs\` lists them`);
  const ended = options.follow ? followingEnds() : readerGone;
  const found: { group: string; stream: string; timestamp: string; message: string }[] = [];
  const seen = new Set<string>();
  do {
    for (const group of groups) {
      const input = {
        logGroupName: group,
        ...(options.filter === undefined ? {} : { filterPattern: options.filter }),
        ...(options.since === undefined ? {} : { startTime: Date.now() - options.since * 1000 }),
      };
      for await (const page of refusingUsage(paginateFilterLogEvents({ client }, input))) {
        for (const event of page.events ?? []) {
          if (event.eventId !== undefined && seen.has(event.eventId)) continue;
          if (event.eventId !== undefined) seen.add(event.eventId);
          const row = {
            group,
            stream: event.logStreamName ?? "",
            timestamp: new Date(event.timestamp ?? 0).toISOString(),
            message: (event.message ?? "").trimEnd(),
          };
          if (context.json && !options.follow) found.push(row);
          else process.stdout.write(`${context.json ? JSON.stringify(row) : `${row.timestamp}  ${row.message}`}\n`);
        }
      }
    }
    if (options.follow) await pause(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
  } while (options.follow && !ended.aborted);
  if (options.follow) return;
  if (context.json) context.print(found, "");
}

/** Every event of the default bus as it passes, through a rule and a queue that are there only as long as the command. */
export async function tailEvents(
  connection: Connection,
  context: Context,
  options: { pattern?: string; bus: string; count?: number },
): Promise<void> {
  const sqs = await connection.clients.sqs();
  const events = await connection.clients.events();
  const name = `tidemill-tail-${process.pid}`;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" },
    ],
  });
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  const ended = followingEnds();
  let ruled = false;
  try {
    const EventPattern = options.pattern ?? JSON.stringify({ account: [connection.accountId] });
    await events.send(new PutRuleCommand({ Name: name, EventBusName: options.bus, EventPattern })).catch(refuseUsage);
    ruled = true;
    const queueArn = `arn:aws:sqs:${connection.region}:${connection.accountId}:${name}`;
    await events.send(
      new PutTargetsCommand({ Rule: name, EventBusName: options.bus, Targets: [{ Id: "tail", Arn: queueArn }] }),
    );
    context.terminal.line(`listening on ${options.bus}; end with Ctrl-C`);
    for (let told = 0; !ended.aborted && told < (options.count ?? Number.POSITIVE_INFINITY); ) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = "{}" } of Messages)
        process.stdout.write(`${context.json ? Body : JSON.stringify(JSON.parse(Body), undefined, 2)}\n`);
      told += Messages.length;
      const Entries = Messages.map(({ ReceiptHandle = "" }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  } finally {
    if (ruled) {
      await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: options.bus, Ids: ["tail"] }));
      await events.send(new DeleteRuleCommand({ Name: name, EventBusName: options.bus }));
    }
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

/** What follows has no other end than a signal, or that nobody reads it any more. */
function followingEnds(): AbortSignal {
  return AbortSignal.any([interrupted(), readerGone]);
}

async function* refusingUsage<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* pages;
  } catch (thrown) {
    refuseUsage(thrown);
  }
}

/** A bus that is not there, or a pattern that is none, is the caller's mistake. */
function refuseUsage(thrown: unknown): never {
  if (thrown instanceof Error && CALLERS_MISTAKES.has(thrown.name)) throw new CommandFailure(2, thrown.message);
  throw thrown;
}
