/** One event the app answers to: a rule on the default bus, its target, retries, and the queue for what was not taken. */
import { Duration } from "aws-cdk-lib";
import { type IRuleTarget, Rule, type EventPattern as RulePattern } from "aws-cdk-lib/aws-events";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { EventPattern } from "../../events/index.ts";

export type TriggerProps = Readonly<{
  ruleName: string;
  description: string;
  pattern: EventPattern;
  target: (delivery: Delivery) => IRuleTarget;
  deadLetterQueue: IQueue;
}>;

export type Delivery = Readonly<{ deadLetterQueue: IQueue; maxEventAge: Duration; retryAttempts: number }>;

export class Trigger extends Construct {
  constructor(scope: Construct, id: string, { ruleName, description, pattern, target, deadLetterQueue }: TriggerProps) {
    super(scope, id);
    const delivery: Delivery = { deadLetterQueue, maxEventAge: Duration.hours(6), retryAttempts: 24 };
    new Rule(this, "Rule", { ruleName, description, eventPattern: rulePattern(pattern), targets: [target(delivery)] });
  }
}

/** A pattern as the CDK takes it. */
export function rulePattern({ source, detail, "detail-type": detailType }: EventPattern): RulePattern {
  return { source: [...source], detailType: [...detailType], ...(detail === undefined ? {} : { detail }) };
}
