/**
 * A process that outlives the home: started once under a control folder, found again there by the next home.
 *
 *   P1. Of two starts under the same control folder only one runs the command (supervise.sh claims it).
 *   P2. The command is leader of its own session, apart from its supervisor; a signal reaches all of the command's group.
 *   P3. Its end is known from `exit` in the control folder, whoever started it; without that file, and no supervisor
 *       alive, it is lost: the machine went down, or something killed the supervisor itself. What is left of the command's
 *       group ends then, so that it is not started beside itself.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { identify, isAlive, isOfThisBoot, readIdentity, type SupervisorIdentity } from "./process-identity.ts";
import { sendSignal } from "./send-signal.ts";
import { watchPath } from "./watch-path.ts";

export interface ProcessSpec {
  /** Control folder; made when missing. */
  control: string;
  /** Standard output and error are appended here. */
  logFile: string;
  command: readonly string[];
  /** All of it: nothing is inherited from the home. */
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
}

export type ProcessExit =
  /** `code` is 128 + signal number when a signal ended it. */
  { kind: "exited"; code: number; endedAtMs: number } | { kind: "lost" };

export interface SupervisedProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** Signals the whole group; nothing happens when it has ended. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

const SUPERVISE = fileURLToPath(new URL("supervise.sh", import.meta.url));
// Only for processes of an earlier home, whose end no signal of the system tells us and a file watch may miss.
const LIVENESS_INTERVAL_MS = 500;
// Exit code of a supervisor that came second.
const CLAIMED = 125;
const CLAIM_PATIENCE_MS = 2000;
const CLAIM_STEP_MS = 20;

/**
 * Starts the command, or attaches to what an earlier start under this control folder runs.
 * @throws when the shell cannot be started
 */
export async function startSupervised(spec: ProcessSpec): Promise<SupervisedProcess> {
  mkdirSync(spec.control, { recursive: true });
  const log = openSync(spec.logFile, "a");
  const child = spawn("/bin/sh", [SUPERVISE, spec.control, ...spec.command], {
    cwd: spec.workingDirectory,
    env: { ...spec.environment },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`/bin/sh did not start for ${spec.control}`);
  const exited = ended.then(async (code) => {
    const runner = code === CLAIMED ? await claimant(spec.control) : undefined;
    if (runner !== undefined) return await endOf(spec.control, runner);
    return exitOf(spec.control) ?? lost(spec.control, supervisor());
  });
  // Before it is written down, all there is of it is the shell.
  const supervisor = () => readIdentity(join(spec.control, "pid")) ?? { pid, start: "", apart: true };
  return { pid, exited, kill: (signal) => signalCommand(supervisor(), signal) };
}

/** The process started earlier under this control folder, running or ended; undefined when none was. */
export function attachSupervised(control: string): SupervisedProcess | undefined {
  const identity = readIdentity(join(control, "pid"));
  if (identity === undefined) return undefined;
  return {
    pid: identity.pid,
    exited: endOf(control, identity),
    kill: (signal) => {
      if (isAlive(identity)) signalCommand(identity, signal);
    },
  };
}

/** The supervisor passes SIGTERM on; to be killed it has to be asked, by another signal than the one that ends it too. */
function signalCommand({ pid, apart }: SupervisorIdentity, signal: "SIGTERM" | "SIGKILL"): void {
  if (!apart) sendSignal(-pid, signal);
  else sendSignal(pid, signal === "SIGKILL" ? "SIGUSR1" : signal);
}

/** Who claimed the control folder; it may not have written its pid yet. */
async function claimant(control: string): Promise<SupervisorIdentity | undefined> {
  for (let left = CLAIM_PATIENCE_MS; left > 0; left -= CLAIM_STEP_MS) {
    const identity = readIdentity(join(control, "pid"));
    if (identity !== undefined) return identity;
    await new Promise((resolve) => setTimeout(resolve, CLAIM_STEP_MS));
  }
  return undefined;
}

async function endOf(control: string, identity: SupervisorIdentity): Promise<ProcessExit> {
  const ended = () => exitOf(control) ?? (isAlive(identity) ? undefined : exitOf(control, identity));
  return await new Promise<ProcessExit>((resolve) => {
    const check = () => {
      const exit = ended();
      if (exit === undefined) return;
      unwatch();
      clearInterval(timer);
      resolve(exit);
    };
    const unwatch = watchPath(control, check);
    const timer = setInterval(check, LIVENESS_INTERVAL_MS).unref();
    check();
  });
}

function exitOf(control: string): ProcessExit | undefined;
/** @param gone who ran it, and does not any more: without an exit code, it is lost */
function exitOf(control: string, gone: SupervisorIdentity): ProcessExit;
function exitOf(control: string, gone?: SupervisorIdentity): ProcessExit | undefined {
  const path = join(control, "exit");
  try {
    return { kind: "exited", code: Number(readFileSync(path, "utf8").trim()), endedAtMs: statSync(path).mtimeMs };
  } catch {
    if (gone === undefined) return undefined;
    return isOfThisBoot(gone) ? lost(control, gone) : { kind: "lost" };
  }
}

/** Ends the command that a killed supervisor left, and its group. A later process of the same pid is another, with a group of its own. */
function lost(control: string, supervisor: SupervisorIdentity): ProcessExit {
  const leader = supervisor.apart ? readIdentity(join(control, "command")) : supervisor;
  const now = leader && identify(leader.pid);
  if (leader !== undefined && (now === undefined || now.start === leader.start)) {
    sendSignal(-leader.pid, "SIGKILL");
    // It may not be leader of a group yet.
    if (now !== undefined) sendSignal(leader.pid, "SIGKILL");
  }
  return { kind: "lost" };
}
