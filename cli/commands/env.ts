/** `tidemill env`: what points another AWS client at the running home. */
import { type Connection, findReady } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { usersAws } from "../users-aws.ts";

/**
 * What the shell may have for another account: it would be sent along with the home's keys, or lead a client elsewhere, or
 * keep it from taking an endpoint of its own.
 */
const FOREIGN =
  /^AWS_(SESSION_TOKEN|(DEFAULT_)?PROFILE|ENDPOINT_URL_.+|IGNORE_CONFIGURED_ENDPOINT_URLS|USE_(FIPS|DUALSTACK)_ENDPOINT)$/;

/** Prints shell exports, or with --json the variables. @throws CommandFailure when no home runs */
export async function env(context: Context): Promise<void> {
  const running = await findReady(context);
  if (running === undefined) {
    throw new CommandFailure(1, `no home runs in ${context.home}; start one with \`npx tidemill up\``);
  }
  const variables = environmentOf(running);
  const foreign = Object.keys(usersAws()).filter((name) => FOREIGN.test(name));
  const lines = [
    ...foreign.map((name) => `unset ${name}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${value}`),
  ];
  context.print(variables, lines.join("\n"));
}

function environmentOf({
  endpoint,
  region,
  credentials,
}: Pick<Connection, "endpoint" | "region" | "credentials">): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // Or StartSyncExecution and TestState would look for a host named sync-127.0.0.1.
    AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
  };
}
