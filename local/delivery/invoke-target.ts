/**
 * One attempt to give a target its input, for rules and schedules alike: through the home's dispatch, as the role the
 * target names, or else as the service itself, whom the target's own policy must let in.
 */
import { AwsError } from "../aws-error.ts";
import type { HomePorts } from "../define-service.ts";
import type { Principal } from "../principal.ts";
import { parseArn } from "./arn.ts";

export interface TargetCall {
  arn: string;
  /** Text the target gets. */
  input: string;
  principal: Principal;
  /** The same for every attempt of one delivery: names the execution, deduplicates in a FIFO queue. */
  deliveryKey: string;
  messageGroupId?: string | undefined;
  /** The trace header of what caused it. */
  trace?: string | undefined;
}

type Call = { service: string; operation: string; input: object };

/** What a target kind is called with; undefined when the home knows no such target. */
function callOf(target: TargetCall): Call | undefined {
  const { arn, input } = target;
  const { service, resource } = parseArn(arn);
  switch (service) {
    case "states":
      return { service, operation: "StartExecution", input: { stateMachineArn: arn, input, name: target.deliveryKey } };
    case "lambda":
      return {
        service,
        operation: "Invoke",
        input: { FunctionName: arn, InvocationType: "Event", Payload: new TextEncoder().encode(input) },
      };
    case "sqs": {
      const fifo = resource.endsWith(".fifo");
      const group = fifo ? { MessageGroupId: target.messageGroupId, MessageDeduplicationId: target.deliveryKey } : {};
      return { service, operation: "SendMessage", input: { QueueUrl: queueUrlOf(arn), MessageBody: input, ...group } };
    }
    case "sns":
      return { service, operation: "Publish", input: { TopicArn: arn, Message: input } };
    default:
      return undefined;
  }
}

/**
 * Calls the target.
 * @throws AwsError of the target, or InvalidParameter when the home knows no such target
 */
export async function invokeTarget(home: HomePorts, target: TargetCall): Promise<void> {
  const call = callOf(target);
  if (call === undefined) {
    throw new AwsError(
      "InvalidParameter",
      `${target.arn} is no target this home can deliver to; there are Step Functions, Lambda, SQS, SNS, event buses and CloudWatch Logs`,
    );
  }
  try {
    await home.call(call.service, call.operation, call.input, target.principal, undefined, target.trace);
  } catch (thrown) {
    // An earlier attempt got through, and the process died before it could note so.
    if (thrown instanceof AwsError && thrown.code === "ExecutionAlreadyExists") return;
    throw thrown;
  }
}

/** Whether trying again can help: not when permission or the target itself is missing. */
export function isRetriable(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  if (error.status === 501) return false;
  return error.status >= 500 || /Throttl|TooManyRequests|LimitExceeded|SlowDown|Timeout/i.test(error.code);
}

/** A queue's URL from its ARN; only its path matters inside the home. */
export function queueUrlOf(arn: string): string {
  const { accountId, resource } = parseArn(arn);
  return `http://localhost/${accountId}/${resource}`;
}
