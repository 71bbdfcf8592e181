/** `tidemill executions …` */
import type { Command } from "commander";
import { actOnHome, command, positive } from "./run-command.ts";

// Loaded by the command that runs, and no other: it brings SDK clients along.
const executionCommands = () => import("../commands/executions.ts");

export function addExecutions(program: Command): void {
  const executions = command(program, "executions", "executions of the workflows", "tidemill executions list");
  command(executions, "list", "executions, the newest first", "tidemill executions list --status FAILED")
    .option("--state-machine <name>", "of one state machine")
    .option("--status <status>", "RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED")
    .option("--limit <n>", "how many", positive, 100)
    .action((options, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await executionCommands()).listExecutions(connection, context, options),
      ),
    );
  command(
    executions,
    "show <execution>",
    "one execution with its history, by its ARN or its name",
    "tidemill executions show NAME",
  ).action((arn: string, _options, self: Command) =>
    actOnHome(self, async (connection, context) => (await executionCommands()).showExecution(connection, context, arn)),
  );
  command(
    executions,
    "stop <execution>",
    "stop an execution, by its ARN or its name, and its jobs with it",
    "tidemill executions stop NAME --cause 'wrong data'",
  )
    .option("--cause <text>", "why")
    .action((arn: string, options: { cause?: string }, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await executionCommands()).stopExecution(connection, context, arn, options.cause),
      ),
    );
  command(
    executions,
    "redrive <execution>",
    "run a failed execution again from where it failed, by its ARN or its name",
    "tidemill executions redrive NAME",
  )
    .option("--no-follow", "return once it goes on")
    .action((arn: string, options: { follow: boolean }, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await executionCommands()).redriveExecution(connection, context, arn, options.follow),
      ),
    );
}
