/**
 * One process a home. The lock is a SQLite write lock held open: the kernel frees it with the process, however that ends,
 * so a stale lock cannot be left behind.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { HomeFileError } from "./home-file-error.ts";
import { makeHomeFolder } from "./home-folder.ts";

/** What other processes read to find a running home. */
export interface RunningHome {
  endpoint: string;
  region: string;
  accountId: string;
  pid: number;
}

const Running = z.object({ endpoint: z.string(), region: z.string(), accountId: z.string(), pid: z.number() });

/** Another process has this home open. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
  readonly code = "HomeInUse";
}

export interface HomeLock {
  /** Tells other processes where the home answers. */
  publish(running: RunningHome): void;
  /** False once the folder was moved or removed: another process may lock what is in its place. */
  isInPlace(): boolean;
  release(): void;
}

/** SQLite's codes: another connection holds the lock; the file is not what SQLite wrote. */
const BUSY = 5;
const DAMAGE: readonly number[] = [11, 26];
const FULL = 13;

/** A command that looks whether the home runs holds its lock for the instant of the look. */
const LOOK_MS = 250;

/** @throws HomeInUseError, HomeFileError */
export function lockHome(directory: string): HomeLock {
  makeHomeFolder(directory);
  const database = openLocked(directory);
  const file = runningFile(directory);
  const place = join(directory, "lock.db");
  const { ino } = statSync(place);
  const isInPlace = () => statSync(place, { throwIfNoEntry: false })?.ino === ino;
  // Of a home that was killed: it answers there no more.
  rmSync(file, { force: true });
  return {
    publish(running) {
      writeFileSync(`${file}.new`, JSON.stringify(running));
      renameSync(`${file}.new`, file);
    },
    isInPlace,
    release() {
      if (isInPlace()) rmSync(file, { force: true });
      database.close();
    },
  };
}

function openLocked(directory: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, "lock.db"));
    database.exec(`PRAGMA busy_timeout = ${LOOK_MS}; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE`);
    return database;
  } catch (cause) {
    database?.close();
    throw refusal(directory, cause);
  }
}

/** The running home of `directory`; "starting" while it is not ready yet; undefined when none holds its lock. */
export function findRunningHome(directory: string): RunningHome | "starting" | undefined {
  if (!existsSync(join(directory, "lock.db"))) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(directory, "lock.db"));
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE; ROLLBACK");
    return undefined;
  } catch (thrown) {
    // Whoever opens the home is told of a file that cannot be opened or locked.
    return codeOf(thrown) === BUSY ? (readRunning(directory) ?? "starting") : undefined;
  } finally {
    database?.close();
  }
}

function refusal(directory: string, cause: unknown): Error {
  const code = codeOf(cause);
  if (code === BUSY) {
    const running = readRunning(directory);
    return new HomeInUseError(
      `${directory} is open in another process${running === undefined ? "" : ` (pid ${running.pid}, ${running.endpoint})`}; stop it, use its endpoint, or choose another --home`,
      { cause },
    );
  }
  const file = join(directory, "lock.db");
  const why = cause instanceof Error ? cause.message : String(cause);
  if (code === FULL)
    return new HomeFileError(`${file} cannot be locked: ${why}; free some space and start again`, { cause });
  return DAMAGE.includes(code)
    ? new HomeFileError(`${file} is damaged: ${why}; it holds nothing: remove it and start again`, { cause })
    : new HomeFileError(`${file} cannot be locked: ${why}; make ${directory} writable, or choose another --home`, {
        cause,
      });
}

/** SQLite's code; what it adds in the upper bits only says more of the same. */
function codeOf(thrown: unknown): number {
  return thrown instanceof Error && "errcode" in thrown ? Number(thrown.errcode) & 0xff : 0;
}

function runningFile(directory: string): string {
  return join(directory, "home.json");
}

function readRunning(directory: string): RunningHome | undefined {
  try {
    return Running.parse(JSON.parse(readFileSync(runningFile(directory), "utf8")));
  } catch {
    return undefined; // not there yet, not there any more, or damaged
  }
}
