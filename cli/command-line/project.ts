/** `tidemill env`, `doctor`, `synth` and `deploy`: the project and the machine. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { ASSEMBLY } from "../paths.ts";
import { type SynthOptions, synthesize } from "../synth.ts";
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
    .option("--prepare", "deploy nothing: synthesize where there is no cdk.out, and look for credentials")
    .argument("[arguments...]", "given to cdk deploy")
    .action((rest: string[], options: Pick<SynthOptions, "context"> & { prepare?: boolean }, self: Command) =>
      act(self, async (context) => {
        const { deploy, prepareDeploy } = await import("../commands/deploy.ts");
        await (options.prepare === true ? prepareDeploy(context) : deploy(context, options, rest));
      }),
    );
}
