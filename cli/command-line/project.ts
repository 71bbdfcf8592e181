/** `tidemill env`, `doctor`, `synth` and `deploy`: the project and the machine. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { ASSEMBLY, ROOT } from "../paths.ts";
import { type SynthOptions, synthesize } from "../synth.ts";
import { usersEnvironment } from "../users-aws.ts";
import { act, command, contextPairs, folderName } from "./run-command.ts";

export function addProject(program: Command): void {
  command(program, "env", "shell exports for other AWS clients", 'eval "$(tidemill env)"').action(
    (_options, self: Command) => act(self, async (context) => (await import("../commands/env.ts")).env(context)),
  );
  command(program, "doctor", "what the machine has and lacks", "tidemill doctor").action((_options, self: Command) =>
    act(self, async (context) => (await import("../commands/doctor.ts")).doctor(context)),
  );
  command(
    program,
    "synth",
    "write cdk.out, and warn of rules that may match nothing",
    "tidemill synth -c mlAccount=222222222222",
  )
    .option("-c, --context <pair>", "CDK context, as key=value; may be repeated", contextPairs)
    .option("-o, --output <dir>", "another folder than cdk.out: new, empty, or an earlier synth's", folderName)
    .option("--force", "also when no input changed")
    .action((options: SynthOptions, self: Command) =>
      act(self, async (context) => {
        const assembly = options.output === undefined ? ASSEMBLY : resolve(options.output);
        await synthesize(options.output === undefined ? options : { ...options, output: assembly });
        const { warnOfRules } = await import("../commands/lint-events.ts");
        context.print({ assembly, patterns: warnOfRules(assembly, context.terminal) }, assembly);
      }),
    );
  command(program, "deploy", "deploy the app to AWS: cdk deploy", "tidemill deploy -c mlAccount=222222222222")
    .allowUnknownOption()
    .option("-c, --context <pair>", "CDK context, as key=value; may be repeated", contextPairs)
    .argument("[arguments...]", "given to cdk deploy")
    .action((rest: string[], options: Pick<SynthOptions, "context">, self: Command) =>
      act(self, async (context) => {
        await synthesize(options);
        const { status } = spawnSync("npx", ["cdk", "deploy", "--all", "--app", ASSEMBLY, ...rest], {
          cwd: ROOT,
          env: usersEnvironment(),
          stdio: ["inherit", context.json ? 2 : "inherit", "inherit"],
        });
        if (status !== 0) throw new CommandFailure(1, `cdk deploy ended with ${status ?? "a signal"}`);
        context.print({ deployed: true }, "deployed");
      }),
    );
}
