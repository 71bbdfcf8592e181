/** `tidemill models …` */
import type { Command } from "commander";
import { actOnHome, command } from "./run-command.ts";

// Loaded by the command that runs, and no other: they bring SDK clients along.
const modelCommands = () => import("../commands/models.ts");
const judgingCommands = () => import("../commands/judge-model.ts");

export function addModels(program: Command): void {
  const models = command(program, "models", "registered models", "tidemill models compare credit-risk");
  command(models, "list", "every version with status, data and metrics", "tidemill models list --json")
    .option("--group <name>", "of one group")
    .action((options: { group?: string }, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await modelCommands()).listModels(connection, context, options.group),
      ),
    );
  command(
    models,
    "show <package>",
    "one version whole, by its ARN or as group/version",
    "tidemill models show credit-risk/1",
  ).action((arn: string, _options, self: Command) =>
    actOnHome(self, async (connection, context) => (await modelCommands()).showModel(connection, context, arn)),
  );
  command(
    models,
    "compare <group>",
    "the versions of a group side by side",
    "tidemill models compare credit-risk",
  ).action((group: string, _options, self: Command) =>
    actOnHome(self, async (connection, context) => (await modelCommands()).compareModels(connection, context, group)),
  );
  command(
    models,
    "approve <package>",
    "approve a version, by its ARN or as group/version, and wait for the release",
    "tidemill models approve credit-risk/1 --reason 'better on every segment'",
  )
    .option("--reason <text>", "kept with the approval")
    .action((arn: string, options: { reason?: string }, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await judgingCommands()).approve(connection, context, arn, options.reason),
      ),
    );
  command(
    models,
    "reject <package>",
    "reject a version, by its ARN or as group/version",
    "tidemill models reject credit-risk/1 --reason 'too slow'",
  )
    .option("--reason <text>", "kept with the rejection")
    .action((arn: string, options: { reason?: string }, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await judgingCommands()).reject(connection, context, arn, options.reason),
      ),
    );
}
