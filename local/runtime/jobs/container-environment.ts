/** The environment every job's process starts from: nothing of the home's own but where programs lie. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./environment.ts";

export interface ContainerIdentity {
  region: string;
  /** Where AWS calls of the script go. */
  endpointUrl: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/**
 * How long a thread of GCC's OpenMP (XGBoost's, PyTorch's) spins for the others of its team before it sleeps, in a job beside
 * others. By default that is for ever, as good as: a container has its processors to itself, and on idle ones to sleep at once
 * costs half as much again. Here jobs share them, and a team whose thread waits for its turn at every barrier takes twenty times
 * as long.
 */
export const OPENMP_SPIN_BESIDE_OTHERS = { GOMP_SPINCOUNT: "1000" };

/**
 * @param scratch a folder of the job's own, for temporary files and as home directory
 * @param identity undefined for a process that makes no AWS calls
 */
export function containerEnvironment(
  { bin }: Environment,
  scratch: string,
  identity?: ContainerIdentity,
): Record<string, string> {
  mkdirSync(scratch, { recursive: true });
  return {
    PATH: [bin, process.env.PATH, "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"].filter(Boolean).join(":"),
    HOME: scratch,
    TMPDIR: scratch,
    LANG: "C.UTF-8",
    PYTHONUNBUFFERED: "1",
    PYTHONIOENCODING: "UTF-8",
    ...(identity && identityVariables(identity)),
  };
}

function identityVariables({ region, endpointUrl, credentials }: ContainerIdentity): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    }),
  };
}

/** `root` and what lies beside it in a job's folder. */
export function jobFolders(directory: string) {
  return {
    root: join(directory, "root"),
    control: join(directory, "control"),
    scratch: join(directory, "scratch"),
    logFile: join(directory, "log"),
  };
}
