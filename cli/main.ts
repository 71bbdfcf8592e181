/** The tidemill command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { z } from "zod";
import { addDefinitions } from "./command-line/definitions.ts";
import { addEvents, addLogs } from "./command-line/events.ts";
import { addExecutions } from "./command-line/executions.ts";
import { addLifecycle } from "./command-line/lifecycle.ts";
import { addModels } from "./command-line/models.ts";
import { addProject } from "./command-line/project.ts";
import { endUsage, folderName, portNumber } from "./command-line/run-command.ts";
import { addSchedules } from "./command-line/schedules.ts";
import { holdLifeline } from "./lifeline.ts";
import { ROOT } from "./paths.ts";
import { letReadersGo } from "./reader-gone.ts";
import { setAsideUsersAws } from "./users-aws.ts";

holdLifeline();
letReadersGo();
setAsideUsersAws();

const program = new Command("tidemill")
  .description("Event-driven ML lifecycles on AWS Step Functions, which also run whole on your laptop")
  .version(version(), "-V, --version", "print the version")
  .option("--home <dir>", "the home's folder", folderName, ".tidemill")
  .option("--port <number>", "port of the home; any free one by default", portNumber)
  .option("--json", "print one JSON value on stdout; progress goes to stderr")
  .showHelpAfterError("add --help to see how it is used")
  .configureHelp({ showGlobalOptions: true })
  .exitOverride(endUsage)
  .addHelpText(
    "after",
    [
      "\nExamples:",
      "  tidemill start --once                     from nothing to a registered model",
      "  tidemill up                               stand the home up and stay",
      "  tidemill publish credit-card kredit.asc   a new version, and its lifecycle",
      "  tidemill models approve credit-risk/1     approve, release, smoke-test",
      "\nExit codes: 0 done (also unchanged), 1 failed, 2 wrong usage, 3 refused input",
    ].join("\n"),
  );

// In the order that --help shows them.
for (const add of [
  addLifecycle,
  addExecutions,
  addModels,
  addLogs,
  addEvents,
  addSchedules,
  addDefinitions,
  addProject,
])
  add(program);

await program.parseAsync();

function version(): string {
  const text = readFileSync(join(ROOT, "package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
  return process.argv.includes("--json") ? JSON.stringify({ version }) : version;
}
