/**
 * What a job left running in a session of its own, out of its group's reach: a container ends that too.
 * On Linux such a process is known by its mounts, since it alone has the job's folder as /opt/ml. Where jobs have no
 * namespace (container.ts) it is not found, and runs on.
 */
import { readdir, readFile } from "node:fs/promises";
import { CONTAINER_ROOT } from "./container.ts";
import { sendSignal } from "./send-signal.ts";

// A process may start another while its list is gone through.
const MOST_ROUNDS = 20;

/** Kills every process that sees `root` as /opt/ml. */
export async function endStrays(root: string): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const strays = await straysOf(root);
    if (strays.length === 0) return;
    for (const pid of strays) sendSignal(pid, "SIGKILL");
  }
}

async function straysOf(root: string): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await mounts(pid, root)) ? [pid] : [])));
  return found.flat();
}

/** Fields 4 and 5 of a line: the mounted folder, seen from the root of its own file system, and where it is mounted; see proc(5). */
async function mounts(pid: number, root: string): Promise<boolean> {
  const table = await readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "");
  return table.split("\n").some((line) => {
    const [, , , folder = "", place] = line.split(" ");
    return place === CONTAINER_ROOT && folder.length > 1 && root.endsWith(unescaped(folder));
  });
}

/** The kernel writes spaces, tabs, newlines and backslashes as octal numbers. */
function unescaped(path: string): string {
  return path.replaceAll(/\\(\d{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
