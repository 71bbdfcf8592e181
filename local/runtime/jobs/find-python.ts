/** Finds the machine's Python for jobs: the newest named interpreter is not sought, the first that will do is taken. */
import { execFile } from "node:child_process";

export interface Python {
  executable: string;
  /** For example "3.11". */
  version: string;
}

/** No fit Python on this machine. Final until the user installs one; the message says how. */
export class PythonMissingError extends Error {
  override readonly name = "PythonMissingError";
  readonly code = "PYTHON_MISSING";
}

const OLDEST_MINOR = 10;
const NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const PROBE = `
import sys
try:
    import ensurepip, venv
    fit = "venv"
except ImportError:
    fit = "no-venv"
print(sys.version_info[0], sys.version_info[1], fit, sys.executable)
`;

/**
 * @param preferred interpreter to use instead of searching (TIDEMILL_PYTHON)
 * @param path value of PATH to search
 * @throws PythonMissingError in one line
 */
export async function findPython(preferred?: string, path?: string): Promise<Python> {
  const found: string[] = [];
  for (const name of preferred ? [preferred] : NAMES) {
    const answer = await ask(name, path);
    if (answer === undefined) continue;
    const { major, minor, fit, executable } = answer;
    if (major === 3 && minor >= OLDEST_MINOR && fit) return { executable, version: `${major}.${minor}` };
    found.push(`${executable} is ${major}.${minor}${fit ? "" : " without venv"}`);
  }
  const what = found.length > 0 ? found.join(", ") : preferred ? `${preferred} does not run` : "none found in PATH";
  throw new PythonMissingError(
    `jobs need Python 3.${OLDEST_MINOR} or later with venv (${what}); get it by "apt install python3 python3-venv", "brew install python" or https://www.python.org/downloads/, or name one in TIDEMILL_PYTHON`,
  );
}

function ask(
  name: string,
  path: string | undefined,
): Promise<{ major: number; minor: number; fit: boolean; executable: string } | undefined> {
  const env = path === undefined ? process.env : { ...process.env, PATH: path };
  return new Promise((resolve) => {
    // -I: what the user's shell sets for another Python (PYTHONHOME) does not make this one unfit.
    execFile(name, ["-I", "-c", PROBE], { env, timeout: 20_000 }, (error, stdout) => {
      const [major, minor, fit, ...executable] = stdout.trim().split(" ");
      if (error !== null || executable.length === 0) resolve(undefined);
      else {
        resolve({
          major: Number(major),
          minor: Number(minor),
          fit: fit === "venv",
          executable: executable.join(" "),
        });
      }
    });
  });
}
