/**
 * Python environments of jobs: one a set of requirements, built once, shared by every run that asks for the same.
 *
 *   E1. An environment is used only after its `complete` mark; what lies there without one is removed and built anew.
 *   E2. The build is a supervised process: a home that dies during it leaves it running, the next one waits for it.
 *   E3. Homes that share the cache build an environment once: the build's control folder is the claim.
 *   E4. One whose interpreter is gone (Python was upgraded or removed) is built anew with the machine's.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPython, type Python } from "./find-python.ts";
import { attachSupervised, startSupervised } from "./supervised-process.ts";

export interface Environment {
  /** The interpreter. */
  python: string;
  /** Its folder of programs, first in a job's PATH. */
  bin: string;
}

/** pip could not install the requirements; the message ends in what it said. */
export class EnvironmentBuildError extends Error {
  override readonly name = "EnvironmentBuildError";
  readonly code = "ENVIRONMENT_BUILD";
}

export interface EnvironmentCache {
  /** The environment of these requirements (a requirements file's text), built if need be. @throws EnvironmentBuildError, PythonMissingError */
  provide(requirements: string): Promise<Environment>;
  /** Looks for the machine's Python ahead of the first job; that says it where there is none. */
  prepare(): Promise<void>;
}

const FORMAT = "1";
// $1 interpreter, $2 environment, $3 requirements file.
const BUILD = `"$1" -m venv "$2/venv" && exec "$2/venv/bin/python" -m pip install --disable-pip-version-check --no-input --quiet -r "$3"`;
// With nothing to install, pip's own installation, most of the time it takes, is left out.
const BUILD_EMPTY = `exec "$1" -m venv --without-pip "$2/venv"`;
const LOG_TAIL_LINES = 8;

/** @param directory the cache's folder; `python` names the interpreter, default: found in PATH */
export function createEnvironmentCache(directory: string, options: { python?: string } = {}): EnvironmentCache {
  const building = new Map<string, Promise<Environment>>();
  let python: Promise<Python> | undefined;
  const find = () => {
    python ??= findPython(options.python).catch((thrown: unknown) => {
      python = undefined; // the user may install one while the home runs
      throw thrown;
    });
    return python;
  };
  return {
    prepare: () =>
      find().then(
        () => undefined,
        () => undefined,
      ),
    async provide(requirements) {
      const found = await find();
      const folder = join(directory, environmentHash(requirements, found));
      const running = building.get(folder) ?? build(folder, requirements, found);
      building.set(folder, running);
      try {
        return await running;
      } finally {
        building.delete(folder);
      }
    },
  };
}

/** Names an environment: the requirements without comments and blank lines, the interpreter's version, the platform. */
export function environmentHash(requirements: string, python: Pick<Python, "version">): string {
  const parts = [FORMAT, python.version, process.platform, process.arch, ...requirementLines(requirements)];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

function requirementLines(requirements: string): string[] {
  const lines = requirements.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter((line) => line !== "");
}

async function build(folder: string, requirements: string, python: Python): Promise<Environment> {
  const environment = { python: join(folder, "venv/bin/python"), bin: join(folder, "venv/bin") };
  const mark = join(folder, "complete");
  if (existsSync(mark) && hasInterpreter(environment)) return environment;
  if (existsSync(mark)) putAway(folder);
  const control = join(folder, "build");
  const earlier = await attachSupervised(control)?.exited;
  if (existsSync(mark)) return environment;
  if (earlier?.kind !== "exited" || earlier.code !== 0) {
    // Without an earlier build nothing is removed: another home may be starting one this moment (E3).
    if (earlier !== undefined) rmSync(folder, { recursive: true, force: true });
    await install(folder, control, requirements, python);
  }
  writeFileSync(mark, "", { flush: true });
  return environment;
}

/** @throws EnvironmentBuildError where another user's environment leads to a Python that this one may not run */
function hasInterpreter({ python }: Environment): boolean {
  try {
    realpathSync(python);
    return true;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return false;
    throw new EnvironmentBuildError(
      `the interpreter of ${python} cannot be reached (${codeOf(cause)}): it is another user's; name a folder of your own in TIDEMILL_ENVIRONMENTS`,
      { cause },
    );
  }
}

/** By its name at once, so that homes that share the cache do not remove each other's new one. */
function putAway(folder: string): void {
  const aside = `${folder}.broken-${process.pid}`;
  renameSync(folder, aside);
  rmSync(aside, { recursive: true, force: true });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new EnvironmentBuildError(
      `the job's environment cannot be made in ${folder} (${codeOf(cause)}); make that writable, or name another folder in TIDEMILL_ENVIRONMENTS`,
      { cause },
    );
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
}

async function install(folder: string, control: string, requirements: string, python: Python): Promise<void> {
  makeFolder(folder);
  const file = join(folder, "requirements.txt");
  const logFile = join(folder, "build.log");
  writeFileSync(file, requirements);
  const script = requirementLines(requirements).length === 0 ? BUILD_EMPTY : BUILD;
  const process_ = await startSupervised({
    control,
    logFile,
    command: ["/bin/sh", "-c", script, "build", python.executable, folder, file],
    environment: buildEnvironment(),
    workingDirectory: folder,
  });
  const exit = await process_.exited;
  if (exit.kind === "exited" && exit.code === 0) return;
  if (exit.kind === "lost") {
    // A claim whose holder died before it wrote its pid would otherwise block every later build.
    rmSync(folder, { recursive: true, force: true });
    throw new EnvironmentBuildError(`the build of the job's environment (${folder}) was killed; start the job again`);
  }
  const said = existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n").slice(-LOG_TAIL_LINES) : [];
  throw new EnvironmentBuildError(
    `could not install the job's requirements (${folder}): ${said.join(" | ") || "pip ended without a word"}`,
  );
}

/** What the user's shell has for Pythons of its own: other modules, or another place to install to. */
const OF_OTHER_PYTHONS = /^(PYTHON.*|__PYVENV_LAUNCHER__|PIP_(USER|TARGET|PREFIX|ROOT|PYTHON))$/;

/** pip needs the user's own proxies, indexes and certificates. */
function buildEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(entries.filter(([name]) => !OF_OTHER_PYTHONS.test(name))), PIP_USER: "0" };
}
