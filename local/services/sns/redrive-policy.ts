/** A subscription's RedrivePolicy: the queue that takes what could not be delivered. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";

const RedrivePolicy = z.strictObject({ deadLetterTargetArn: z.string().startsWith("arn:") });

/** @returns the dead-letter queue's ARN; undefined where there is none. @throws AwsError InvalidParameter */
export function deadLetterQueueOf({ RedrivePolicy: text = "" }: Readonly<Record<string, string>>): string | undefined {
  if (text === "" || text === "{}") return undefined;
  const { success, data, error } = RedrivePolicy.safeParse(parsed(text));
  if (success) return data.deadLetterTargetArn;
  const [issue] = error.issues;
  if (issue?.code === "unrecognized_keys") throw invalid(`invalid JSON. Attribute ${issue.keys[0]} is unknown.`);
  throw invalid(`expected {"deadLetterTargetArn": "arn:aws:sqs:…"}, found ${text.slice(0, 200)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("failed to parse JSON.");
  }
}

function invalid(why: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: RedrivePolicy: ${why}`);
}
