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
import { visit } from "./guest.ts";
import { untilSignal, wasInterrupted } from "./interruption.ts";
import type { Terminal } from "./terminal.ts";
import { until } from "./until.ts";

export interface Connection {
  clients: Clients;
  endpoint: string;
  region: string;
  accountId: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Of the process that the home runs in. */
  pid: number;
  /** Whether the home was stood up for this command, and ends with it. */
  own: boolean;
  /** Closes a home that was stood up for this command; leaves a running one alone. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  home: string;
  port?: number | undefined;
  terminal: Terminal;
  /** The command has no end of its own: a home that another command stood up does not stay for it. Default false. */
  endless?: boolean;
}

/** A home that closes takes no requests any more. */
const GONE_WITHIN_MS = 30_000;
const READY_WITHIN_MS = 120_000;
const Keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** @throws CommandFailure when no home can be stood up */
export async function connect(options: ConnectOptions): Promise<Connection> {
  for (;;) {
    const running = await joinReady(options);
    if (running !== undefined) return running;
    options.terminal.live("starting the home …");
    const { HomeTaken, standUp } = await import("./stand-up.ts");
    try {
      return connectionTo(await standUp({ ...options, synth: true }), options.terminal);
    } catch (thrown) {
      // Of commands that found no home at the same moment, one has stood it up.
      if (!(thrown instanceof HomeTaken)) throw thrown;
    }
  }
}

/** The home that another process runs, with this command as its guest; undefined when there is none, or it is about to end. */
async function joinReady(options: ConnectOptions): Promise<Connection | undefined> {
  const running = await findReady(options);
  if (running === undefined || options.endless) return running;
  const guest = await visit(running.endpoint);
  if (guest !== undefined) return { ...running, close: async () => guest.leave() };
  return (await untilEnded(options.home, running)) ? await joinReady(options) : running;
}

/** Whether the home ended in a while: another one may be in its place by then, on the same port. */
export async function untilEnded(home: string, { pid }: Pick<Connection, "pid">): Promise<boolean> {
  const isGone = () => {
    const now = findRunningHome(home);
    return typeof now !== "object" || now.pid !== pid || undefined;
  };
  return (await until(isGone, { withinMs: GONE_WITHIN_MS })) === true;
}

function connectionTo(home: Home, terminal: Terminal): Connection {
  const { endpoint, region, credentials } = home.clientConfig();
  return {
    clients: createClients({ endpoint, region, credentials }),
    endpoint,
    region,
    accountId: home.accountId,
    credentials,
    pid: process.pid,
    own: true,
    async close() {
      const { count } = home.guests;
      if (count > 0 && !wasInterrupted()) {
        terminal.line(`the home stays for ${count} other command${count === 1 ? "" : "s"}; Ctrl-C ends it now`);
        await Promise.race([home.guests.left(), untilSignal()]);
      }
      await home.close();
    },
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
  const { endpoint, region, accountId, pid } = running;
  return {
    clients: createClients({ endpoint, region, credentials }),
    endpoint,
    region,
    accountId,
    credentials,
    pid,
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
