/** Making and changing schedules, with AWS's checks; for the operations and for CloudFormation. */
import type { CreateScheduleInput, Target } from "@aws-sdk/client-scheduler";
import { InvalidScheduleError, isTimezone, nextRun, parseSchedule } from "../../../engine/schedules/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { parseArn } from "../../delivery/index.ts";
import { DEFAULT_GROUP, type ScheduleSettings, type ScheduleStore, type StoredSchedule } from "./schedule-store.ts";
import { universalCall } from "./universal-target.ts";

/** Services with templated targets a home has; Kinesis, Firehose, ECS, CodeBuild and SageMaker pipelines it has not. */
const TEMPLATED: ReadonlySet<string> = new Set(["states", "lambda", "sqs", "sns", "events"]);
/** No FIFO queue: its name ends with ".fifo". */
const QUEUE = /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/;
const NAME = /^[0-9a-zA-Z\-_.]{1,64}$/;

/**
 * Stores a schedule, new or over the one of its name.
 * @throws AwsError ValidationException, ResourceNotFoundException
 */
export function putSchedule(home: HomePorts, store: ScheduleStore, input: CreateScheduleInput): StoredSchedule {
  const name = input.Name ?? "";
  if (!NAME.test(name)) throw invalid(`Invalid schedule name "${name}": 1 to 64 of letters, digits, "-", "_" and ".".`);
  const group = store.getGroup(input.GroupName ?? DEFAULT_GROUP).name;
  const settings = settingsOf(input);
  const now = home.clock.now();
  const existing = store.find(group, name);
  const createdMs = existing?.createdMs ?? now;
  const schedule: StoredSchedule = {
    group,
    name,
    arn: store.arnOf(group, name),
    settings,
    createdMs,
    modifiedMs: now,
    nextRunMs: runAfter(settings, existing ? now : createdMs - 1, createdMs),
  };
  store.save(schedule);
  return schedule;
}

/** The first run after `afterMs` within the schedule's dates; a rate without start date counts from its creation, at once. */
export function runAfter(settings: ScheduleSettings, afterMs: number, createdMs: number): number | undefined {
  const { ScheduleExpression, ScheduleExpressionTimezone } = settings;
  const schedule = parseSchedule(ScheduleExpression, "scheduler");
  // AWS's API reference: both dates are ignored for a one-time schedule.
  const { startMs, endMs } = schedule.kind === "at" ? {} : settings;
  const next = nextRun(schedule, {
    afterMs: startMs === undefined ? afterMs : Math.max(afterMs, startMs - 1),
    anchorMs: startMs ?? createdMs,
    timezone: ScheduleExpressionTimezone,
  });
  return next === undefined || (endMs !== undefined && next > endMs) ? undefined : next;
}

/** @throws AwsError ValidationException */
export function settingsOf(input: CreateScheduleInput): ScheduleSettings {
  const { ScheduleExpression = "", ScheduleExpressionTimezone, FlexibleTimeWindow, Target } = input;
  if (ScheduleExpressionTimezone !== undefined && !isTimezone(ScheduleExpressionTimezone)) {
    throw invalid("Invalid time zone provided for ScheduleExpressionTimezone.");
  }
  try {
    parseSchedule(ScheduleExpression, "scheduler");
  } catch (thrown) {
    if (!(thrown instanceof InvalidScheduleError)) throw thrown;
    throw new AwsError("ValidationException", `Invalid Schedule Expression ${ScheduleExpression}.`, { cause: thrown });
  }
  if (Target?.Arn === undefined || Target.RoleArn === undefined)
    throw invalid("Target.Arn and Target.RoleArn are required.");
  checkWindow(FlexibleTimeWindow);
  checkTarget(Target);
  const startMs = input.StartDate?.getTime();
  const endMs = input.EndDate?.getTime();
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs)
    throw invalid("The EndDate must be after the StartDate.");
  return {
    ScheduleExpression,
    ScheduleExpressionTimezone,
    startMs,
    endMs,
    Description: input.Description,
    State: input.State ?? "ENABLED",
    KmsKeyArn: input.KmsKeyArn,
    Target,
    FlexibleTimeWindow: FlexibleTimeWindow ?? { Mode: "OFF" },
    ActionAfterCompletion: input.ActionAfterCompletion ?? "NONE",
    clientToken: input.ClientToken,
  };
}

function checkTarget({ Arn = "", SqsParameters, EventBridgeParameters, RetryPolicy, DeadLetterConfig }: Target): void {
  checkRange("target.retryPolicy.maximumRetryAttempts", RetryPolicy?.MaximumRetryAttempts, 0, 185);
  checkRange("target.retryPolicy.maximumEventAgeInSeconds", RetryPolicy?.MaximumEventAgeInSeconds, 60, 86_400);
  const deadLetters = DeadLetterConfig?.Arn;
  if (deadLetters !== undefined && !QUEUE.test(deadLetters))
    throw invalid(`Target.DeadLetterConfig.Arn must be the ARN of a standard SQS queue, found ${deadLetters}.`);
  if (universalCall(Arn) !== undefined) return;
  const { service, resource } = parseArn(Arn);
  if (!TEMPLATED.has(service))
    throw invalid(
      `a home has no target ${Arn}; it has Lambda, Step Functions, SQS, SNS, event buses, and arn:aws:scheduler:::aws-sdk:SERVICE:ACTION`,
    );
  if (service === "sqs" && resource.endsWith(".fifo") && SqsParameters?.MessageGroupId === undefined)
    throw invalid("SqsParameters.MessageGroupId is required for a FIFO queue.");
  if (service === "events" && EventBridgeParameters === undefined)
    throw invalid("EventBridgeParameters is required for an event bus.");
}

function checkWindow(window: CreateScheduleInput["FlexibleTimeWindow"]): void {
  const minutes = window?.MaximumWindowInMinutes;
  checkRange("flexibleTimeWindow.maximumWindowInMinutes", minutes, 1, 1440);
  if (window?.Mode === "FLEXIBLE" && minutes === undefined) {
    throw invalid("FlexibleTimeWindow.MaximumWindowInMinutes must be from 1 to 1440 when Mode is FLEXIBLE.");
  }
  if (window?.Mode === "OFF" && minutes !== undefined) {
    throw invalid("FlexibleTimeWindow.MaximumWindowInMinutes cannot be given when Mode is OFF.");
  }
}

function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  const rule = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${rule}`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
