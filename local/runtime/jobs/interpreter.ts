/** The home's end of one waiting interpreter (interpreter.py): its start, what is asked of it, its end. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { CONTAINER_ROOT, type ContainerCommand, contained, type Isolation } from "./container.ts";

export interface ForkedJob {
  control: string;
  logFile: string;
  /** The job's /opt/ml. */
  root: string;
  /** `python3 SCRIPT ARGUMENT...`, in the container's terms. */
  container: ContainerCommand;
}

export interface Interpreter {
  /** Whether the job's control folder is claimed now, by this start or an earlier one. */
  run(job: ForkedJob): Promise<boolean>;
  /** Its imports are done, or it has ended. */
  readonly ready: Promise<unknown>;
  /** At its end: whether it found that it must not fork. */
  readonly ended: Promise<boolean>;
  close(): void;
}

export interface InterpreterOptions {
  clock: Clock;
  /** Ends after this long without a job. */
  idleMs: number;
  isolation: Isolation;
}

const Answer = z.object({ id: z.number().optional(), unsafe: z.string().optional(), ready: z.boolean().optional() });
const AnswerLine = z
  .string()
  .transform((line, check) => {
    try {
      return JSON.parse(line);
    } catch {
      check.addIssue("expected a line of JSON");
      return z.NEVER;
    }
  })
  .pipe(Answer);
// The imports of a large framework take seconds; a job that waits longer is better off starting plainly.
const PATIENCE_MS = 30_000;

/** @param command as `contained` made it */
export function startInterpreter(
  { command: [program = "", ...rest], environment, workingDirectory }: ContainerCommand,
  { clock, idleMs, isolation }: InterpreterOptions,
): Interpreter {
  const child = spawn(program, rest, {
    cwd: workingDirectory,
    env: { ...environment },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.unref();
  child.stdin.on("error", () => undefined);
  const waiting = new Map<number, (claimed: boolean) => void>();
  const settle = (id: number, claimed: boolean) => {
    waiting.get(id)?.(claimed);
    waiting.delete(id);
  };
  let unsafe = false;
  const imported = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { data } = AnswerLine.safeParse(line);
    // Something else has got hold of its output: nothing it says can be relied on, and jobs start plainly.
    unsafe ||= data === undefined || data.unsafe !== undefined;
    if (data === undefined) child.kill("SIGKILL");
    else if (data.ready === true) imported.resolve();
    else if (data.id !== undefined) settle(data.id, true);
  });
  let cancelIdle: () => void = () => undefined;
  const stayAWhile = () => {
    cancelIdle();
    cancelIdle = clock.at(clock.now() + idleMs, () => child.stdin.end());
  };
  stayAWhile();
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  }).then(() => {
    cancelIdle();
    for (const id of [...waiting.keys()]) settle(id, false);
    return unsafe;
  });
  let ids = 0;
  return {
    ready: Promise.race([imported.promise, ended]),
    ended,
    run(job) {
      if (child.exitCode !== null || child.stdin.writableEnded) return Promise.resolve(false);
      stayAWhile();
      const id = ++ids;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      waiting.set(id, resolve);
      const cancelWait = clock.at(clock.now() + PATIENCE_MS, () => settle(id, false));
      child.stdin.write(`${JSON.stringify({ id, ...request(job, isolation) })}\n`);
      return promise.finally(cancelWait);
    },
    close: () => void child.kill("SIGKILL"),
  };
}

function request({ control, logFile, root, container }: ForkedJob, isolation: Isolation) {
  const inside = isolation === "namespace";
  const { command, environment, workingDirectory } = inside ? container : contained(container, root, isolation);
  return {
    control,
    log: logFile,
    mount: CONTAINER_ROOT,
    root: inside ? root : null,
    arguments: command.slice(1),
    environment,
    directory: workingDirectory,
  };
}
