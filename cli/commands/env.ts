/** `tidemill env`: what points another AWS client at the running home. */
import { type Connection, findReady } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";

/** Prints shell exports, or with --json the variables. @throws CommandFailure when no home runs */
export async function env(context: Context): Promise<void> {
  const running = await findReady(context);
  if (running === undefined) {
    throw new CommandFailure(1, `no home runs in ${context.home}; start one with \`npx tidemill up\``);
  }
  const variables = environmentOf(running);
  // What the shell has of another account would be sent along with the home's keys.
  const foreign = ["AWS_SESSION_TOKEN", "AWS_PROFILE"].filter((name) => process.env[name] !== undefined);
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
