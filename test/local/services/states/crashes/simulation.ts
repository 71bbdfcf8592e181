/**
 * One run of the whole protocol against random crashes: random workflows, tasks, tokens, waits, redrives and stops, by a
 * clock that stands still until moved. What happens is drawn from the seed, so a seed that failed fails again.
 */
import type {
  DescribeExecutionCommandOutput,
  GetExecutionHistoryCommandOutput,
  HistoryEvent,
} from "@aws-sdk/client-sfn";
import { ROLE } from "../states-home.ts";
import { ACCOUNT, CrashingHome, type Invocation } from "./crashing-home.ts";
import { below, type Random, randomWorkflow, seeded } from "./random-workflow.ts";

const MACHINE = `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:m`;
const executionArn = (name: string) => `arn:aws:states:us-east-1:${ACCOUNT}:execution:m${name.split("-")[0]}:${name}`;

export interface Ended {
  status: string;
  output: string | undefined;
  error: string | undefined;
  /** How often each kind of event is in the history; left out what depends on when things happen. */
  events: Readonly<Record<string, number>>;
}

export interface Report {
  ended: Readonly<Record<string, Ended>>;
  /** How often each step was performed. */
  performed: ReadonlyMap<string, number>;
  crashes: number;
  /** Of executions that were asked to stop: their end depends on when. */
  stopped: ReadonlySet<string>;
  /** Broken promises, in words. */
  problems: readonly string[];
}

interface Token {
  value: string;
  execution: string;
  redrive: number;
  /** In this life or an earlier one, so that its use may be known already. */
  sent: boolean;
}

/** @param crashing false: the same work, and nothing goes wrong */
export async function simulate(seed: number, crashing: boolean): Promise<Report> {
  return new Simulation(seed, crashing).run();
}

class Simulation {
  readonly #random: Random;
  readonly #seed: number;
  readonly #crashing: boolean;
  readonly #names: string[] = [];
  readonly #started = new Set<string>();
  readonly #acknowledged = new Set<string>();
  readonly #stopped = new Set<string>();
  /** Stopped before their end: that is what they stay. */
  readonly #aborted = new Set<string>();
  readonly #performed = new Map<string, number>();
  #tokens: Token[] = [];
  readonly #problems: string[] = [];
  #crashes = 0;
  #crashInside = false;
  #home!: CrashingHome;

  constructor(seed: number, crashing: boolean) {
    this.#seed = seed;
    this.#random = seeded(seed + 1);
    this.#crashing = crashing;
  }

  async run(): Promise<Report> {
    this.#home = await CrashingHome.open((invocation) => this.#invoke(invocation));
    const shape = seeded(this.#seed);
    for (let machine = 0; machine < 2; machine += 1) {
      const definition = JSON.stringify(randomWorkflow(shape));
      await this.#home.call("CreateStateMachine", { name: `m${machine}`, roleArn: ROLE, definition });
      for (let run = 0; run < 2; run += 1) this.#names.push(`${machine}-${run}`);
    }
    try {
      for (let step = 0; !(await this.#allEnded()); step += 1) {
        if (step > 3_000) {
          this.#problems.push("some execution did not end");
          break;
        }
        await this.#step();
      }
      return await this.#report();
    } finally {
      await this.#home.close();
    }
  }

  /** Answers by what is asked alone, so that however often it is asked the answer is one. */
  #invoke(invocation: Invocation): unknown {
    const { key, execution, retry, redrive, token } = invocation;
    const step = `${execution} ${key} ${retry} ${redrive}`;
    this.#performed.set(step, (this.#performed.get(step) ?? 0) + 1);
    this.#crashInside = this.#crashing && this.#random() < 0.15;
    const luck = seeded(this.#seed + hash(`${execution} ${key}`))();
    if (luck < 0.3 && retry === 0) return { errorType: "Flaky", errorMessage: "not yet" };
    if (luck > 0.9 && redrive === 0) return { errorType: "Broken", errorMessage: "down" };
    if (token !== undefined && !this.#tokens.some(({ value }) => value === token))
      this.#tokens.push({ value: token, execution, redrive, sent: false });
    return { key, luck };
  }

  async #step(): Promise<void> {
    const { clock } = this.#home;
    const action = this.#random();
    if (action < 0.2) this.#start();
    else if (action < 0.4) this.#sendToken();
    else if (action < 0.43) this.#stop();
    else if (action < 0.6) await this.#redrive();
    else clock.advance(below(this.#random, 20_000));
    // Before the batch is committed, committed but not on the disk, or once all is quiet.
    const turns = below(this.#random, 3);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (this.#random() < 0.5) await this.#quiet();
    if (this.#crashing && (this.#crashInside || this.#random() < 0.08)) {
      this.#crashInside = false;
      this.#crashes += 1;
      await this.#home.crash(this.#random());
    }
  }

  async #quiet(): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.#home.committed();
    }
  }

  #start(): void {
    const name = this.#names.find((candidate) => !this.#acknowledged.has(candidate));
    if (name === undefined) return;
    const input = { name, stateMachineArn: `${MACHINE}${name.split("-")[0]}`, input: "{}" };
    const again = this.#started.has(name);
    this.#started.add(name);
    this.#home.call("StartExecution", input).then(
      () => this.#acknowledged.add(name),
      (thrown) => this.#startRefused(name, again, thrown),
    );
  }

  /** Only what an earlier start began, whose answer was lost, and what has ended since, is there already. */
  async #startRefused(name: string, again: boolean, thrown: unknown): Promise<void> {
    if (again && codeOf(thrown) === "ExecutionAlreadyExists") {
      this.#acknowledged.add(name);
      const { status, redriveCount = 0 } = await this.#describe(name);
      if (status !== "RUNNING" || redriveCount > 0) return;
    }
    this.#problems.push(`start ${name}: ${String(thrown)}`);
  }

  #sendToken(): void {
    const token = this.#tokens[below(this.#random, this.#tokens.length)];
    if (token === undefined) return;
    const { sent } = token;
    token.sent = true;
    this.#home.call("SendTaskSuccess", { taskToken: token.value, output: '"signed"' }).then(
      () => {
        this.#tokens = this.#tokens.filter((kept) => kept !== token);
      },
      (thrown) => (sent ? undefined : this.#refused(token, thrown)),
    );
  }

  /** A token nobody used is refused only once its task is over otherwise: its execution ended, or was redriven since. */
  async #refused({ execution, redrive }: Token, thrown: unknown): Promise<void> {
    const { status, redriveCount } = await this.#describe(execution);
    if (status === "RUNNING" && redriveCount === redrive)
      this.#problems.push(`a token of ${execution} was never used, yet refused: ${String(thrown)}`);
  }

  #stop(): void {
    const name = this.#names[0];
    if (name === undefined || this.#seed % 3 !== 0 || !this.#acknowledged.has(name)) return;
    this.#stopped.add(name);
    void this.#home.call("StopExecution", { executionArn: executionArn(name) }).then(async () => {
      const { status, redriveCount = 0 } = await this.#describe(name);
      if (status === "ABORTED") this.#aborted.add(name);
      else if (status === "RUNNING" && redriveCount === 0) this.#problems.push(`${name} was stopped, yet runs`);
    });
  }

  async #redrive(): Promise<void> {
    for (const name of this.#acknowledged) {
      const { status, redriveCount } = await this.#describe(name);
      if (status === "FAILED" && redriveCount === 0)
        await this.#home.call("RedriveExecution", { executionArn: executionArn(name) });
    }
  }

  #describe(name: string): Promise<DescribeExecutionCommandOutput> {
    return this.#home.call("DescribeExecution", { executionArn: executionArn(name) });
  }

  async #allEnded(): Promise<boolean> {
    for (const name of this.#acknowledged) {
      const found = await this.#describe(name).catch((thrown: unknown) => String(thrown));
      if (typeof found === "string") {
        this.#problems.push(`${name} was acknowledged and is lost: ${found}`);
        return true;
      }
      if (found.status === "RUNNING" || (found.status === "FAILED" && found.redriveCount === 0)) return false;
    }
    return this.#acknowledged.size === this.#names.length;
  }

  async #report(): Promise<Report> {
    const ended: Record<string, Ended> = {};
    for (const name of this.#acknowledged) {
      if (this.#problems.length > 0) break;
      const { status, output, error } = await this.#describe(name);
      const { events = [] } = await this.#home.call<GetExecutionHistoryCommandOutput>("GetExecutionHistory", {
        executionArn: executionArn(name),
        maxResults: 1000,
      });
      if (this.#aborted.has(name) && status !== "ABORTED") this.#problems.push(`${name} was stopped, yet ${status}`);
      this.#problems.push(...gaps(events).map((problem) => `history of ${name}: ${problem}`));
      ended[name] = { status: status ?? "", output, error, events: counts(events) };
    }
    return {
      ended,
      performed: this.#performed,
      crashes: this.#crashes,
      stopped: this.#stopped,
      problems: this.#problems,
    };
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}

function gaps(events: readonly HistoryEvent[]): string[] {
  const problems: string[] = [];
  let before = 0;
  for (const [index, { id = 0, previousEventId = 0, timestamp }] of events.entries()) {
    if (id !== index + 1) problems.push(`event ${id} stands at place ${index + 1}`);
    if (previousEventId >= id) problems.push(`event ${id} follows ${previousEventId}`);
    if (Number(timestamp) < before) problems.push(`event ${id} is earlier than the one before`);
    before = Number(timestamp);
  }
  return problems;
}

/**
 * Kinds of events whose number depends on when things happen. A token may be used before the answer to the call that gave it
 * away is in: TaskSubmitted is then never written. And a branch that fails aborts its siblings wherever they are just then:
 * what they had under way is done again after the redrive, attempts included.
 */
const TIMED = /^TaskSubmitted$/;
const TIMED_ONCE_FAILED = /^Task(Scheduled|Started|Submitted|Failed)$|Aborted$/;

function counts(events: readonly HistoryEvent[]): Record<string, number> {
  const failed = events.some(({ type }) => type === "ExecutionFailed");
  const found: Record<string, number> = {};
  for (const { type = "" } of events)
    if (!(failed ? TIMED_ONCE_FAILED : TIMED).test(type)) found[type] = (found[type] ?? 0) + 1;
  return found;
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = Math.imul(value, 31) + (character.codePointAt(0) ?? 0);
  return value >>> 0;
}
