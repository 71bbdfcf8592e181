/** `tidemill test`, `simulate` and `validate`: workflows by their files, without a home. */
import type { Command } from "commander";
import { act, command } from "./run-command.ts";

export function addDefinitions(program: Command): void {
  command(
    program,
    "test <paths...>",
    "run the suites of workflows: mocked tasks, virtual time, coverage",
    "tidemill test workflows/ --min-coverage states=100,catchers=100",
    "tidemill test workflows/train-model.asl.json --exhaustive",
  )
    .option("--exhaustive", "inject each declared error at each state; list error paths no test reaches")
    .option("--filter <text>", "only cases with this in their name, `workflow: case`")
    .option("--min-coverage <percent>", "fail below it: a number, or states=N,branches=N,retriers=N,catchers=N")
    .action((paths: string[], options, self: Command) =>
      act(self, async (context) => (await import("../commands/test.ts")).testWorkflows(context, paths, options)),
    );
  command(
    program,
    "simulate <file>",
    "run one definition in memory: virtual time, mocked tasks",
    "tidemill simulate my.asl.json --input '{\"amount\":20}'",
    "tidemill simulate my.asl.json --mocks my.test.json --case declined --json",
  )
    .option("--input <json>", "JSON, @FILE, or - for stdin; {} or the case's own by default")
    .option("--mocks <suite>", "the suite whose mocks answer; without it a task gives its parameters")
    .option("--case <name>", "the suite's case; its first by default")
    .action((file: string, options, self: Command) =>
      act(self, async (context) => (await import("../commands/simulate.ts")).simulateFile(context, file, options)),
    );
  command(
    program,
    "validate <paths...>",
    "what AWS says of definitions, with line and column",
    "tidemill validate workflows/",
    "tidemill validate my.asl.json --type EXPRESS --severity error --json",
    "tidemill validate - < my.asl.json",
  )
    .option("--type <type>", "STANDARD or EXPRESS", "STANDARD")
    .option("--severity <severity>", "the least shown: WARNING or ERROR", "WARNING")
    .action((paths: string[], options, self: Command) =>
      act(self, async (context) => (await import("../commands/validate.ts")).validate(context, paths, options)),
    );
}
