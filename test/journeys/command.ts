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
export async function upOf(project: string, home: string, ...words: string[]): Promise<Up> {
  const child = start(project, home, ["up", ...words]);
  const err: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = once(child, "close");
  const ready = once(createInterface({ input: child.stdout }), "line");
  const first = await Promise.race([ready, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`tidemill up ended: ${Buffer.concat(err).toString("utf8")}`);
  const { endpoint, region }: { endpoint: string; region: string } = JSON.parse(String(first[0]));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { endpoint, region, process: child, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

function start(project: string, home: string, words: readonly string[]) {
  const bin = join(project, "cli", "bin", "tidemill.js");
  return spawn(process.execPath, [bin, "--home", home, "--json", ...words], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
