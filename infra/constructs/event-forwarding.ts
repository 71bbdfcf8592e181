/**
 * Sends what happens in one account to the default bus of another, which has a policy that lets this role in.
 *
 * The rules there are the same as where the accounts are one: an event keeps its source, detail type and detail.
 */
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { EventBus as EventBusTarget } from "aws-cdk-lib/aws-events-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { EventPattern } from "../../events/index.ts";
import { pascalCase } from "../stacks/bounded-context.ts";
import { FailureQueue } from "./failure-queue.ts";
import { ServiceRole } from "./service-role.ts";
import { rulePattern } from "./trigger.ts";

export type EventForwardingProps = Readonly<{
  /** ARN of the bus that gets the events. */
  busArn: string;
  /** Where an event is kept that the bus did not take. */
  queueName: string;
  /** What to forward, by the rule's name without the app's prefix. */
  patterns: Readonly<Record<string, EventPattern>>;
}>;

/** The construct id of the role, by which the receiving bus knows it. */
export const FORWARDING = "EventForwarding";

export class EventForwarding extends Construct {
  readonly queue: IQueue;

  constructor(scope: Construct, { busArn, queueName, patterns }: EventForwardingProps) {
    super(scope, FORWARDING);
    this.queue = new FailureQueue(this, "NotForwarded", queueName).queue;
    const role = new ServiceRole(this, "Access", {
      service: "events.amazonaws.com",
      description: "Rules that forward events to the bus of another account",
      permissions: [{ actions: ["events:PutEvents"], resources: [busArn] }],
    }).sealed;
    const bus = EventBus.fromEventBusArn(this, "Bus", busArn);
    for (const [name, pattern] of Object.entries(patterns)) {
      new Rule(this, pascalCase(name), {
        ruleName: `tidemill-forward-${name}`,
        description: "Forwards to the bus of the account that answers",
        eventPattern: rulePattern(pattern),
        targets: [new EventBusTarget(bus, { role, deadLetterQueue: this.queue })],
      });
    }
  }
}
