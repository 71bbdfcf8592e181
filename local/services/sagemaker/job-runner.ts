/**
 * Drives jobs of one kind from request to end: prepare, run, deliver, each step durable before the next.
 *
 *   J1. A job that is running when the home dies is attached to by the next one; one that was being prepared, or whose
 *       process was lost with the machine, is prepared and started again under the same name.
 *   J2. Its end is written, and announced as an event, in one batch of the store.
 *   J3. A stop sends SIGTERM and, 120 s later, SIGKILL; so does the end of StoppingCondition's time.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  attachSupervised,
  baseRequirements,
  containerEnvironment,
  type EnvironmentCache,
  endStrays,
  followLog,
  type InterpreterPool,
  jobFolders,
  OPENMP_SPIN_BESIDE_OTHERS,
  type ProcessExit,
  removeTree,
  type SupervisedProcess,
} from "../../runtime/jobs/index.ts";
import { systemLimit } from "../../system-limit.ts";
import { type Context, now, rolePrincipal } from "./context.ts";
import { failureReason, JobFailure } from "./job-failure.ts";
import type { JobFacts, JobKind, JobPlace, JobProgress, Outcome, Prepared } from "./job-kind.ts";
import { cloudWatchSink } from "./job-logs.ts";

const GRACE_MS = 120_000;
const MOST_STARTS = 3;

interface Running<D> {
  facts: JobFacts;
  folders: ReturnType<typeof jobFolders>;
  place: JobPlace;
  read(): { document: D; progress: JobProgress };
}

export class JobRunner<D extends object> {
  readonly #context: Context;
  readonly #kind: JobKind<D>;
  readonly #environments: EnvironmentCache;
  readonly #interpreters: InterpreterPool;
  readonly #processes = new Map<string, SupervisedProcess>();
  #closed = false;

  constructor(context: Context, kind: JobKind<D>, environments: EnvironmentCache, interpreters: InterpreterPool) {
    this.#context = context;
    this.#kind = kind;
    this.#environments = environments;
    this.#interpreters = interpreters;
  }

  /** Takes a job on, once the open batch is durable. */
  accept(name: string, document: D): void {
    const progress: JobProgress = { phase: "preparing", starts: 0 };
    this.#context.records.insert(this.#kind.kind, name, document, progress);
    this.#kind.announce(document);
    this.#context.home.store.afterCommit(() => this.#launch(name));
  }

  /** Asks a running job to end. */
  stop(name: string, reason: "requested" | "timeout" = "requested"): void {
    const record = this.#find(name);
    if (record === undefined || record.progress.stopReason !== undefined) return;
    const stopAtMs = this.#context.home.clock.now();
    const document = this.#kind.entered(record.document, "stopping", new Date(stopAtMs));
    this.#context.records.update(this.#kind.kind, name, document, { ...record.progress, stopReason: reason, stopAtMs });
    this.#kind.announce(document);
    this.#context.home.store.afterCommit(() => this.#end(name, stopAtMs));
  }

  /** Takes up every job an earlier home left unfinished. */
  recover(): void {
    for (const { name, document } of this.#context.records.list<D>(this.#kind.kind)) {
      if (!this.#kind.isOver(document)) this.#launch(name);
    }
  }

  /** Lets go of the jobs: their processes run on, for the next home. */
  close(): void {
    this.#closed = true;
  }

  #find(name: string) {
    return this.#context.records.find<D, JobProgress>(this.#kind.kind, name);
  }

  #launch(name: string): void {
    if (this.#closed) return;
    this.#run(name).catch((thrown: unknown) => {
      // The store failed or is closed: the next home goes on from what it holds.
      if (!this.#closed) this.#context.home.log("error", `${this.#kind.kind} ${name} was left: ${String(thrown)}`);
    });
  }

  async #run(name: string): Promise<void> {
    const job = this.#running(name);
    const { jobs } = this.#context;
    const key = `${this.#kind.kind}/${name}`;
    jobs.add(key);
    const outcome = await this.#outcome(job).finally(() => jobs.delete(key));
    if (this.#closed) return;
    await endStrays(job.folders.root);
    this.#advance(job, "finishing");
    const collected = await this.#collect(job, outcome);
    if (this.#closed) return;
    const at = now(this.#context);
    const document = this.#kind.ended(collected.document, job.place, collected.outcome, at);
    this.#context.records.update(this.#kind.kind, name, document, job.read().progress);
    this.#kind.announce(document);
    await this.#context.home.store.committed();
    const mountPoint = `${job.folders.root}.opt`; // of contain.sh
    for (const folder of [job.folders.scratch, job.folders.root, mountPoint]) await removeTree(folder);
  }

  #running(name: string): Running<D> {
    const read = () => {
      const record = this.#find(name);
      if (record === undefined) throw new Error(`${this.#kind.kind} ${name} is gone`);
      return record;
    };
    const facts = this.#kind.facts(read().document);
    const folders = jobFolders(join(this.#context.home.directory, "sagemaker", this.#kind.kind, name));
    const place = { root: folders.root, logFile: folders.logFile, principal: rolePrincipal(facts.roleArn) };
    return { facts, folders, place, read };
  }

  /** Runs the process to its end, attached or new, and judges it. */
  async #outcome(job: Running<D>): Promise<Outcome> {
    try {
      for (;;) {
        const process_ = this.#attach(job) ?? (await this.#start(job));
        if (process_ === undefined) return this.#stopped(job);
        const exit = await this.#watch(job, process_);
        if (this.#closed || exit.kind === "exited" || job.read().progress.stopReason) return this.#judge(job, exit);
        // Without its supervisor it may live on; then it must not be started beside itself.
        await endStrays(job.folders.root);
        await removeTree(job.folders.control);
        if (job.read().progress.starts >= MOST_STARTS) {
          return {
            status: "Failed",
            reason: `InternalServerError: the process that supervises the job was killed ${MOST_STARTS} times, from outside or by the job itself`,
          };
        }
      }
    } catch (thrown) {
      if (job.read().progress.stopReason) return this.#stopped(job);
      return { status: "Failed", reason: failureReason(thrown) };
    }
  }

  #attach({ folders, read }: Running<D>): SupervisedProcess | undefined {
    return read().progress.phase === "preparing" ? undefined : attachSupervised(folders.control);
  }

  /** Undefined when the job was stopped before its process started. */
  async #start(job: Running<D>): Promise<SupervisedProcess | undefined> {
    const { folders, facts } = job;
    if (job.read().progress.stopReason) return undefined;
    for (const folder of [folders.control, folders.root, folders.scratch]) await removeTree(folder);
    await mkdir(folders.root, { recursive: true });
    const prepared = await this.#kind.prepare(job.read().document, job.place);
    const runnable = await this.#runnable(job, prepared);
    const { document, progress } = job.read();
    if (progress.stopReason || this.#closed) return undefined;
    const startedAtMs = this.#context.home.clock.now();
    const running = this.#kind.entered(document, "running", new Date(startedAtMs));
    const entered: JobProgress = { ...progress, phase: "running", startedAtMs, starts: progress.starts + 1 };
    this.#context.records.update(this.#kind.kind, facts.name, running, entered);
    this.#kind.announce(running);
    await this.#context.home.store.committed();
    return await this.#interpreters.start({ ...folders, ...runnable });
  }

  async #runnable({ facts, folders }: Running<D>, { container, requirements }: Prepared) {
    const { home, jobs } = this.#context;
    const environment = await this.#environments.provide(requirements ?? baseRequirements(facts.image));
    const identity = {
      region: home.region,
      endpointUrl: home.endpointUrl(),
      credentials: home.credentialsFor(facts.roleArn, "SageMaker"),
    };
    const variables = {
      ...containerEnvironment(environment, folders.scratch, identity),
      ...(jobs.size > 1 && OPENMP_SPIN_BESIDE_OTHERS),
      ...container.environment,
    };
    return { environment, container: { ...container, environment: variables } };
  }

  async #watch(job: Running<D>, process_: SupervisedProcess): Promise<ProcessExit> {
    const { home } = this.#context;
    const { facts, folders, place } = job;
    const { progress } = job.read();
    this.#processes.set(facts.name, process_);
    const deadlineMs = (progress.startedAtMs ?? home.clock.now()) + facts.maxRuntimeSeconds * 1000;
    const disarm = home.clock.at(deadlineMs, () => this.stop(facts.name, "timeout"));
    const follower = followLog(folders.logFile, cloudWatchSink(home, place.principal, facts.logGroup, facts.logStream));
    if (progress.stopAtMs !== undefined) this.#end(facts.name, progress.stopAtMs);
    try {
      return await process_.exited;
    } finally {
      disarm();
      this.#processes.delete(facts.name);
      await follower.finish().catch(() => undefined);
    }
  }

  #end(name: string, stopAtMs: number): void {
    const process_ = this.#processes.get(name);
    if (process_ === undefined) return;
    process_.kill("SIGTERM");
    const disarm = this.#context.home.clock.at(stopAtMs + GRACE_MS, () => process_.kill("SIGKILL"));
    process_.exited.then(disarm, disarm);
  }

  #judge(job: Running<D>, exit: ProcessExit): Outcome {
    const { document, progress } = job.read();
    if (progress.stopReason) return this.#stopped(job);
    if (exit.kind === "exited" && exit.code === 0) return { status: "Completed" };
    const code = exit.kind === "exited" ? exit.code : 137;
    return { status: "Failed", reason: this.#kind.exitReason(document, job.place, code), exitCode: code };
  }

  #stopped({ facts, read }: Running<D>): Outcome {
    if (read().progress.stopReason !== "timeout") return { status: "Stopped", timedOut: false };
    const reason = `ClientError: MaxRuntimeExceeded: the job ran longer than its StoppingCondition of ${facts.maxRuntimeSeconds} seconds`;
    return { status: "Stopped", timedOut: true, reason };
  }

  #advance(job: Running<D>, phase: "finishing"): void {
    const { document, progress } = job.read();
    const entered = this.#kind.entered(document, phase, now(this.#context));
    this.#context.records.update(this.#kind.kind, job.facts.name, entered, { ...progress, phase });
  }

  async #collect(job: Running<D>, outcome: Outcome): Promise<{ document: D; outcome: Outcome }> {
    const { document } = job.read();
    try {
      return { document: await this.#kind.collect(document, job.place, outcome), outcome };
    } catch (thrown) {
      const known = thrown instanceof JobFailure || systemLimit(thrown) !== undefined;
      const failed = known ? thrown : new JobFailure("ClientError", messageOf(thrown));
      // What made the job fail is worth more than that its outputs could not be kept either.
      if (outcome.status !== "Completed") return { document, outcome };
      return { document, outcome: { status: "Failed", reason: failureReason(failed) } };
    }
  }
}

function messageOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return `Failed to upload the job's output: ${message}`;
}
