/**
 * A job's container without a container: one folder the process sees as /opt/ml.
 *
 * On Linux the folder is mounted over /opt/ml in a namespace of the process's own, so that scripts with absolute paths
 * work. Where the system refuses that (macOS, some hardened kernels), the command's arguments and environment are
 * rewritten instead: /opt/ml becomes the folder's path. A script that writes /opt/ml/… into its code then fails.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const CONTAINER_ROOT = "/opt/ml";
/** Where the toolkits lay a job's source archive. */
export const CODE_FOLDER = `${CONTAINER_ROOT}/code`;

export interface ContainerCommand {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Where it starts; in a container's terms a path under /opt/ml. */
  workingDirectory: string;
}

export type Isolation = "namespace" | "rewrite";

const CONTAIN = fileURLToPath(new URL("contain.sh", import.meta.url));
const PATHS = /\/opt\/ml(?=\/|$|["'\s,:])/g;

let probed: Promise<Isolation> | undefined;

/** What this machine allows, tried once. @param within a folder of the home's, where it is tried */
export function isolation(within: string): Promise<Isolation> {
  probed ??= probe(within);
  return probed;
}

/** What to run on this machine so that `container` has `root` as its /opt/ml; its `workingDirectory` is a path of this machine. */
export function contained(container: ContainerCommand, root: string, how: Isolation): ContainerCommand {
  const workingDirectory = hostPath(root, container.workingDirectory);
  if (how === "namespace") {
    const inside = ["/bin/sh", CONTAIN, root, container.workingDirectory, ...container.command];
    return {
      command: ["unshare", "--user", "--map-root-user", "--mount", ...inside],
      environment: container.environment,
      workingDirectory,
    };
  }
  return {
    command: container.command.map((argument) => rewritten(argument, root)),
    environment: Object.fromEntries(
      Object.entries(container.environment).map(([name, value]) => [name, rewritten(value, root)]),
    ),
    workingDirectory,
  };
}

/** A path inside the container, on this machine. @throws RangeError when it is not under /opt/ml */
export function hostPath(root: string, containerPath: string): string {
  const inside = containerPath === CONTAINER_ROOT || containerPath.startsWith(`${CONTAINER_ROOT}/`);
  if (!inside || containerPath.split("/").includes("..")) {
    throw new RangeError(`${containerPath} is not under ${CONTAINER_ROOT}, where a job's folders lie`);
  }
  return join(root, containerPath.slice(CONTAINER_ROOT.length));
}

function rewritten(text: string, root: string): string {
  return text.replaceAll(PATHS, () => root);
}

function probe(within: string): Promise<Isolation> {
  mkdirSync(within, { recursive: true });
  const folder = mkdtempSync(join(within, "probe-"));
  const root = join(folder, "root");
  mkdirSync(join(root, "seen"), { recursive: true });
  const asked = { command: ["test", "-d", "/opt/ml/seen"], environment: {}, workingDirectory: CONTAINER_ROOT };
  const { command } = contained(asked, root, "namespace");
  const [program = "", ...rest] = command;
  return new Promise((resolve) => {
    execFile(program, rest, { timeout: 5000 }, (error) => {
      rmSync(folder, { recursive: true, force: true });
      resolve(error === null ? "namespace" : "rewrite");
    });
  });
}
