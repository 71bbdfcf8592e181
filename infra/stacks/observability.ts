/** What a person is told: alarms, failed lifecycles, models that wait for approval. */
import { Aws, Duration, type StackProps } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Rule } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { openBus } from "../constructs/bus-entrance.ts";
import { FailureQueue } from "../constructs/failure-queue.ts";
import { ALARM_TOPIC, type Context, notForwardedQueue, UNDELIVERED_QUEUE } from "../names.ts";
import { WORKFLOWS } from "../permissions/workflows.ts";
import { NOTICES } from "../product-events.ts";
import { type AppInputs, BoundedContextStack, pascalCase } from "./bounded-context.ts";

const UNDELIVERED_NOTICES = "tidemill-undelivered-notices";

export class ObservabilityStack extends BoundedContextStack {
  readonly #topic: Topic;

  constructor(scope: Construct, inputs: AppInputs, props: StackProps) {
    super(scope, "observability", inputs, props);
    this.#topic = new Topic(this, "Alarms", { topicName: ALARM_TOPIC, displayName: "tidemill", enforceSSL: true });
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsMayPublish",
        actions: ["sns:Publish"],
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    );
    this.#executionAlarms();
    this.#notices();
    this.#queueAlarm("UndeliveredEvents", UNDELIVERED_QUEUE, "ml");
    this.#queueAlarm("UndeliveredNotices", UNDELIVERED_NOTICES, "observability");
    const { names } = inputs;
    for (const context of ["producer", "governance"] as const) {
      if (names.share("ml", context)) continue;
      this.#queueAlarm(`${pascalCase(context)}NotForwarded`, notForwardedQueue(context), context);
    }
    if (!names.share("ml", "observability")) {
      this.#queueAlarm("MlNotForwarded", notForwardedQueue("ml"), "ml");
      openBus(this, "ml", names.account("ml"), this.arns.noticesBus);
    }
  }

  #executionAlarms(): void {
    for (const workflow of WORKFLOWS) {
      for (const outcome of ["Failed", "TimedOut", "Aborted"]) {
        this.#alarm(`${pascalCase(workflow)}${outcome}`, `${workflow}-${outcome.toLowerCase()}`, {
          description: `An execution of ${workflow} ended as ${outcome}`,
          metric: new Metric({
            namespace: "AWS/States",
            metricName: `Executions${outcome}`,
            dimensionsMap: { StateMachineArn: this.arns.stateMachine(workflow) },
            statistic: "Sum",
            period: Duration.minutes(5),
            ...this.#account("ml"),
          }),
        });
      }
    }
  }

  /** Where a metric is, when that is another account: CloudWatch reads it through the link between the two. */
  #account(context: Context): { account?: string } {
    const { names } = this.inputs;
    return names.share("observability", context) ? {} : { account: names.account(context) };
  }

  #queueAlarm(id: string, queueName: string, context: Context): void {
    this.#alarm(id, queueName.replace(/^tidemill-/, ""), {
      description: `${queueName} holds events that were not delivered`,
      metric: new Metric({
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensionsMap: { QueueName: queueName },
        statistic: "Maximum",
        period: Duration.minutes(5),
        ...this.#account(context),
      }),
    });
  }

  #alarm(id: string, name: string, { description, metric }: { description: string; metric: Metric }): void {
    const alarm = new Alarm(this, `${id}Alarm`, {
      alarmName: `tidemill-${name}`,
      alarmDescription: description,
      metric,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }

  #notices(): void {
    const deadLetterQueue = new FailureQueue(this, "UndeliveredNoticesQueue", UNDELIVERED_NOTICES).queue;
    for (const event of NOTICES) {
      const name = event.detailType.toLowerCase().replaceAll(" ", "-");
      new Rule(this, `${pascalCase(name)}Notice`, {
        ruleName: `tidemill-notify-${name}`,
        description: `Tells the alarm topic of "${event.detailType}"`,
        eventPattern: { source: [event.source], detailType: [event.detailType] },
        targets: [new SnsTopic(this.#topic, { deadLetterQueue, maxEventAge: Duration.hours(6), retryAttempts: 24 })],
      });
    }
  }
}
