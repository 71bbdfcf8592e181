/**
 * Python interpreters that wait with their imports done (interpreter.py), one an environment, and start jobs by a fork.
 * SageMaker's warm pools are the like: https://docs.aws.amazon.com/sagemaker/latest/dg/train-warm-pools.html
 *
 *   W1. A job is started this way only where nothing can tell it from a plain start: a script run by the environment's own
 *       Python, whose variables beyond the container contract's are none (an import may have read them).
 *   W2. Whatever goes wrong before the job runs, it is started plainly: the control folder's claim keeps it to one start.
 *   W3. An interpreter ends when no job was started for a while, and with the home; its jobs do neither.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../clock.ts";
import { CONTAINER_ROOT, contained, isolation } from "./container.ts";
import { containerEnvironment } from "./container-environment.ts";
import type { Environment } from "./environment.ts";
import { type ForkedJob, type Interpreter, startInterpreter } from "./interpreter.ts";
import { attachSupervised, type SupervisedProcess, startSupervised } from "./supervised-process.ts";

/** A job; its container's variables are all that its process gets. */
export interface JobSpec extends ForkedJob {
  environment: Environment;
}

export interface InterpreterPool {
  /** Starts the job, by a waiting interpreter where it can. @throws when no process can be started at all */
  start(job: JobSpec): Promise<SupervisedProcess>;
  /** Starts an interpreter of the environment under `directory` that a job used last, if that was lately; resolves once it waits. */
  warm(directory: string): Promise<unknown>;
  close(): void;
}

const PROGRAM = fileURLToPath(new URL("interpreter.py", import.meta.url));
const IMPORTS = "imports.json";
const IDLE_MS = 60_000;
const LATELY_MS = 7 * 24 * 3_600_000;
const CONTRACT = /^(SM_|AWS_|TRAINING_JOB_)|^(PATH|HOME|TMPDIR|LANG|PYTHONUNBUFFERED|PYTHONIOENCODING)$/;

/** @param scratch a folder of the pool's own, emptied here */
export function createInterpreterPool(scratch: string, clock: Clock): InterpreterPool {
  const running = new Map<string, Interpreter>();
  const refused = new Set<string>();
  let closed = false;
  rmSync(scratch, { recursive: true, force: true });

  const provide = async (environment: Environment): Promise<Interpreter | undefined> => {
    const folder = dirname(dirname(environment.bin));
    if (closed || refused.has(folder) || process.platform !== "linux") return undefined;
    const known = running.get(folder);
    if (known !== undefined) return known;
    const root = join(scratch, folder.slice(folder.lastIndexOf("/") + 1));
    mkdirSync(root, { recursive: true });
    const how = await isolation(scratch);
    const waiting = {
      command: [join(environment.bin, "python3"), PROGRAM, join(folder, IMPORTS)],
      environment: containerEnvironment(environment, join(root, "scratch")),
      workingDirectory: CONTAINER_ROOT,
    };
    const raced = running.get(folder);
    if (closed || raced !== undefined) return raced;
    const interpreter = startInterpreter(contained(waiting, root, how), { clock, idleMs: IDLE_MS, isolation: how });
    running.set(folder, interpreter);
    void interpreter.ended.then((unsafe) => {
      if (unsafe) refused.add(folder);
      if (running.get(folder) === interpreter) running.delete(folder);
    });
    return interpreter;
  };

  return {
    async start(job) {
      const interpreter = mayFork(job) ? await provide(job.environment) : undefined;
      mkdirSync(job.control, { recursive: true });
      if (await interpreter?.run(job)) {
        const started = attachSupervised(job.control);
        if (started !== undefined) return started;
      }
      const plain = contained(job.container, job.root, await isolation(scratch));
      return await startSupervised({ control: job.control, logFile: job.logFile, ...plain });
    },
    async warm(directory) {
      const latest = latelyUsed(directory, clock.now());
      if (latest === undefined || closed) return;
      const bin = join(latest, "venv", "bin");
      const interpreter = await provide({ python: join(bin, "python"), bin });
      await interpreter?.ready;
    },
    close() {
      closed = true;
      for (const interpreter of running.values()) interpreter.close();
    },
  };
}

/** W1. */
function mayFork({ container: { command, environment } }: JobSpec): boolean {
  const [program = "", script = ""] = command;
  const named = program === "python3" || program === "python";
  const asAll = Object.keys(environment).every((name) => CONTRACT.test(name));
  return named && /^[^-].*\.py$/.test(script) && asAll;
}

function latelyUsed(directory: string, nowMs: number): string | undefined {
  if (!existsSync(directory)) return undefined;
  const used = readdirSync(directory)
    .map((name) => ({ folder: join(directory, name), file: join(directory, name, IMPORTS) }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, usedMs: statSync(file).mtimeMs }))
    .sort((one, other) => other.usedMs - one.usedMs);
  const [latest] = used;
  return latest !== undefined && nowMs - latest.usedMs < LATELY_MS ? latest.folder : undefined;
}
