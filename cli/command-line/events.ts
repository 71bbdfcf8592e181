/** `tidemill events …` and `tidemill logs`: what passes, and what is said of it. */
import type { Command } from "commander";
import { act, actOnHome, command, positive, positiveUpTo } from "./run-command.ts";

// Loaded by the command that runs, and no other: they bring SDK clients along.
const eventCommands = () => import("../commands/events.ts");
const watchCommands = () => import("../commands/watch.ts");

export function addLogs(program: Command): void {
  command(
    program,
    "logs [name]",
    "log groups, or the lines of those whose name contains NAME",
    "tidemill logs curate-product --follow",
  )
    .option("-f, --follow", "go on as lines come")
    .option("--filter <pattern>", "CloudWatch Logs filter pattern")
    .option("--since <seconds>", "only the last seconds", positive)
    .action((name: string | undefined, options, self: Command) =>
      actOnHome(self, async (connection, context) => (await watchCommands()).logs(connection, context, name, options), {
        endsAtSignal: options.follow === true,
      }),
    );
}

export function addEvents(program: Command): void {
  const events = command(program, "events", "the event bus", "tidemill events tail --count 1");
  command(events, "tail", "every event as it passes", 'tidemill events tail --pattern \'{"source":["aws.sagemaker"]}\'')
    .option("--pattern <json>", "only events this pattern matches")
    .option("--bus <name>", "the bus", "default")
    .option("--count <n>", "end after so many", positive)
    .action((options, self: Command) =>
      actOnHome(self, async (connection, context) => (await watchCommands()).tailEvents(connection, context, options), {
        endsAtSignal: true,
      }),
    );
  command(events, "put <file>", "put the event of a file (- for stdin)", "tidemill events put event.json")
    .option("--bus <name>", "the bus", "default")
    .action((file: string, { bus }: { bus: string }, self: Command) =>
      actOnHome(self, async (connection, context) => (await eventCommands()).putEvent(connection, context, file, bus)),
    );
  command(
    events,
    "list",
    "the latest events with the rules they matched, the newest first",
    "tidemill events list --unmatched --limit 5",
  )
    .option("--bus <name>", "of one bus")
    .option("--unmatched", "only events that matched no rule")
    .option("--limit <n>", "how many, up to 1000", positiveUpTo(1000), 20)
    .action((options, self: Command) =>
      actOnHome(self, async (connection, context) => (await eventCommands()).listEvents(connection, context, options)),
    );
  command(events, "rules", "what became of each rule's deliveries", "tidemill events rules --bus default --json")
    .option("--bus <name>", "of one bus")
    .action(({ bus }: { bus?: string }, self: Command) =>
      actOnHome(self, async (connection, context) => (await eventCommands()).countRules(connection, context, bus)),
    );
  command(
    events,
    "explain <event>",
    "why an event, by file or by id, matches a rule or misses it",
    "tidemill events explain event.json --rule release-model",
    "tidemill events explain 17793124-05d4-b198-2fde-7ededc63b103",
  )
    .option("--rule <name>", "only this rule")
    .option("--bus <name>", "the bus whose rules are asked; by default the event's own")
    .option("--all", "every rule that misses, not the nearest three")
    .action((event: string, options, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await eventCommands()).explainEvent(connection, context, event, options),
      ),
    );
  command(
    events,
    "lint [patterns...]",
    "what patterns probably do not mean: fields, values and names no event has; cdk.out's rules by default",
    'tidemill events lint \'{"source":["aws.s3"],"detail-type":["Object Create"]}\'',
    "tidemill events lint pattern.json cdk.out --json",
  ).action((patterns: string[], _options, self: Command) =>
    act(self, async (context) => (await import("../commands/lint-events.ts")).lintEvents(context, patterns)),
  );
}
