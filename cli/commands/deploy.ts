/** `tidemill deploy`: `cdk deploy` of what was synthesized, and what it needs before. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { ASSEMBLY, ROOT } from "../paths.ts";
import { type SynthOptions, synthesize } from "../synth.ts";
import { usersEnvironment } from "../users-aws.ts";

const SAYING_WHO = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];
const DEFAULT_PROFILE = /^\s*\[\s*(profile\s+)?default\s*\]/m;
const NO_CREDENTIALS =
  "no AWS credentials are set up here: sign in (`aws configure sso`, then AWS_PROFILE or --profile) or set AWS_ACCESS_KEY_ID " +
  "and AWS_SECRET_ACCESS_KEY; `aws sts get-caller-identity` then says whose they are. docs/how-to/deploy.md tells the rest";

/** Synthesizes with the context given, and deploys. */
export async function deploy(
  context: Context,
  options: Pick<SynthOptions, "context">,
  rest: readonly string[],
): Promise<void> {
  await synthesize(options);
  const { status } = spawnSync("npx", ["cdk", "deploy", "--all", "--app", ASSEMBLY, ...rest], {
    cwd: ROOT,
    env: usersEnvironment(),
    stdio: ["inherit", context.json ? 2 : "inherit", "inherit"],
  });
  if (status !== 0) {
    const why = rest.includes("--profile") || mayHaveCredentials(usersEnvironment()) ? "" : `; ${NO_CREDENTIALS}`;
    throw new CommandFailure(1, `cdk deploy ended with ${status ?? "a signal"}${why}`);
  }
  context.print({ deployed: true }, "deployed");
}

/**
 * What `npm run deploy` does first: an assembly where there is none, and a word where the CDK would not find an account.
 * No more than a word, for a profile may be among the arguments, and a machine of AWS's has credentials of its own.
 */
export async function prepareDeploy(context: Context): Promise<void> {
  if (!existsSync(join(ASSEMBLY, "manifest.json"))) await synthesize();
  const credentials = mayHaveCredentials(usersEnvironment());
  if (!credentials) context.terminal.line(NO_CREDENTIALS);
  context.print({ assembly: ASSEMBLY, credentials }, ASSEMBLY);
}

/** Whether the environment or the user's files name credentials, not whether they are good. */
function mayHaveCredentials(environment: NodeJS.ProcessEnv): boolean {
  if (SAYING_WHO.some((name) => (environment[name] ?? "") !== "")) return true;
  const folder = join(homedir(), ".aws");
  return [
    environment.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, "credentials"),
    environment.AWS_CONFIG_FILE ?? join(folder, "config"),
  ].some((file) => existsSync(file) && DEFAULT_PROFILE.test(readFileSync(file, "utf8")));
}
