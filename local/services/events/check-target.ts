/** What a rule's target must be, before it is stored. */
import type { Target } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../aws-error.ts";
import { parseArn } from "../../delivery/index.ts";
import { checkInput } from "./check-input.ts";
import { checkName } from "./names.ts";

/** Kinds of target a home delivers to, by the service in their ARN. */
const DELIVERED = ["states", "lambda", "sqs", "sns", "logs", "events"];
const MOST_RETRIES = 185;
const AGES_SECONDS = { least: 60, most: 86_400 };

/** @throws AwsError ValidationException; `position` counts from 1 */
export function checkTarget(target: Target, position: number): void {
  const id = checkName(target.Id, `targets.${position}.member.id`, 64);
  const { service, resource } = parseArn(target.Arn ?? "");
  if (service === "") {
    throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (!DELIVERED.includes(service)) {
    throw invalid(
      `Parameter ${target.Arn} is not valid. Reason: this home delivers to ${DELIVERED.join(", ")}, not to ${service}.`,
    );
  }
  if (service === "sqs" && resource.endsWith(".fifo") && target.SqsParameters?.MessageGroupId === undefined) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${id}.`);
  }
  const needsRole = service === "states" || resource.startsWith("api-destination/");
  if (needsRole && target.RoleArn === undefined) throw invalid(`RoleArn is required for target ${target.Arn}.`);
  checkRetry(target, position);
  checkInput(id, target, position);
}

function checkRetry({ RetryPolicy }: Target, position: number): void {
  const at = `targets.${position}.member.retryPolicy`;
  const { MaximumRetryAttempts: retries = 0, MaximumEventAgeInSeconds: age = AGES_SECONDS.most } = RetryPolicy ?? {};
  if (retries < 0 || retries > MOST_RETRIES) throw outOfRange(`${at}.maximumRetryAttempts`, retries, 0, MOST_RETRIES);
  if (age < AGES_SECONDS.least || age > AGES_SECONDS.most)
    throw outOfRange(`${at}.maximumEventAgeInSeconds`, age, AGES_SECONDS.least, AGES_SECONDS.most);
}

function outOfRange(member: string, value: number, least: number, most: number): AwsError {
  const rule = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${rule}`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
