/** The tidemill command. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { Command, type CommanderError, InvalidArgumentError } from "commander";
import type { Connection } from "./connect.ts";
import { type Context, contextOf, endWith } from "./context.ts";
import { CommandFailure } from "./failure.ts";
import { holdLifeline } from "./lifeline.ts";
import { ASSEMBLY, ROOT } from "./paths.ts";
import { type SynthOptions, synthesize } from "./synth.ts";

// Loaded by the command that runs, and no other: most bring SDK clients along.
const eventCommands = () => import("./commands/events.ts");
const executionCommands = () => import("./commands/executions.ts");
const modelCommands = () => import("./commands/models.ts");
const scheduleCommands = () => import("./commands/schedules.ts");
const watchCommands = () => import("./commands/watch.ts");

holdLifeline();

const program = new Command("tidemill")
  .description("Event-driven ML lifecycles on AWS Step Functions, which also run whole on your laptop")
  .option("--home <dir>", "the home's folder", ".tidemill")
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

command(program, "up", "stand the home up and stay", "tidemill up --port 4566")
  .option("--assembly <dir>", "a cloud assembly of another CDK app, instead of this project's")
  .option("--skip-unsupported", "leave out resources of types the home does not have")
  .option(
    "--chaos <settings>",
    'disturb the default bus: chances of duplicate, reorder, delay and drop, such as "seed=7,duplicate=0.3,reorder=0.3"; "off" ends it',
  )
  .action((options, self: Command) =>
    act(self, async (context) => (await import("./commands/up.ts")).up(context, options)),
  );

command(
  program,
  "start",
  "the main job: stand up, publish the sample product, follow it to a registered model",
  "tidemill start --once --json",
)
  .option("--once", "exit when the model is registered")
  .action((options, self: Command) =>
    act(self, async (context) => (await import("./commands/up.ts")).start(context, options)),
  );

command(
  program,
  "publish <product> <path>",
  "publish a new version of a data product and follow its lifecycle",
  "tidemill publish credit-card models/credit-risk/data/kredit.asc",
)
  .option("--no-follow", "return once the file is accepted")
  .action((product: string, path: string, options: { follow: boolean }, self: Command) =>
    actOnHome(self, async (connection, context) => {
      const { publish } = await import("./commands/publish.ts");
      const { tellLifecycle } = await import("./lifecycle.ts");
      const { result, lifecycle } = await publish(connection, context.terminal, product, path, options);
      if (lifecycle !== undefined) tellLifecycle(lifecycle, context.terminal);
      context.print(result, `${result.outcome}: ${result.reason}`);
    }),
  );

command(program, "run <model>", "start a model's lifecycle by hand", "tidemill run credit-risk --force")
  .option("--force", "also where this data version has been handled before")
  .option("--no-follow", "return once it is started")
  .action((model: string, options, self: Command) =>
    actOnHome(self, async (connection, context) =>
      (await executionCommands()).run(connection, context, model, options),
    ),
  );

const executions = command(program, "executions", "executions of the workflows", "tidemill executions list");
command(executions, "list", "the newest first", "tidemill executions list --status FAILED")
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
  "stop it, by its ARN or its name; its jobs are stopped too",
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
command(models, "compare <group>", "versions side by side", "tidemill models compare credit-risk").action(
  (group: string, _options, self: Command) =>
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
      (await modelCommands()).approve(connection, context, arn, options.reason),
    ),
  );
command(models, "reject <package>", "reject a version", "tidemill models reject credit-risk/1 --reason 'too slow'")
  .option("--reason <text>", "kept with the rejection")
  .action((arn: string, options: { reason?: string }, self: Command) =>
    actOnHome(self, async (connection, context) =>
      (await modelCommands()).reject(connection, context, arn, options.reason),
    ),
  );

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
    actOnHome(self, async (connection, context) => (await watchCommands()).logs(connection, context, name, options)),
  );

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
  .option("--limit <n>", "how many, up to 1000", positive, 20)
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
  "tidemill events explain event.json --rule release-model\n  tidemill events explain 17793124-05d4-b198-2fde-7ededc63b103",
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
  'tidemill events lint \'{"source":["aws.s3"],"detail-type":["Object Create"]}\'\n  tidemill events lint pattern.json cdk.out --json',
).action((patterns: string[], _options, self: Command) =>
  act(self, async (context) => (await import("./commands/lint-events.ts")).lintEvents(context, patterns)),
);

const schedules = command(program, "schedules", "what runs by the clock", "tidemill schedules list");
command(schedules, "list", "schedules and scheduled rules, with their next run", "tidemill schedules list").action(
  (_options, self: Command) =>
    actOnHome(self, async (connection, context) => (await scheduleCommands()).listSchedules(connection, context)),
);
command(schedules, "next <name>", "the next runs of one", "tidemill schedules next default/nightly --count 5")
  .option("--count <n>", "how many", positive, 1)
  .action((name: string, { count }: { count: number }, self: Command) =>
    actOnHome(self, async (connection, context) =>
      (await scheduleCommands()).nextRuns(connection, context, name, count),
    ),
  );

command(
  program,
  "test <paths...>",
  "run the suites of workflows: mocked tasks, virtual time, coverage",
  "tidemill test workflows/ --min-coverage states=100,catchers=100\n  tidemill test workflows/train-model.asl.json --exhaustive",
)
  .option("--exhaustive", "inject each declared error at each state; list error paths no test reaches")
  .option("--filter <text>", "only cases with this in their name, `workflow: case`")
  .option("--min-coverage <percent>", "fail below it: a number, or states=N,branches=N,retriers=N,catchers=N")
  .action((paths: string[], options, self: Command) =>
    act(self, async (context) => (await import("./commands/test.ts")).testWorkflows(context, paths, options)),
  );
command(
  program,
  "simulate <file>",
  "run one definition in memory: virtual time, mocked tasks",
  "tidemill simulate my.asl.json --input '{\"amount\":20}'\n  tidemill simulate my.asl.json --mocks my.test.json --case declined --json",
)
  .option("--input <json>", "JSON, @FILE, or - for stdin; {} or the case's own by default")
  .option("--mocks <suite>", "the suite whose mocks answer; without it a task gives its parameters")
  .option("--case <name>", "the suite's case; its first by default")
  .action((file: string, options, self: Command) =>
    act(self, async (context) => (await import("./commands/simulate.ts")).simulateFile(context, file, options)),
  );
command(
  program,
  "validate <paths...>",
  "what AWS says of definitions, with line and column",
  "tidemill validate workflows/\n  tidemill validate my.asl.json --type EXPRESS --severity error --json\n  tidemill validate - < my.asl.json",
)
  .option("--type <type>", "STANDARD or EXPRESS", "STANDARD")
  .option("--severity <severity>", "the least shown: WARNING or ERROR", "WARNING")
  .action((paths: string[], options, self: Command) =>
    act(self, async (context) => (await import("./commands/validate.ts")).validate(context, paths, options)),
  );
command(program, "env", "shell exports for other AWS clients", 'eval "$(tidemill env)"').action(
  (_options, self: Command) => act(self, async (context) => (await import("./commands/env.ts")).env(context)),
);
command(program, "doctor", "what the machine has and lacks", "tidemill doctor").action((_options, self: Command) =>
  act(self, async (context) => (await import("./commands/doctor.ts")).doctor(context)),
);
command(
  program,
  "synth",
  "write cdk.out, and warn of rules that may match nothing",
  "tidemill synth -c mlAccount=222222222222",
)
  .option("-c, --context <pair>", "CDK context, as key=value; may be repeated", collect, [])
  .option("-o, --output <dir>", "another folder than cdk.out")
  .option("--force", "also when no input changed")
  .action((options: SynthOptions, self: Command) =>
    act(self, async (context) => {
      await synthesize(options);
      const assembly = options.output === undefined ? ASSEMBLY : resolve(options.output);
      const { warnOfRules } = await import("./commands/lint-events.ts");
      context.print({ assembly, patterns: warnOfRules(assembly, context.terminal) }, assembly);
    }),
  );
command(program, "deploy", "deploy the app to AWS: cdk deploy", "tidemill deploy -c mlAccount=222222222222")
  .allowUnknownOption()
  .option("-c, --context <pair>", "CDK context, as key=value; may be repeated", collect, [])
  .argument("[arguments...]", "given to cdk deploy")
  .action((rest: string[], options: Pick<SynthOptions, "context">, self: Command) =>
    act(self, async (context) => {
      await synthesize(options);
      const { status } = spawnSync("npx", ["cdk", "deploy", "--all", "--app", ASSEMBLY, ...rest], {
        cwd: ROOT,
        stdio: ["inherit", context.json ? 2 : "inherit", "inherit"],
      });
      if (status !== 0) throw new CommandFailure(1, `cdk deploy ended with ${status ?? "a signal"}`);
      context.print({ deployed: true }, "deployed");
    }),
  );

await program.parseAsync();

function command(parent: Command, name: string, description: string, example: string): Command {
  return parent.command(name).description(description).addHelpText("after", `\nExample:\n  ${example}`);
}

/** Help ends well; what commander refused, and has told of on stderr, is wrong usage. */
function endUsage({ exitCode, message }: CommanderError): never {
  if (exitCode === 0) process.exit(0);
  const missing = message === "(outputHelp)";
  const error = missing ? "a command is missing" : message.replace(/^error: /, "");
  if (missing) process.stderr.write(`\nerror: ${error}\n`);
  // Before a command is known its options are not: what was typed tells.
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ error })}\n`);
  process.exit(2);
}

async function act(self: Command, work: (context: Context) => Promise<void>): Promise<void> {
  const context = contextOf(self);
  try {
    await work(context);
  } catch (thrown) {
    endWith(thrown, context);
  }
}

/** With the running home, or one stood up for the command's own duration. */
function actOnHome(
  self: Command,
  work: (connection: Connection, context: Context) => Promise<void>,
  { endsAtSignal = false } = {},
): Promise<void> {
  return act(self, async (context) => {
    const { connect } = await import("./connect.ts");
    const connection = await connect(context);
    try {
      // A running home goes on without this command; one of its own is closed in order, unless the command sees to it.
      if (connection.own && !endsAtSignal) {
        const { interruptible } = await import("./interruption.ts");
        await interruptible(() => work(connection, context));
      } else await work(connection, context);
    } finally {
      await connection.close();
    }
  });
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("expected a port, 0 to 65535");
  return port;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("expected a whole number from 1");
  return number;
}
