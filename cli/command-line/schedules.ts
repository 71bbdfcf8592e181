/** `tidemill schedules …` */
import type { Command } from "commander";
import { actOnHome, command, positive } from "./run-command.ts";

// Loaded by the command that runs, and no other: it brings SDK clients along.
const scheduleCommands = () => import("../commands/schedules.ts");

export function addSchedules(program: Command): void {
  const schedules = command(program, "schedules", "what runs by the clock", "tidemill schedules list");
  command(schedules, "list", "schedules and scheduled rules, with their next run", "tidemill schedules list").action(
    (_options, self: Command) =>
      actOnHome(self, async (connection, context) => (await scheduleCommands()).listSchedules(connection, context)),
  );
  command(
    schedules,
    "next <name>",
    "the next runs of a schedule or a scheduled rule",
    "tidemill schedules next default/nightly --count 5",
  )
    .option("--count <n>", "how many", positive, 1)
    .action((name: string, { count }: { count: number }, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await scheduleCommands()).nextRuns(connection, context, name, count),
      ),
    );
}
