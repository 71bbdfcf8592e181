/**
 * A state machine that logs is only made if its role may set the delivery up.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html and
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 */
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";

/** What setting up a delivery to a log group takes; these actions have no resources of their own. */
const ACTIONS = ["CreateLogDelivery", "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"];
const SESSION = "states";

/** @throws AwsError AccessDeniedException */
export function checkDeliveryRights(home: Pick<HomePorts, "authorize">, roleArn: string): void {
  const principal = { kind: "role", roleArn, sessionName: SESSION } as const;
  try {
    for (const action of ACTIONS) home.authorize(principal, { action: `logs:${action}`, resource: "*" });
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.code !== "AccessDeniedException") throw cause;
    const message = "The state machine IAM Role is not authorized to access the Log Destination";
    throw new AwsError("AccessDeniedException", message, { cause });
  }
}
