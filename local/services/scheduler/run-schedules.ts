/**
 * Runs schedules when they are due.
 *
 *   R1. The run and the schedule's next time are one transaction, so no run is lost or made twice by a crash.
 *   R2. With a flexible window the target is called somewhere inside the window; the nominal time stays as it is.
 *   R3. Runs missed while the home was down are made up once, if not older than the target's maximum event age.
 *   R4. A schedule with no further run is deleted after the last, when ActionAfterCompletion says so.
 */
import type { Target } from "@aws-sdk/client-scheduler";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import {
  type Attempt,
  createOutbox,
  DEFAULT_RETRY,
  type DeadLetter,
  type Delivery,
  failureAttributes,
  type GivenUp,
  invokeTarget,
  isRetriable,
  type Outbox,
  parseArn,
  sendDeadLetter,
} from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import { runAfter } from "./put-schedule.ts";
import type { ScheduleStore, StoredSchedule } from "./schedule-store.ts";
import { universalCall } from "./universal-target.ts";

interface ScheduledCall {
  scheduleArn: string;
  target: Target;
  /** With its context attributes, but for the attempt's number. */
  input: string;
  executionId: string;
  scheduledTime: string;
  deadLetter?: DeadLetter;
}

export interface ScheduleRunner {
  /** Arms, rearms or disarms a schedule after it changed. */
  refresh(group: string, name: string): void;
  start(): void;
  stop(): void;
}

export function createScheduleRunner(home: HomePorts, store: ScheduleStore): ScheduleRunner {
  const timers = new Map<string, () => void>();
  let running = false;
  const random = () => Number.parseInt(home.uuid().slice(0, 8), 16) / 2 ** 32;
  const outbox: Outbox<ScheduledCall> = createOutbox<ScheduledCall>({
    owner: "scheduler",
    store: home.store,
    clock: home.clock,
    random,
    attempt: ({ payload, attempts }) => attempt(home, { ...payload, input: withAttempt(payload.input, attempts) }),
    giveUp(delivery, error, why) {
      const deadLetter = deadLetterOf(home, delivery, error, why);
      if (deadLetter) outbox.enqueue([{ payload: { ...delivery.payload, deadLetter }, policy: DEFAULT_RETRY }]);
    },
  });
  const refresh = (group: string, name: string) => {
    const key = `${group}/${name}`;
    timers.get(key)?.();
    timers.delete(key);
    const schedule = store.find(group, name);
    if (!running || schedule?.settings.State !== "ENABLED" || schedule.nextRunMs === undefined) return;
    timers.set(
      key,
      home.clock.at(schedule.nextRunMs, () => run(group, name)),
    );
  };
  const run = (group: string, name: string) => {
    const schedule = store.find(group, name);
    if (schedule?.settings.State !== "ENABLED" || schedule.nextRunMs === undefined) return;
    home.store.transaction(() => runOnce(home, store, outbox, schedule, schedule.nextRunMs ?? 0, random()));
    home.store.afterCommit(() => refresh(group, name));
  };
  return {
    refresh,
    start() {
      running = true;
      outbox.start();
      for (const { group, name } of store.list()) refresh(group, name);
    },
    stop() {
      running = false;
      outbox.stop();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}

function runOnce(
  home: HomePorts,
  store: ScheduleStore,
  outbox: Outbox<ScheduledCall>,
  schedule: StoredSchedule,
  nominalMs: number,
  random: number,
): void {
  const { settings, group, name, arn, createdMs } = schedule;
  const now = home.clock.now();
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = settings.Target.RetryPolicy ?? {};
  const maximumEventAgeSeconds = MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumEventAgeSeconds;
  if (now - nominalMs <= maximumEventAgeSeconds * 1000) {
    const windowMs = (settings.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * 60_000;
    const executionId = home.uuid();
    const scheduledTime = new Date(nominalMs).toISOString().replace(/\.\d{3}Z$/, "Z");
    const input = inputOf(schedule, scheduledTime, executionId);
    const payload = { scheduleArn: arn, target: settings.Target, input, executionId, scheduledTime };
    const maximumRetryAttempts = MaximumRetryAttempts ?? DEFAULT_RETRY.maximumRetryAttempts;
    outbox.enqueue(
      [{ payload, policy: { maximumRetryAttempts, maximumEventAgeSeconds } }],
      nominalMs + Math.floor(windowMs * random),
    );
  }
  const nextRunMs = runAfter(settings, now, createdMs);
  if (nextRunMs === undefined && settings.ActionAfterCompletion === "DELETE") store.remove(group, name);
  else store.save({ ...schedule, nextRunMs });
}

/** The input with its context attributes, such as `<aws.scheduler.scheduled-time>`, filled in. */
function inputOf({ settings, arn }: StoredSchedule, scheduledTime: string, executionId: string): string {
  const values: Readonly<Record<string, string>> = {
    "aws.scheduler.schedule-arn": arn,
    "aws.scheduler.scheduled-time": scheduledTime,
    "aws.scheduler.execution-id": executionId,
  };
  return (settings.Target.Input ?? "{}").replace(
    /<(aws\.scheduler\.[a-z-]+)>/g,
    (text, name: string) => values[name] ?? text,
  );
}

function withAttempt(input: string, failed: number): string {
  return input.replaceAll("<aws.scheduler.attempt-number>", String(failed + 1));
}

async function attempt(home: HomePorts, call: ScheduledCall): Promise<Attempt> {
  try {
    await send(home, call);
    return { outcome: "delivered" };
  } catch (error) {
    return { outcome: "failed", error, retriable: isRetriable(error) };
  }
}

async function send(home: HomePorts, { target, input, executionId, deadLetter }: ScheduledCall): Promise<void> {
  const principal: Principal = { kind: "role", roleArn: target.RoleArn ?? "", sessionName: executionId };
  if (deadLetter !== undefined) return sendDeadLetter(home, deadLetter, principal);
  const arn = target.Arn ?? "";
  const universal = universalCall(arn);
  if (universal !== undefined) {
    await home.call(universal.service, universal.operation, parameters(input), principal);
    return;
  }
  const { service, resource } = parseArn(arn);
  if (service === "events" && resource.startsWith("event-bus/")) {
    const { DetailType, Source } = target.EventBridgeParameters ?? {};
    const Entries = [{ EventBusName: arn, Detail: input, DetailType, Source }];
    await home.call("events", "PutEvents", { Entries }, principal);
    return;
  }
  await invokeTarget(home, {
    arn,
    input,
    principal,
    deliveryKey: executionId,
    messageGroupId: target.SqsParameters?.MessageGroupId,
  });
}

/** @throws AwsError InvalidParameter: a universal target's input must be an object */
function parameters(input: string): object {
  const value: unknown = JSON.parse(input);
  if (typeof value === "object" && value !== null) return value;
  throw new AwsError("InvalidParameter", `the input of a universal target must be a JSON object, found ${input}`);
}

/** Scheduler calls the dead-letter queue as the target's role, too. */
function deadLetterOf(
  home: HomePorts,
  delivery: Delivery<ScheduledCall>,
  error: unknown,
  why: GivenUp,
): DeadLetter | undefined {
  const { scheduleArn, target, executionId, scheduledTime, deadLetter } = delivery.payload;
  const reason = error instanceof Error ? error.message : String(error);
  const queueArn = target.DeadLetterConfig?.Arn;
  const lost = deadLetter !== undefined || queueArn === undefined;
  home.log(lost ? "error" : "warn", `schedule ${scheduleArn}: gave up calling ${target.Arn}: ${reason}`);
  if (lost) return undefined;
  const attributes = {
    SCHEDULE_ARN: scheduleArn,
    TARGET_ARN: target.Arn ?? "",
    EXECUTION_ID: executionId,
    SCHEDULED_TIME: scheduledTime,
    IS_PAYLOAD_TRUNCATED: "false",
    ...failureAttributes(error, why, delivery.attempts),
    // Scheduler names the target's own error, not EventBridge's kind of it.
    ...(error instanceof AwsError ? { ERROR_CODE: error.code } : {}),
  };
  return { queueArn, body: withAttempt(delivery.payload.input, delivery.attempts), attributes };
}
