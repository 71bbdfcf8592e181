/** The tidemill command as a user runs it, for journeys. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const ROOT = resolve(import.meta.dirname, "..", "..");

export interface Ended {
  code: number | null;
  /** The one JSON value on stdout; undefined when there was none. */
  json: unknown;
  stderr: string;
}

/** Runs a command with `--json` in the home `home` to its end. */
export const tidemill = (home: string, ...words: string[]): Promise<Ended> => tidemillOf(ROOT, home, ...words);

/** The same by the command of another project. */
export async function tidemillOf(project: string, home: string, ...words: string[]): Promise<Ended> {
  const child = start(project, home, words);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const [code]: (number | null)[] = await once(child, "close");
  const text = Buffer.concat(out).toString("utf8").trim();
  return {
    code: code ?? null,
    json: text === "" ? undefined : JSON.parse(text),
    stderr: Buffer.concat(err).toString("utf8"),
  };
}

export interface Up {
  endpoint: string;
  region: string;
  process: ChildProcess;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** `tidemill up`, ready. @throws Error with what it said, when it ends instead */
export const up = (home: string, ...words: string[]): Promise<Up> => upOf(ROOT, home, ...words);

/** The same by the command of another project. */
export const upOf = (project: string, home: string, ...words: string[]): Promise<Up> =>
  launchOf(project, home, words).ready;

/** `tidemill up` from its first moment: `kill` also while it is not ready yet, which `ready` then rejects. */
export const launch = (home: string): Launched => launchOf(ROOT, home, []);

export interface Launched {
  ready: Promise<Up>;
  kill(): Promise<void>;
}

function launchOf(project: string, home: string, words: readonly string[]): Launched {
  const child = start(project, home, ["up", ...words]);
  const ended = once(child, "close");
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  const kill = () => end("SIGKILL");
  return { ready: readyOf(child, ended, { stop: () => end("SIGTERM"), kill }), kill };
}

async function readyOf(
  child: ReturnType<typeof start>,
  ended: Promise<unknown>,
  ends: Pick<Up, "stop" | "kill">,
): Promise<Up> {
  const err: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ready = once(createInterface({ input: child.stdout }), "line");
  const first = await Promise.race([ready, ended.then(() => undefined)]);
  const line: Partial<Up> = first === undefined ? {} : JSON.parse(String(first[0]));
  const { endpoint, region } = line;
  // What cannot stand up says why on stderr, and with --json on stdout too.
  if (endpoint === undefined || region === undefined) {
    await ended;
    throw new Error(`tidemill up ended: ${Buffer.concat(err).toString("utf8")}`);
  }
  return { endpoint, region, process: child, ...ends };
}

function start(project: string, home: string, words: readonly string[]) {
  const bin = join(project, "cli", "bin", "tidemill.js");
  return spawn(process.execPath, [bin, "--home", home, "--json", ...words], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
