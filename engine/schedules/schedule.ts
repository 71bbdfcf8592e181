/**
 * Schedule expressions: `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2026-01-31T12:00:00)`.
 *
 *   S1. A rule takes rate and cron, in UTC; Scheduler also takes `at`, and a time zone for cron and at.
 *   S2. A rule's rate says "1 minute" and "5 minutes"; Scheduler takes either form.
 *   S3. A wall time that clocks skip in spring does not run; one they show twice in autumn runs once, the first time.
 *   S4. A rate counts from its anchor in elapsed time, whatever clocks do.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { Cron } from "croner";
import { toCronerPattern } from "./cron-fields.ts";
import { InvalidScheduleError } from "./invalid-schedule-error.ts";
import { toInstant, toWallTime } from "./wall-time.ts";

/** A schedule expression, read. `everyMs` is elapsed time, the other two are wall time. */
export type Schedule =
  | Readonly<{ kind: "rate"; everyMs: number }>
  | Readonly<{ kind: "cron"; cron: Cron }>
  /** `wallMs`: the wall time as the instant at which UTC shows it. */
  | Readonly<{ kind: "at"; wallMs: number }>;

/** Who reads the expression. */
export type ScheduleDialect = "rule" | "scheduler";

/** What `nextRun` reckons from. */
export interface RunOptions {
  /** The run must be later than this. Milliseconds since the epoch. */
  afterMs: number;
  /** Where a rate counts from: its first run is at the anchor itself, or later. */
  anchorMs: number;
  /** IANA name; default UTC. */
  timezone?: string | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** The last instant a Date holds. */
const LAST_INSTANT_MS = 8_640_000_000_000_000;
const RATE = /^rate\((\d+) (minute|hour|day)(s?)\)$/;
const CRON = /^cron\((.*)\)$/;
const AT = /^at\((\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\)$/;

/** @throws InvalidScheduleError */
export function parseSchedule(expression: string, dialect: ScheduleDialect): Schedule {
  const [, count, unit, plural] = RATE.exec(expression) ?? [];
  if (count !== undefined) return parseRate(Number(count), unit ?? "", plural === "s", dialect);
  const fields = CRON.exec(expression)?.[1];
  if (fields !== undefined) return { kind: "cron", cron: makeCron(fields) };
  if (dialect === "scheduler" && AT.test(expression)) return parseAt(expression);
  const forms =
    dialect === "rule"
      ? "rate(5 minutes) or cron(0 12 * * ? *)"
      : "rate(5 minutes), cron(0 12 * * ? *) or at(2026-01-31T12:00:00)";
  throw new InvalidScheduleError(`"${expression}" is no schedule; expected the form of ${forms}`);
}

/** The next run, in milliseconds since the epoch; undefined when there is none. */
export function nextRun(schedule: Schedule, { afterMs, anchorMs, timezone = "UTC" }: RunOptions): number | undefined {
  switch (schedule.kind) {
    case "rate": {
      const passed = Math.floor((afterMs - anchorMs) / schedule.everyMs) + 1;
      return anchorMs + Math.max(passed, 0) * schedule.everyMs;
    }
    case "at": {
      const instant = instantOrAfterGap(schedule.wallMs, timezone);
      return instant > afterMs ? instant : undefined;
    }
    case "cron":
      return nextCronRun(schedule.cron, afterMs, timezone);
  }
}

function nextCronRun(cron: Cron, afterMs: number, timezone: string): number | undefined {
  // A day back, because a wall time before the present one may still be to come where clocks are set back.
  let wall = timezone === "UTC" ? afterMs : toWallTime(afterMs, timezone) - 86_400_000;
  for (;;) {
    const next = cron.nextRun(new Date(wall));
    if (next === null) return undefined;
    wall = next.getTime();
    const instant = toInstant(wall, timezone);
    if (instant !== undefined && instant > afterMs) return instant;
  }
}

function parseRate(count: number, unit: string, plural: boolean, dialect: ScheduleDialect): Schedule {
  if (count === 0) throw new InvalidScheduleError("the value of a rate must be at least 1");
  if (dialect === "rule" && plural !== count > 1) {
    throw new InvalidScheduleError(
      `expected rate(${count} ${unit}${count > 1 ? "s" : ""}): "${unit}" for 1, "${unit}s" for more`,
    );
  }
  const everyMs = count * (UNIT_MS[unit] ?? 0);
  if (everyMs > LAST_INSTANT_MS)
    throw new InvalidScheduleError(`rate(${count} ${unit}s) is longer than time is counted`);
  return { kind: "rate", everyMs };
}

function parseAt(expression: string): Schedule {
  const [, ...parts] = AT.exec(expression) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = `${parts.slice(0, 3).join("-")}T${parts.slice(3).join(":")}.000Z`;
  if (new Date(wallMs).toISOString() !== date)
    throw new InvalidScheduleError(`${expression} names no date and time there is`);
  return { kind: "at", wallMs };
}

function makeCron(fields: string): Cron {
  const pattern = toCronerPattern(fields);
  try {
    return new Cron(pattern, {
      paused: true,
      utcOffset: 0,
      mode: "7-part",
      alternativeWeekdays: true,
      domAndDow: true,
    });
  } catch (thrown) {
    throw new InvalidScheduleError(`cron(${fields}): ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** A one-time schedule inside the hour that clocks skip runs when the hour is over. */
function instantOrAfterGap(wallMs: number, timezone: string): number {
  const instant = toInstant(wallMs, timezone);
  if (instant !== undefined) return instant;
  const dayBefore = wallMs - 86_400_000;
  const offset = toWallTime(dayBefore, timezone) - dayBefore;
  return wallMs - offset;
}
