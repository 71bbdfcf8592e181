/** The message a dead-letter queue gets when a delivery is given up, with the attributes AWS adds. */
import { AwsError } from "../aws-error.ts";
import type { HomePorts } from "../define-service.ts";
import type { Principal } from "../principal.ts";
import { queueUrlOf } from "./invoke-target.ts";
import type { GivenUp } from "./retry.ts";

export interface DeadLetter {
  queueArn: string;
  body: string;
  /** RULE_ARN and TARGET_ARN, or what the service adds in their place. */
  attributes: Readonly<Record<string, string>>;
}

/**
 * The attributes of why it failed.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function failureAttributes(error: unknown, why: GivenUp, retries: number): Record<string, string> {
  return {
    ERROR_CODE: errorCode(error),
    ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
    RETRY_ATTEMPTS: String(retries),
    ...(why === "NotRetriable" ? {} : { EXHAUSTED_RETRY_CONDITION: why }),
  };
}

/** @throws AwsError when the queue is gone or does not let the service in */
export async function sendDeadLetter(home: HomePorts, letter: DeadLetter, principal: Principal): Promise<void> {
  const attributes = Object.entries(letter.attributes).map(([name, value]) => [
    name,
    { DataType: "String", StringValue: value || "-" },
  ]);
  await home.call(
    "sqs",
    "SendMessage",
    {
      QueueUrl: queueUrlOf(letter.queueArn),
      MessageBody: letter.body,
      MessageAttributes: Object.fromEntries(attributes),
    },
    principal,
  );
}

/** The first that fits the target's code; AWS lists these and does not say which of them is for what. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/^THIRD_ACCOUNT_HOP_DETECTED$/, "THIRD_ACCOUNT_HOP_DETECTED"],
  [/AccessDenied|NotAuthorized|AuthorizationError/, "NO_PERMISSIONS"],
  [/NotFound|DoesNotExist|NonExistent|UnknownService/, "NO_RESOURCE"],
  [/AlreadyExists/, "RESOURCE_ALREADY_EXISTS"],
  [/Throttl|TooManyRequests|SlowDown/, "THROTTLING"],
  [/LimitExceeded/, "RESOURCE_LIMIT_EXCEEDED"],
  [/Timeout|TimedOut/i, "TIMEOUT"],
];

function errorCode(error: unknown): string {
  if (!(error instanceof AwsError)) return "SDK_CLIENT_ERROR";
  const known = CODES.find(([pattern]) => pattern.test(error.code));
  return known?.[1] ?? (error.status >= 500 ? "INTERNAL_ERROR" : "INVALID_PARAMETER");
}
