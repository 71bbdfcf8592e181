/**
 * Replays: an archive's events put on their bus again, in order and paced, for all rules or chosen ones.
 *
 * The place reached is stored with each batch, so a replay goes on after a restart; a batch may come twice, as any event may.
 */
import type { ReplayState } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, ownWord, type Row, type Statement } from "../../store/index.ts";
import type { Archives } from "./archives.ts";
import type { Router } from "./router.ts";

export interface ReplayRequest {
  readonly description: string | undefined;
  readonly archive: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly bus: string;
  /** ARNs of the rules it is for; undefined for all. */
  readonly ruleArns: readonly string[] | undefined;
}

export interface Replay {
  readonly name: string;
  readonly request: ReplayRequest;
  readonly state: ReplayState;
  readonly lastId: number;
  readonly startedMs: number;
  readonly endedMs: number | undefined;
}

const REPLAY_STATES = [
  "STARTING",
  "RUNNING",
  "CANCELLING",
  "COMPLETED",
  "CANCELLED",
  "FAILED",
] as const satisfies readonly ReplayState[];
const BATCH = 100;
const PAUSE_MS = 100;

export class Replays {
  readonly #home: HomePorts;
  readonly #archives: Archives;
  readonly #router: Router;
  readonly #select: Statement;
  readonly #list: Statement;
  readonly #write: Statement;
  #running = false;

  constructor(home: HomePorts, archives: Archives, router: Router) {
    this.#home = home;
    this.#archives = archives;
    this.#router = router;
    this.#select = home.store.prepare("SELECT * FROM events_replays WHERE name = ?");
    this.#list = home.store.prepare("SELECT * FROM events_replays ORDER BY name");
    this.#write = home.store.prepare("INSERT OR REPLACE INTO events_replays VALUES (?, ?, ?, ?, ?, ?)");
  }

  start(): void {
    this.#running = true;
    for (const { name, state } of this.list()) if (state === "STARTING" || state === "RUNNING") this.#next(name);
  }

  stop(): void {
    this.#running = false;
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Replay {
    const row = this.#select.get(name);
    if (row === undefined) throw new AwsError("ResourceNotFoundException", `Replay ${name} does not exist.`);
    return fromRow(row);
  }

  list(): Replay[] {
    return this.#list.all().map(fromRow);
  }

  /** @throws AwsError ResourceAlreadyExistsException */
  begin(name: string, request: ReplayRequest): Replay {
    if (this.#select.get(name)) throw new AwsError("ResourceAlreadyExistsException", `Replay ${name} already exists.`);
    const replay: Replay = {
      name,
      request,
      state: "STARTING",
      lastId: 0,
      startedMs: this.#home.clock.now(),
      endedMs: undefined,
    };
    this.#save(replay);
    this.#home.store.afterCommit(() => this.#next(name));
    return replay;
  }

  /** @throws AwsError IllegalStatusException */
  cancel(name: string): Replay {
    const replay = this.get(name);
    if (replay.state !== "STARTING" && replay.state !== "RUNNING") {
      throw new AwsError("IllegalStatusException", `Replay ${name} is not in a valid state for this operation.`);
    }
    return this.#save({ ...replay, state: "CANCELLED", endedMs: this.#home.clock.now() });
  }

  #next(name: string): void {
    if (!this.#running) return;
    const replay = this.get(name);
    if (replay.state !== "STARTING" && replay.state !== "RUNNING") return;
    const { archive, fromMs, toMs, bus, ruleArns } = replay.request;
    const stored = this.#archives.find(archive);
    const events = stored ? this.#archives.read(stored, fromMs, toMs, replay.lastId, BATCH) : [];
    const only = ruleArns && new Set(ruleArns);
    this.#home.store.transaction(() => {
      for (const { event } of events) this.#router.accept(bus, { ...event, "replay-name": name }, { onlyRules: only });
      const done = events.length < BATCH;
      const lastId = events.at(-1)?.id ?? replay.lastId;
      this.#save({
        ...replay,
        lastId,
        state: done ? "COMPLETED" : "RUNNING",
        endedMs: done ? this.#home.clock.now() : undefined,
      });
    });
    if (events.length === BATCH) this.#home.clock.at(this.#home.clock.now() + PAUSE_MS, () => this.#next(name));
  }

  #save(replay: Replay): Replay {
    const { name, request, state, lastId, startedMs, endedMs } = replay;
    this.#write.run(name, JSON.stringify(request), state, lastId, startedMs, endedMs ?? null);
    return replay;
  }
}

function fromRow(row: Row): Replay {
  return {
    name: String(row.name),
    request: ownJson(row.replay),
    state: ownWord(row.state, REPLAY_STATES),
    lastId: Number(row.last_id),
    startedMs: Number(row.started_ms),
    endedMs: row.ended_ms === null ? undefined : Number(row.ended_ms),
  };
}
