/** `tidemill up` and `tidemill start`. */
import type { Home } from "../../local/index.ts";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { interruptible, untilSignal } from "../interruption.ts";
import { SAMPLE, SAMPLE_PRODUCT } from "../paths.ts";
import { standUp } from "../stand-up.ts";

export interface UpOptions {
  assembly?: string;
  skipUnsupported?: boolean;
  chaos?: string;
}

/** Stands the home up and stays until a signal ends it. */
export async function up(context: Context, options: UpOptions): Promise<void> {
  const home = await standUp({ ...context, ...options, synth: options.assembly === undefined });
  const { endpoint, region, directory } = home;
  context.print(
    { endpoint, region, home: directory },
    `ready at ${endpoint} (region ${region}, home ${directory})\n  other AWS clients: eval "$(npx tidemill env)"`,
  );
  await untilSignal();
  context.terminal.line("stopping …");
  await home.close();
}

/** The main job: stand up, publish the sample product, follow it to a registered model. */
export async function start(context: Context, options: { once?: boolean }): Promise<void> {
  const home = await standUp({ ...context, synth: true });
  // Only now: `up` alone needs no client, and a home that is idle is small.
  const { publish } = await import("./publish.ts");
  const { leading, tellLifecycle } = await import("../lifecycle.ts");
  try {
    const connection = await connectionTo(home);
    const { lifecycle, followed } = await interruptible(() =>
      publish(connection, context.terminal, SAMPLE_PRODUCT, SAMPLE, { follow: true }),
    );
    if (lifecycle === undefined || followed === undefined) return;
    tellLifecycle(lifecycle, context.terminal);
    const model = leading(lifecycle);
    const result = {
      executionArn: followed.executionArn,
      dataVersion: lifecycle.dataVersion,
      outcome: lifecycle.outcome,
      drift: model?.drift ?? null,
      metrics: model?.metrics ?? null,
      modelPackageArn: model?.modelPackageArn ?? null,
      approvalStatus: model?.approvalStatus ?? null,
      durations: Object.fromEntries(
        followed.states.map(({ stateMachine, state, durationMs }) => [`${stateMachine}/${state}`, durationMs]),
      ),
    };
    if (context.json) context.print(result, "");
    if (options.once || !process.stdout.isTTY) return;
    context.terminal.line(`\nthe home stays up at ${home.endpoint}; end it with Ctrl-C`);
    await untilSignal();
  } finally {
    await home.close();
  }
}

async function connectionTo(home: Home): Promise<Connection> {
  const { createClients } = await import("../clients.ts");
  const { endpoint, region, credentials } = home.clientConfig();
  return {
    clients: createClients({ endpoint, region, credentials }),
    endpoint,
    region,
    accountId: home.accountId,
    credentials,
    own: true,
    close: async () => undefined,
  };
}
