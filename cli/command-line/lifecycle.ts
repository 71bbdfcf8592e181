/** `tidemill up`, `start`, `publish` and `run`: the home, and the lifecycles in it. */
import type { Command } from "commander";
import { act, actOnHome, command, folderName, parameterValues } from "./run-command.ts";

export function addLifecycle(program: Command): void {
  command(program, "up", "stand the home up and stay", "tidemill up --port 4566")
    .option("--assembly <dir>", "a cloud assembly of another CDK app, instead of this project's", folderName)
    .option(
      "--parameters <[stack:]name=value>",
      "a value for a parameter of the templates, kept for the next up; may be repeated",
      parameterValues,
    )
    .option("--no-previous-parameters", "forget the values that earlier ones were given")
    .option("--skip-unsupported", "leave out resources and properties that the home does not take")
    .option(
      "--chaos <settings>",
      'disturb the default bus: chances of duplicate, reorder, delay and drop, such as "seed=7,duplicate=0.3,reorder=0.3"; "off" ends it',
    )
    .action((options, self: Command) =>
      act(self, async (context) => (await import("../commands/up.ts")).up(context, options)),
    );

  command(
    program,
    "start",
    "the main job: stand up, publish the sample product, follow it to a registered model",
    "tidemill start --once --json",
  )
    .option("--once", "exit when the model is registered")
    .action((options, self: Command) =>
      act(self, async (context) => (await import("../commands/up.ts")).start(context, options)),
    );

  command(
    program,
    "publish",
    "publish a new version of a data product and follow its lifecycle",
    "tidemill publish credit-card models/credit-risk/data/kredit.asc",
  )
    .argument("<product>", "a data product of the app")
    .argument("<path>", "a file, or a folder of files: text, Parquet, gzip or zip")
    .option("--no-follow", "return once the file is accepted")
    .action((product: string, path: string, { follow }: { follow: boolean }, self: Command) => {
      let remaining = "";
      const remains = (text: string) => {
        remaining = text;
      };
      return actOnHome(
        self,
        async (connection, context) => {
          const { publish } = await import("../commands/publish.ts");
          const { tellLifecycle } = await import("../lifecycle.ts");
          const { result, lifecycle } = await publish(connection, context.terminal, product, path, { follow, remains });
          if (lifecycle !== undefined) tellLifecycle(lifecycle, context.terminal);
          context.print(result, `${result.outcome}: ${result.reason}`);
        },
        { remaining: () => remaining },
      );
    });

  command(program, "run", "start a model's lifecycle by hand", "tidemill run credit-risk --force")
    .argument("<model>", "the name of its folder in models/")
    .option("--force", "also where this data version has been handled before")
    .option("--no-follow", "return once it is started")
    .action((model: string, options, self: Command) =>
      actOnHome(self, async (connection, context) =>
        (await import("../commands/executions.ts")).run(connection, context, model, options),
      ),
    );
}
