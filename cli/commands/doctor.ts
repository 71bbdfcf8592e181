/** `tidemill doctor`: what the machine has and lacks, each with the way to get it. */
import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { findPython, PythonMissingError } from "../../local/runtime/jobs/find-python.ts";
import { findRunning } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";

interface Check {
  name: string;
  ok: boolean;
  found: string;
  remedy?: string;
}

const MIN_FREE_BYTES = 2 * 1024 ** 3;

/** Prints each check with what to do about it. @throws CommandFailure 1 where one fails */
export async function doctor(context: Context): Promise<void> {
  const checks = [
    nodeCheck(),
    await pythonCheck(),
    folderCheck(context.home),
    spaceCheck(context.home),
    homeCheck(context.home),
  ];
  const failed = checks.filter((check) => !check.ok);
  const text = checks
    .map(
      (check) =>
        `${check.ok ? "ok  " : "MISS"}  ${check.name}: ${check.found}${check.remedy === undefined ? "" : `\n      ${check.remedy}`}`,
    )
    .join("\n");
  context.print({ ok: failed.length === 0, checks }, text);
  if (failed.length > 0) throw new CommandFailure(1, `${failed.length} of ${checks.length} checks failed`);
}

function nodeCheck(): Check {
  const ok = Number(process.versions.node.split(".")[0]) >= 24;
  return { name: "Node", ok, found: process.version, ...(ok ? {} : { remedy: "run npm ci: it brings Node 24 along" }) };
}

async function pythonCheck(): Promise<Check> {
  const name = "Python with venv";
  try {
    const { executable, version } = await findPython(process.env.TIDEMILL_PYTHON);
    return { name, ok: true, found: `${version} (${executable})` };
  } catch (thrown) {
    if (!(thrown instanceof PythonMissingError)) throw thrown;
    return { name, ok: false, found: "none ≥ 3.10", remedy: thrown.message };
  }
}

function folderCheck(home: string): Check {
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    return { name: "home folder", ok: true, found: home };
  } catch (thrown) {
    return {
      name: "home folder",
      ok: false,
      found: String(thrown),
      remedy: "choose a folder you may write to with --home DIR",
    };
  }
}

function spaceCheck(home: string): Check {
  const { bavail, bsize } = statfsSync(home);
  const free = bavail * bsize;
  const ok = free >= MIN_FREE_BYTES;
  return {
    name: "disk space",
    ok,
    found: `${(free / 1024 ** 3).toFixed(1)} GB free`,
    ...(ok
      ? {}
      : { remedy: "2 GB are needed for the models' Python environments; free some, or put --home on another disk" }),
  };
}

function homeCheck(home: string): Check {
  const running = findRunning(home);
  return { name: "home", ok: true, found: running === undefined ? "not running" : `running at ${running.endpoint}` };
}
