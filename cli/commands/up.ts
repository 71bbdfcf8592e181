/** `tidemill up` and `tidemill start`. */
import type { GivenParameter } from "../../local/index.ts";
import type { Connection } from "../connect.ts";
import { type Context, homeStopped } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { homeAfter, interruptible, untilSignal } from "../interruption.ts";
import { SAMPLE, SAMPLE_PRODUCT } from "../paths.ts";
import { standUp } from "../stand-up.ts";

export interface UpOptions {
  assembly?: string;
  skipUnsupported?: boolean;
  parameters?: readonly GivenParameter[];
  previousParameters?: boolean;
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
  const failure = await Promise.race([
    untilSignal().then(() => undefined),
    home.displaced.then(() => `${directory} was moved or removed; start it again where it is now`),
    home.failed.then(({ message }) => message),
  ]);
  context.terminal.line("stopping …");
  await home.close();
  if (failure !== undefined) throw new CommandFailure(1, failure);
}

/** The main job: stand up, publish the sample product, follow it to a registered model. A home that runs already is used. */
export async function start(context: Context, options: { once?: boolean }): Promise<void> {
  // Only now: `up` alone needs no client, and a home that is idle is small.
  const [{ connect }, { requirePython }] = await Promise.all([import("../connect.ts"), import("../require-python.ts")]);
  await requirePython(context.home);
  let connection = await connect(context);
  try {
    while (!(await isPublished(connection, context))) connection = await connect(context);
    if (options.once || !connection.own || !process.stdout.isTTY) return;
    context.terminal.line(`\nthe home stays up at ${connection.endpoint}; end it with Ctrl-C`);
    await untilSignal();
  } finally {
    await connection.close();
  }
}

/** False: the home ended with the command that had stood it up, and is gone; what was begun goes on in the next. */
async function isPublished(connection: Connection, context: Context): Promise<boolean> {
  try {
    await publishSample(connection, context);
    return true;
  } catch (thrown) {
    if (connection.own || !homeStopped(thrown)) throw thrown;
    const { untilEnded } = await import("../connect.ts");
    if (!(await untilEnded(context.home, connection))) throw thrown;
    return false;
  }
}

async function publishSample(connection: Connection, context: Context): Promise<void> {
  const { publish } = await import("./publish.ts");
  const { leading, tellLifecycle } = await import("../lifecycle.ts");
  const { lifecycle, followed } = await interruptible(
    () => publish(connection, context.terminal, SAMPLE_PRODUCT, SAMPLE, { follow: true }),
    () => homeAfter(connection),
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
}
