/**
 * Hosts distributed maps: what the engine asks of a map run, done with rows, S3 and child executions.
 *
 *   M1. A child is a row from the batch that wants it; no crash loses it. At most LIVE children of a run are executions at once, the
 *       others wait as rows, and items are read on only when none waits: memory does not grow with the number of items.
 *   M2. A child's end is written with its execution's end; the parent hears of it afterwards, and hears again after a crash.
 */
import type {
  CompletedChild,
  Effect,
  InputEvent,
  JsonValue,
  ReadItemsEffect,
  StartChildEffect,
  WriteResultsEffect,
} from "../../../../engine/states/index.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { childExecutionArn, childMachineArn } from "../arns.ts";
import { type ExecutionRecord, newExecution } from "../execution-record.ts";
import type { ExecutionStore } from "../execution-store.ts";
import { ItemReaderError } from "../items/item-reader-error.ts";
import { ItemPages } from "./item-pages.ts";
import type { ChildRecord, MapRunStore } from "./map-run-store.ts";
import { ResultsError } from "./results-error.ts";
import { s3Objects } from "./s3-objects.ts";
import { gatherResults } from "./write-results.ts";

/** The face of the execution runner that map runs need. */
export interface ChildRunner {
  start(record: ExecutionRecord, input: JsonValue): Promise<void>;
  input(arn: string, input: InputEvent): Promise<void>;
  redrive(arn: string, nowMs: number): Promise<void>;
}

export type MapRunEffect = Extract<Effect, { mapRunId: string }>;

interface OpenRun {
  readonly arn: string;
  readonly parent: ExecutionRecord;
  readonly pages: ItemPages;
  /** Children that are executions now, by execution ARN. */
  readonly live: Map<string, ChildRecord>;
  /** A read that waits until no child does. */
  reading: ReadItemsEffect | undefined;
  /** A write that waits until no child runs. */
  writing: WriteResultsEffect | undefined;
  /** Children that run are stopped, and those that wait are not started. */
  stopping: boolean;
  /** Ends the parent has not been told. */
  ended: CompletedChild[];
  telling: boolean;
  filling: boolean;
}

const LIVE = 1_000;
const STARTED_AT_ONCE = 50;

export class MapRuns {
  readonly #home: HomePorts;
  readonly #executions: ExecutionStore;
  readonly #store: MapRunStore;
  readonly #runner: () => ChildRunner;
  readonly #open = new Map<string, OpenRun>();
  #stopped = false;

  constructor(home: HomePorts, executions: ExecutionStore, store: MapRunStore, runner: () => ChildRunner) {
    this.#home = home;
    this.#executions = executions;
    this.#store = store;
    this.#runner = runner;
  }

  stop(): void {
    this.#stopped = true;
    for (const run of this.#open.values()) void run.pages.close();
  }

  /** Writes down what an effect means, in the transaction of the batch that holds it. */
  record(parent: ExecutionRecord, effect: MapRunEffect): void {
    const now = this.#home.clock.now();
    if (effect.kind === "map-run-started")
      this.#store.insert(effect.mapRunId, parent.arn, effect.stateName, now, effect.settings);
    else if (effect.kind === "start-child") this.#store.putChild(effect, this.#childArn(effect));
    else if (effect.kind === "redrive-child") this.#wantAgain(effect.mapRunId, Number(effect.childId));
    else if (effect.kind === "map-run-redriven") this.#store.redrive(effect.mapRunId, now);
    else if (effect.kind === "map-run-completed") this.#store.end(effect.mapRunId, effect.status, now);
  }

  /** Does what an effect asks for, once it is durable. */
  perform(parent: ExecutionRecord, effect: MapRunEffect): void {
    const run = this.#opened(parent, effect.mapRunId);
    if (effect.kind === "read-items") run.reading = effect;
    if (effect.kind === "read-items" || effect.kind === "start-child" || effect.kind === "redrive-child")
      this.#fillSoon(run);
    else if (effect.kind === "await-children") this.#resume(run, effect.running);
    else if (effect.kind === "stop-children") this.#stopChildren(run);
    else if (effect.kind === "write-results") this.#writeOnceEnded(run, effect);
    else if (effect.kind === "map-run-redriven") run.stopping = false;
    else if (effect.kind === "map-run-completed") void run.pages.close();
  }

  /** A child execution ended: called in the transaction that ends it. */
  childEnded(record: ExecutionRecord): void {
    const run = this.#open.get(record.mapRunArn ?? "");
    const child = run?.live.get(record.arn);
    if (run === undefined || child === undefined || record.status === "RUNNING") return;
    this.#store.ended(run.arn, child.child, record.status);
    run.live.delete(record.arn);
    run.ended.push({ childId: String(child.child), status: record.status, itemCount: child.itemCount });
    this.#home.store.afterCommit(() => {
      this.#tellSoon(run);
      this.#fillSoon(run);
      if (run.writing !== undefined) this.#writeOnceEnded(run, run.writing);
    });
  }

  #opened(parent: ExecutionRecord, arn: string): OpenRun {
    const known = this.#open.get(arn);
    if (known !== undefined) return known;
    const live = this.#store.byStatus(arn, "RUNNING", LIVE * 2).filter((child) => this.#hasBegun(arn, child));
    const pages = new ItemPages(s3Objects(this.#home, roleOf(parent)));
    const run: OpenRun = {
      arn,
      parent,
      pages,
      live: new Map(live.map((child) => [child.executionArn, child])),
      reading: undefined,
      writing: undefined,
      stopping: false,
      ended: [],
      telling: false,
      filling: false,
    };
    this.#open.set(arn, run);
    return run;
  }

  /** Another process may have ended before the execution's first step was written: the child waits again. */
  #hasBegun(arn: string, { child, executionArn }: ChildRecord): boolean {
    if (this.#executions.find(executionArn) !== undefined) return true;
    this.#store.setStatus(arn, child, "PENDING");
    return false;
  }

  #childArn({ mapRunId, name, executionType }: Pick<StartChildEffect, "mapRunId" | "name" | "executionType">): string {
    return childExecutionArn(mapRunId, name, executionType === "EXPRESS" ? this.#home.uuid() : undefined);
  }

  #wantAgain(arn: string, child: number): void {
    const known = this.#store.child(arn, child);
    // One that never was started waits already; one that is still stopping ends by itself.
    if (known?.status === "PENDING" || known?.status === "RUNNING") return;
    this.#store.setStatus(arn, child, "PENDING_REDRIVE");
  }

  /** After a crash: ends that may not have been told, children that wait, and those that run again by themselves. */
  #resume(run: OpenRun, running: readonly (readonly [number, number])[]): void {
    for (const [first, last] of running) {
      for (let after = first - 1; after < last; ) {
        const children = this.#store.children(run.arn, after, Math.min(last - after, LIVE));
        if (children.length === 0) break;
        after = children.at(-1)?.child ?? last;
        for (const { child, status, itemCount } of children) {
          if (status === "PENDING" || status === "PENDING_REDRIVE" || status === "RUNNING") continue;
          run.ended.push({ childId: String(child), status, itemCount });
        }
      }
    }
    this.#tellSoon(run);
    this.#fillSoon(run);
  }

  /** One input for all children that ended in a turn. */
  #tellSoon(run: OpenRun): void {
    if (run.telling) return;
    run.telling = true;
    setImmediate(() => {
      run.telling = false;
      const children = run.ended.splice(0);
      if (children.length === 0 || this.#stopped) return;
      void this.#tell(run, { kind: "children-completed", mapRunId: run.arn, children });
    });
  }

  async #tell(run: OpenRun, input: InputEvent): Promise<void> {
    try {
      await this.#runner().input(run.parent.arn, input);
    } catch (thrown) {
      this.#home.log("error", "a map run's execution could not take in an input", {
        mapRun: run.arn,
        input: input.kind,
        error: String(thrown),
      });
    }
  }

  #fillSoon(run: OpenRun): void {
    if (run.filling) return;
    run.filling = true;
    setImmediate(() => {
      run.filling = false;
      if (this.#stopped) return;
      try {
        this.#fill(run);
      } catch (thrown) {
        // The children wait in the store, and start once the home can write again.
        const message = "a map run's children could not be started";
        this.#home.log("error", message, { mapRun: run.arn, error: String(thrown) });
      }
    });
  }

  /** Starts waiting children while there is room, a few a turn; then reads on. */
  #fill(run: OpenRun): void {
    if (run.stopping || this.#store.find(run.arn)?.status !== "RUNNING") return;
    const room = Math.min(LIVE - run.live.size, STARTED_AT_ONCE);
    if (room <= 0) return;
    const again = this.#store.byStatus(run.arn, "PENDING_REDRIVE", room);
    const waiting = [...again, ...this.#store.byStatus(run.arn, "PENDING", room - again.length)];
    for (const child of waiting) this.#startChild(run, child);
    const { reading } = run;
    if (waiting.length === room) this.#fillSoon(run);
    else if (reading !== undefined) {
      run.reading = undefined;
      void this.#read(run, reading);
    }
  }

  #startChild(run: OpenRun, child: ChildRecord): void {
    const { store } = this.#home;
    store.transaction(() => {
      this.#store.setStatus(run.arn, child.child, "RUNNING");
      const previous = child.status === "PENDING_REDRIVE" ? this.#executions.find(child.executionArn) : undefined;
      if (previous?.type === "STANDARD") {
        run.live.set(previous.arn, child);
        this.#runner().redrive(previous.arn, this.#home.clock.now()).catch(logged);
        return;
      }
      const record = this.#childRecord(run, child, previous);
      this.#store.setExecution(run.arn, child.child, record.arn);
      run.live.set(record.arn, { ...child, executionArn: record.arn });
      this.#runner().start(record, JSON.parse(record.input)).catch(logged);
    });
  }

  #childRecord(run: OpenRun, child: ChildRecord, previous: ExecutionRecord | undefined): ExecutionRecord {
    const { parent, arn } = run;
    // An Express child cannot be redriven: it runs once more, as an execution of its own.
    const name = previous === undefined ? child.name : this.#home.uuid();
    const again = { mapRunId: arn, name, executionType: child.type };
    return newExecution({
      arn: previous === undefined ? child.executionArn : this.#childArn(again),
      machineArn: childMachineArn(arn),
      name,
      input: previous?.input ?? child.input ?? "null",
      roleArn: parent.roleArn,
      revision: parent.revision,
      startMs: this.#home.clock.now(),
      seed: `${parent.seed}/${name}`,
      type: child.type,
      flow: child.flow,
      mapRunArn: arn,
      itemCount: child.itemCount,
    });
  }

  #stopChildren(run: OpenRun): void {
    run.stopping = true;
    const cause = `The map run execution [${run.arn}] which was managing this resource was aborted`;
    for (const arn of run.live.keys()) this.#runner().input(arn, { kind: "stop", cause }).catch(logged);
  }

  async #read(run: OpenRun, effect: ReadItemsEffect): Promise<void> {
    const mapRunId = run.arn;
    try {
      const { items, more } = await run.pages.page(effect);
      await this.#tell(run, { kind: "items-read", mapRunId, items, more });
    } catch (thrown) {
      if (this.#stopped) return;
      const cause = thrown instanceof ItemReaderError ? thrown.message : `The items cannot be read: ${String(thrown)}`;
      await this.#tell(run, { kind: "items-failed", mapRunId, error: "States.ItemReaderFailed", cause });
    }
  }

  /** Of a run that fails children may still be stopping. */
  #writeOnceEnded(run: OpenRun, effect: WriteResultsEffect): void {
    run.writing = run.live.size === 0 ? undefined : effect;
    if (run.writing === undefined) void this.#writeResults(run, effect);
  }

  async #writeResults(run: OpenRun, effect: WriteResultsEffect): Promise<void> {
    const mapRunId = run.arn;
    const parts = { home: this.#home, executions: this.#executions, store: this.#store, principal: roleOf(run.parent) };
    try {
      const output: JsonValue = await gatherResults(parts, effect);
      await this.#tell(run, { kind: "results-written", mapRunId, output });
    } catch (thrown) {
      if (this.#stopped) return;
      const failure = thrown instanceof ResultsError ? thrown : new ResultsError(undefined, String(thrown));
      await this.#tell(run, { kind: "results-failed", mapRunId, error: failure.error, cause: failure.message });
    }
  }
}

/** What an execution could not take in is logged by its runner, and comes again after a restart. */
const logged = () => undefined;

function roleOf({ roleArn, name }: ExecutionRecord): Principal {
  return { kind: "role", roleArn, sessionName: name.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 64) };
}
