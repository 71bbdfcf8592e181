/** `tidemill doctor`: what the machine has and lacks, each with the way to get it. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { findRunning } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";

interface Check {
  name: string;
  ok: boolean;
  found: string;
  remedy?: string;
}

const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const MIN_FREE_BYTES = 2 * 1024 ** 3;

/** Prints each check with what to do about it. @throws CommandFailure 1 where one fails */
export function doctor(context: Context): void {
  const checks = [
    nodeCheck(),
    pythonCheck(),
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

function pythonCheck(): Check {
  for (const python of PYTHONS) {
    try {
      const found = execFileSync(
        python,
        ["-c", "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])"],
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      ).trim();
      const [major = 0, minor = 0] = found.split(".").map(Number);
      if (major === 3 && minor >= 10) return { name: "Python with venv", ok: true, found: `${python} ${found}` };
    } catch {
      // Not this one; the next name is tried.
    }
  }
  return {
    name: "Python with venv",
    ok: false,
    found: "none ≥ 3.10",
    remedy: "install Python ≥ 3.10 with venv, e.g. apt-get install python3 python3-venv, or brew install python",
  };
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
