/** A home as a user starts it, by the command's own launcher, for benches that measure it from outside. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const ROOT = resolve(import.meta.dirname, "..");
/** Python environments shared by benches, so that none of them measures pip. */
export const ENVIRONMENTS =
  process.env.TIDEMILL_ENVIRONMENTS ?? join(ROOT, "node_modules", ".cache", "tidemill", "environments");
const LAUNCHER = join(ROOT, "cli", "bin", "tidemill.js");

export interface HomeProcess {
  /** From the start of the process to its ready line. */
  readyMs: number;
  endpoint: string;
  /** Resident memory in MB of the process and of every process it started that still runs under it. */
  residentMb(): number;
  /** Processor time of the process with all its threads so far, to 10 ms; 0 where there is no /proc. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Starts `tidemill up` on `home` and waits until it is ready. @throws Error with what it said when it ends first */
export async function startHome(home: string): Promise<HomeProcess> {
  const began = performance.now();
  const child = spawn(LAUNCHER, ["--home", home, "--json", "up"], {
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const line = await firstLine(child);
  const readyMs = Math.round(performance.now() - began);
  const { endpoint }: { endpoint: string } = JSON.parse(line);
  return {
    readyMs,
    endpoint,
    residentMb: () => residentMb(child.pid ?? 0),
    cpuMs: () => cpuMs(child.pid ?? 0),
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGINT");
      await exited;
    },
  };
}

/** utime and stime of proc(5), in hundredths of a second. */
function cpuMs(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  // The name, in brackets, may hold blanks.
  const fields = readFileSync(file, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

function residentMb(pid: number): number {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  const processes = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([id = 0, parent = 0, kilobytes = 0]) => ({ id, parent, kilobytes }));
  const family = new Set([pid]);
  for (const id of family) for (const child of processes) if (child.parent === id) family.add(child.id);
  const kept = processes.filter(({ id }) => family.has(id));
  return Math.round(kept.reduce((sum, { kilobytes }) => sum + kilobytes, 0) / 1024);
}

/** Runs a command of tidemill on `home` to its end, and gives its JSON. */
export function tidemill<T>(home: string, ...rest: string[]): T {
  const said = execFileSync(process.execPath, [LAUNCHER, "--home", home, "--json", ...rest], {
    encoding: "utf8",
    env: environment(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const value: T = JSON.parse(said);
  return value;
}

/** The credentials of the home's own user. */
export function keysOf(home: string): { accessKeyId: string; secretAccessKey: string } {
  const keys: { accessKeyId: string; secretAccessKey: string } = JSON.parse(
    readFileSync(join(home, "credentials.json"), "utf8"),
  );
  return keys;
}

function environment(): NodeJS.ProcessEnv {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return { ...process.env, PATH, TIDEMILL_ENVIRONMENTS: ENVIRONMENTS };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the home was started without pipes");
  let said = "";
  stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error(`the home ended before it was ready: ${said.trim()}`);
}
