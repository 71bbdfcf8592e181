/** A home with a bus for tests: its clients, a clock that stands still, and a state machine that notes its starts. */
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { ServiceDefinition } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { events } from "../../../../local/services/events/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { followClock, type ManualClock, manualClock } from "../../manual-clock.ts";
import { standInStates } from "../../stand-in-services.ts";

export const ROLE = "arn:aws:iam::000000000000:role/bus";
export const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:update";
export const DEFAULT_BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
export const machine: Target = { Id: "machine", Arn: MACHINE, RoleArn: ROLE };
export const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

export interface Start {
  name: string;
  event: { id: string; detail: Record<string, unknown> };
}

export interface OpenBus {
  home: Home;
  bus: EventBridgeClient;
  queues: SQSClient;
  clock: ManualClock;
  /** Executions started, in order; a name that was there is answered as Step Functions does. */
  starts: Start[];
  rule(name: string, pattern: object, targets: readonly Target[], busName?: string): Promise<void>;
  /** Puts one event; gives its id. */
  put(detail: object, more?: { Source?: string; EventBusName?: string; DetailType?: string }): Promise<string>;
  /** A queue that lets the bus in, as its policy in an app does; gives its URL. */
  makeQueue(name: string): Promise<string>;
  /** The next message, taken off the queue. */
  message(QueueUrl: string): Promise<Message>;
  close(): Promise<void>;
}

export async function openBus(...more: ServiceDefinition[]): Promise<OpenBus> {
  const directory = temporaryFolder("bus");
  const clock = manualClock("2026-01-01T00:00:00Z");
  const starts: Start[] = [];
  const home = await openHome({ directory, services: [sqs, events, notingStates(starts), ...more], clock });
  const actions = ["states:*", "events:*", "sqs:*", "logs:*"];
  const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
  home.ports.policies.setRoleSource((roleArn) =>
    roleArn === ROLE ? { roleArn, policies: [{ name: "all", document }], trust: {} } : undefined,
  );
  await home.start();
  const bus = new EventBridgeClient(home.clientConfig());
  const queues = new SQSClient(home.clientConfig());
  followClock(bus, clock);
  followClock(queues, clock);
  return {
    home,
    bus,
    queues,
    clock,
    starts,
    async rule(Name, pattern, targets, EventBusName = "default") {
      await bus.send(new PutRuleCommand({ Name, EventBusName, EventPattern: JSON.stringify(pattern) }));
      if (targets.length > 0)
        await bus.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets: [...targets] }));
    },
    async put(detail, { Source = "shop", DetailType = "Order Placed", EventBusName } = {}) {
      const entry = { Source, DetailType, Detail: JSON.stringify(detail), EventBusName };
      const { Entries } = await bus.send(new PutEventsCommand({ Entries: [entry] }));
      return Entries?.[0]?.EventId ?? "";
    },
    async makeQueue(name) {
      const Principal = { Service: "events.amazonaws.com" };
      const Statement = [{ Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: queueArn(name) }];
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
      return (await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }))).QueueUrl ?? "";
    },
    async message(QueueUrl) {
      const receive = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] });
      for (let tries = 0; tries < 200; tries++) {
        const found = (await queues.send(receive)).Messages?.[0];
        if (found === undefined) continue;
        await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
        return found;
      }
      throw new Error(`no message came to ${QueueUrl}`);
    },
    async close() {
      bus.destroy();
      queues.destroy();
      await home.close();
    },
  };
}

function notingStates(starts: Start[]): ServiceDefinition {
  return standInStates({
    handle({ input = "{}", name = "" }) {
      starts.push({ name, event: JSON.parse(input) });
      return { executionArn: `${MACHINE}:${name}`, startDate: new Date() };
    },
  });
}
