/** Stands the home up: synthesize, open, apply the assembly, start. */
import type { GivenParameter, Home } from "../local/index.ts";
import { disturbBus } from "./bus-chaos.ts";
import { counted } from "./counted.ts";
import { CommandFailure } from "./failure.ts";
import { interrupted } from "./interruption.ts";
import { ASSEMBLY } from "./paths.ts";
import { synthesize } from "./synth.ts";
import { seconds, type Terminal } from "./terminal.ts";

export interface StandUpOptions {
  home: string;
  port?: number | undefined;
  terminal: Terminal;
  /** Synthesizes this project's app first; not for an assembly given by the user. */
  synth: boolean;
  /** Default: this project's cdk.out. */
  assembly?: string | undefined;
  skipUnsupported?: boolean | undefined;
  /** Values for parameters of the templates. */
  parameters?: readonly GivenParameter[] | undefined;
  /** Whether what earlier ones were given still stands; default true. */
  previousParameters?: boolean | undefined;
  /** Disturbances of the default bus, or `off`; default: as the home has them. */
  chaos?: string | undefined;
}

/** Another process has the home open. */
export class HomeTaken extends CommandFailure {}

/** @throws CommandFailure whose message says what to do, {@link HomeTaken} among them; a signal that comes meanwhile leaves a home that opens again */
export async function standUp(options: StandUpOptions): Promise<Home> {
  const { terminal } = options;
  // The synth runs in a process of its own, while this one loads and opens the home.
  const stop = interrupted();
  const synthesizing = options.synth ? timedSynth(terminal, stop) : Promise.resolve();
  const opening = import("../local/index.ts").then((local) => open(options, local));
  const [opened, synthesized] = await Promise.allSettled([opening, synthesizing]);
  if (opened.status === "rejected") throw opened.reason;
  const home = opened.value;
  const { AssemblyError, applyAssembly } = await import("../local/index.ts");
  try {
    // A terminal's Ctrl-C ends the synth too: that is no failure of it.
    stop.throwIfAborted();
    if (synthesized.status === "rejected") throw synthesized.reason;
    const began = Date.now();
    const result = await applyAssembly({
      directory: options.assembly ?? ASSEMBLY,
      home: home.ports,
      resourceTypes: home.resourceTypes,
      skipUnsupported: options.skipUnsupported ?? false,
      parameters: options.parameters,
      previousParameters: options.previousParameters,
      onChange({ action, stackName, logicalId }) {
        stop.throwIfAborted();
        terminal.live(`${stackName}/${logicalId} ${action}`);
      },
    });
    const { created, updated, deleted, unchanged, stacks } = result;
    terminal.line(
      terminal.dim(
        `${counted(stacks.length, "stack")}: ${created.length} created, ${updated.length} updated, ${deleted.length} deleted, ${unchanged} unchanged, in ${seconds(Date.now() - began)}`,
      ),
    );
    await disturbBus(home, options.chaos, terminal);
    stop.throwIfAborted();
    await home.start();
    return home;
  } catch (thrown) {
    await home.close();
    if (thrown instanceof AssemblyError) throw new CommandFailure(1, thrown.message);
    throw noSpace(options.home, thrown) ?? thrown;
  }
}

async function timedSynth(terminal: Terminal, stop: AbortSignal): Promise<void> {
  const began = Date.now();
  terminal.live("synthesizing …");
  await synthesize({}, stop);
  terminal.line(terminal.dim(`synthesized in ${seconds(Date.now() - began)}`));
}

async function open(
  { home, port, terminal, assembly }: StandUpOptions,
  local: typeof import("../local/index.ts"),
): Promise<Home> {
  const { AssemblyError, HomeFileError, HomeInUseError, openHome, placeOfAssembly, readAssembly, StoreFailedError } =
    local;
  try {
    return await openHome({
      ...(assembly === undefined ? {} : placeOfAssembly(readAssembly(assembly))),
      directory: home,
      prepare: true,
      ...(port === undefined ? {} : { port }),
      log(level, message, fields) {
        if (level === "warn" || level === "error")
          terminal.line(`${level}: ${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}`);
      },
    });
  } catch (thrown) {
    if (thrown instanceof HomeInUseError) throw new HomeTaken(1, thrown.message);
    if (thrown instanceof AssemblyError || thrown instanceof HomeFileError || thrown instanceof StoreFailedError)
      throw new CommandFailure(1, thrown.message);
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE") {
      throw new CommandFailure(
        1,
        `port ${port} is taken by another process; choose another --port, or leave it out for a free one`,
      );
    }
    throw noSpace(home, thrown) ?? thrown;
  }
}

/** What to do where the disk is full; undefined for any other failure. */
function noSpace(home: string, thrown: unknown): CommandFailure | undefined {
  if (!(thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC")) return undefined;
  return new CommandFailure(
    1,
    `no space left on the disk that holds ${home}; free some and start again: nothing acknowledged is lost`,
  );
}
