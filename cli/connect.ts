/**
 * The home a command talks to: the running one, or one stood up for the command's own duration.
 * From here on everything goes through AWS SDK clients, so the same commands would work against AWS.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Home } from "../local/index.ts";
import { findRunningHome } from "../local/running.ts";
import { type Clients, createClients } from "./clients.ts";
import { CommandFailure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";
import { until } from "./until.ts";

export interface Connection {
  clients: Clients;
  endpoint: string;
  region: string;
  accountId: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Whether the home was stood up for this command, and ends with it. */
  own: boolean;
  /** Closes a home that was stood up for this command; leaves a running one alone. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  home: string;
  port?: number | undefined;
  terminal: Terminal;
}

const READY_WITHIN_MS = 120_000;
const Keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** @throws CommandFailure when no home can be stood up */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const running = await findReady(options);
  if (running !== undefined) return running;
  options.terminal.live("starting the home …");
  const { HomeTaken, standUp } = await import("./stand-up.ts");
  try {
    return connectionTo(await standUp({ ...options, synth: true }));
  } catch (thrown) {
    // Of two commands that found no home at the same moment, one has stood it up.
    const other = thrown instanceof HomeTaken ? await findReady(options) : undefined;
    if (other === undefined) throw thrown;
    return other;
  }
}

function connectionTo(home: Home): Connection {
  const { endpoint, region, credentials } = home.clientConfig();
  return {
    clients: createClients({ endpoint, region, credentials }),
    endpoint,
    region,
    accountId: home.accountId,
    credentials,
    own: true,
    close: () => home.close(),
  };
}

/** The connection to a home that another process runs, once it is ready; undefined when none does. */
export async function findReady({ home, terminal }: ConnectOptions): Promise<Connection | undefined> {
  const settled = await until(
    () => {
      if (findRunningHome(home) !== "starting") return true;
      terminal.live("another process is starting the home …");
      return undefined;
    },
    { withinMs: READY_WITHIN_MS },
  );
  if (settled === undefined) {
    throw new CommandFailure(
      1,
      `another process has ${home} open, and it was not ready within ${READY_WITHIN_MS / 1000} s; see what it says, or end it`,
    );
  }
  const running = findRunningHome(home);
  if (running !== undefined && running !== "starting" && isStopped(running.pid))
    terminal.line(`the home (pid ${running.pid}) is stopped, and answers once it goes on: kill -CONT ${running.pid}`);
  return findRunning(home);
}

/** Whether a process was stopped, by Ctrl-Z or SIGSTOP: a request to it waits without a word. Where the system does not tell, false. */
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return /^[Tt]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** The connection to a home that is running and ready, or undefined. */
export function findRunning(directory: string): Connection | undefined {
  const running = findRunningHome(directory);
  if (running === undefined || running === "starting") return undefined;
  const credentials = readKeys(directory);
  const { endpoint, region, accountId } = running;
  return {
    clients: createClients({ endpoint, region, credentials }),
    endpoint,
    region,
    accountId,
    credentials,
    own: false,
    close: async () => undefined,
  };
}

function readKeys(directory: string): { accessKeyId: string; secretAccessKey: string } {
  try {
    return Keys.parse(JSON.parse(readFileSync(join(directory, "credentials.json"), "utf8")));
  } catch (cause) {
    const refused = cause instanceof Error && "code" in cause && (cause.code === "EACCES" || cause.code === "EPERM");
    const next = refused ? "call it as the user who started it" : "stop the home and start it again";
    throw new CommandFailure(
      1,
      `${directory}/credentials.json cannot be read (${cause instanceof Error ? cause.message : String(cause)}); ${next}`,
    );
  }
}
