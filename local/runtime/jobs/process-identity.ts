/**
 * Who a process is, beyond its pid: a pid is used again, and after a reboot means nothing.
 *
 * Linux: the start time in clock ticks (field 22 of /proc/<pid>/stat, see proc(5)) with the boot's id; elsewhere `ps -o lstart=`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface ProcessIdentity {
  pid: number;
  /** Compared for equality only. */
  start: string;
}

export interface SupervisorIdentity extends ProcessIdentity {
  /** Its command has a session of its own; otherwise, as an earlier version of the home started it, both are one group. */
  apart: boolean;
}

/** The identity of a live process; undefined when there is none of this pid, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = existsSync("/proc/self/stat") ? startFromProc(pid) : startFromPs(pid);
  return start === undefined ? undefined : { pid, start };
}

export function isAlive({ pid, start }: ProcessIdentity): boolean {
  return identify(pid)?.start === start;
}

/** Whether it ran since the machine was started last; false where the system does not tell. */
export function isOfThisBoot({ start }: ProcessIdentity): boolean {
  const boot = start.split("@")[1];
  return boot !== undefined && identify(process.pid)?.start.split("@")[1] === boot;
}

/** Reads "<pid> <start> apart", as supervise.sh writes it; undefined when there is no such file. */
export function readIdentity(path: string): SupervisorIdentity | undefined {
  if (!existsSync(path)) return undefined;
  const [pid = "", start = "", place] = readFileSync(path, "utf8").trim().split(" ", 3);
  return { pid: Number(pid), start, apart: place === "apart" };
}

function startFromProc(pid: number): string | undefined {
  try {
    // The command's name, in parentheses, may itself hold spaces and parentheses: fields count from the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return undefined;
    return `${fields[19]}@${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
  } catch {
    return undefined; // no such process
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const shown = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return shown.trim() === "" ? undefined : shown.replace(/\s+/g, "_");
  } catch {
    return undefined; // ps answers 1 when there is no such process
  }
}
