/** A schedule that starts a function with a fixed input. */
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";

export type FunctionScheduleProps = Readonly<{
  scheduleName: string;
  groupName: string;
  description: string;
  /** `rate(…)`, `cron(…)` or `at(…)`, in UTC. */
  expression: string;
  functionArn: string;
  roleArn: string;
  deadLetterQueueArn: string;
  input: Readonly<Record<string, string>>;
}>;

export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id);
    new CfnSchedule(this, "Schedule", {
      name: props.scheduleName,
      groupName: props.groupName,
      description: props.description,
      scheduleExpression: props.expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      state: "ENABLED",
      target: {
        arn: props.functionArn,
        roleArn: props.roleArn,
        input: JSON.stringify(props.input),
        deadLetterConfig: { arn: props.deadLetterQueueArn },
        retryPolicy: { maximumEventAgeInSeconds: 6 * 3600, maximumRetryAttempts: 24 },
      },
    });
  }
}
