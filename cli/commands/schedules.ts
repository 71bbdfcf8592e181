/** `tidemill schedules`: the schedules of Scheduler and of the bus's rules, and when they run next. */
import { GetScheduleCommand, paginateListSchedules } from "@aws-sdk/client-scheduler";
import { z } from "zod";
import { nextRun, parseSchedule } from "../../engine/index.ts";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { readView } from "../home-view.ts";

interface ShownSchedule {
  name: string;
  /** A schedule group, or "rules" for a rule of the bus. */
  group: string;
  state: string;
  expression: string;
  timezone: string;
  startMs?: number | undefined;
  endMs?: number | undefined;
  createdMs: number;
}

const RULES = "rules";
const ScheduledRule = z.object({ rule: z.string(), state: z.string(), schedule: z.string(), createdMs: z.number() });

/** Every schedule with its next run. */
export async function listSchedules(connection: Connection, context: Context): Promise<void> {
  const now = Date.now();
  const shown = (await allSchedules(connection)).map((schedule) => ({
    ...plain(schedule),
    next: schedule.state === "ENABLED" ? (runsOf(schedule, now, 1)[0] ?? null) : null,
  }));
  const lines = shown.map(
    ({ group, name, state, expression, timezone, next }) =>
      `${group}/${name}\n  ${expression} ${timezone}, ${state === "ENABLED" ? (next ?? "no run to come") : state}`,
  );
  context.print(shown, lines.length === 0 ? "no schedules" : lines.join("\n"));
}

/**
 * The next runs of one schedule, whether it is enabled or not.
 * @param name of a schedule or rule, or GROUP/NAME where several have it
 * @throws CommandFailure 2 for a name there is not, or that several have
 */
export async function nextRuns(connection: Connection, context: Context, name: string, count: number): Promise<void> {
  const all = await allSchedules(connection);
  const found = all.filter((schedule) => schedule.name === name || `${schedule.group}/${schedule.name}` === name);
  const [schedule, other] = found;
  if (schedule === undefined)
    throw new CommandFailure(2, `there is no schedule ${name}; see \`npx tidemill schedules list\``);
  if (other !== undefined)
    throw new CommandFailure(
      2,
      `several schedules are named ${name}; give one of ${found.map((one) => `${one.group}/${one.name}`).join(", ")}`,
    );
  const runs = runsOf(schedule, Date.now(), count);
  context.print({ ...plain(schedule), runs }, runs.length === 0 ? "no run to come" : runs.join("\n"));
}

function runsOf({ expression, timezone, startMs, endMs, createdMs }: ShownSchedule, nowMs: number, count: number) {
  const schedule = parseSchedule(expression, "scheduler");
  const runs: string[] = [];
  let afterMs = startMs === undefined ? nowMs : Math.max(nowMs, startMs - 1);
  while (runs.length < count) {
    const next = nextRun(schedule, { afterMs, anchorMs: startMs ?? createdMs, timezone });
    if (next === undefined || (endMs !== undefined && next > endMs)) break;
    runs.push(new Date(next).toISOString());
    afterMs = next;
  }
  return runs;
}

function plain({ name, group, state, expression, timezone }: ShownSchedule) {
  return { name, group, state, expression, timezone };
}

async function allSchedules(connection: Connection): Promise<ShownSchedule[]> {
  const found: ShownSchedule[] = [];
  const client = await connection.clients.scheduler();
  for await (const { Schedules = [] } of paginateListSchedules({ client }, {})) {
    for (const { Name, GroupName } of Schedules) {
      const schedule = await client.send(new GetScheduleCommand({ Name, GroupName }));
      found.push({
        name: schedule.Name ?? "",
        group: schedule.GroupName ?? "",
        state: schedule.State ?? "",
        expression: schedule.ScheduleExpression ?? "",
        timezone: schedule.ScheduleExpressionTimezone ?? "UTC",
        startMs: schedule.StartDate?.getTime(),
        endMs: schedule.EndDate?.getTime(),
        createdMs: schedule.CreationDate?.getTime() ?? 0,
      });
    }
  }
  const rules = await readView(connection, "events/scheduled-rules", z.array(ScheduledRule));
  for (const { rule, state, schedule, createdMs } of rules)
    found.push({ name: rule, group: RULES, state, expression: schedule, timezone: "UTC", createdMs });
  return found;
}
