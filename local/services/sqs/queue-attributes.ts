/** What a queue is set to: the attributes AWS knows, checked, with its defaults. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";

/** Attribute name → default, lowest and highest value. */
const NUMBERS: Readonly<Record<string, readonly [number, number, number]>> = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
};
const BOOLEANS = ["FifoQueue", "ContentBasedDeduplication", "SqsManagedSseEnabled"];
const JSON_TEXTS = ["Policy", "RedrivePolicy", "RedriveAllowPolicy"];
const TEXTS = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "DeduplicationScope", "FifoThroughputLimit"];

export type QueueAttributes = Readonly<Record<string, string>>;

const Redrive = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});
export type RedrivePolicy = z.infer<typeof Redrive>;

/** The given attributes over `current`; an empty text takes one away. @throws AwsError InvalidAttributeName, InvalidAttributeValue */
export function withAttributes(
  current: QueueAttributes,
  given: Readonly<Record<string, string | undefined>>,
): QueueAttributes {
  const next: Record<string, string> = { ...current };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    check(name, value);
    if (value === "") delete next[name];
    else next[name] = value;
  }
  return next;
}

export function numberOf(attributes: QueueAttributes, name: string): number {
  return Number(attributes[name] ?? NUMBERS[name]?.[0] ?? 0);
}

/** Every attribute as GetQueueAttributes shows it. */
export function shownAttributes(attributes: QueueAttributes): Record<string, string> {
  const numbers = Object.keys(NUMBERS).map((name) => [name, String(numberOf(attributes, name))]);
  return { SqsManagedSseEnabled: "true", ...Object.fromEntries(numbers), ...attributes };
}

export function redrivePolicy(attributes: QueueAttributes): RedrivePolicy | undefined {
  const text = attributes.RedrivePolicy;
  return text === undefined ? undefined : Redrive.parse(JSON.parse(text));
}

function check(name: string, value: string): void {
  const bounds = NUMBERS[name];
  if (bounds !== undefined) {
    const number = Number(value);
    if (!Number.isInteger(number) || number < bounds[1] || number > bounds[2]) throw invalid(name);
  } else if (BOOLEANS.includes(name)) {
    if (value !== "true" && value !== "false" && value !== "") throw invalid(name);
  } else if (JSON_TEXTS.includes(name)) {
    if (value !== "" && !isJsonObject(name, value)) throw invalid(name);
  } else if (!TEXTS.includes(name)) {
    throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  }
}

function isJsonObject(name: string, text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return name === "RedrivePolicy" ? Redrive.safeParse(value).success : typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function invalid(name: string): AwsError {
  return new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}
