/**
 * Follows an execution to its end by its history, into the executions it starts, and tells each state as it ends.
 * What an execution is doing is asked of GetExecutionHistory alone, so it works for any state machine.
 */

import { setTimeout as pause } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { z } from "zod";
import { innermostReason } from "./cause.ts";
import { stepResult } from "./step-result.ts";
import { seconds, type Terminal } from "./terminal.ts";

export interface StateRun {
  stateMachine: string;
  state: string;
  durationMs: number;
}

export interface Followed {
  executionArn: string;
  status: string;
  output: unknown;
  error: string | undefined;
  cause: string | undefined;
  states: StateRun[];
}

/** What is known of one execution so far. */
interface Seen {
  machine: string;
  indent: string;
  /** When each state that runs was entered. */
  entered: Map<string, number>;
  /** What tasks came to, by the id of the event that says so. */
  results: Map<number, string>;
  /** Events of failures that were told. */
  failures: Set<number>;
  /** Conditions that did not hold, until what follows each tells whether that was an answer or a failure. */
  refused: Map<number, string>;
}

// A look costs the processors that the steps run on: the longer nothing new came, the rarer. A step's end is told within an
// eighth of its time.
const SOONEST_MS = 75;
/** What waited for another execution is often done soon after it. */
const AFTER_CHILD_MS = 20;
const LATEST_MS = 500;
// What a busy execution adds between two looks.
const PAGE = 20;
const Started = z.object({ ExecutionArn: z.string() });

/** Follows to the end. @param quiet nothing is told, e.g. of an execution that ended before */
export async function follow(
  sfn: SFNClient,
  executionArn: string,
  terminal: Terminal,
  quiet = false,
): Promise<Followed> {
  const follower = new Follower(sfn, quiet ? undefined : terminal);
  await follower.watch(executionArn, "");
  const ended = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return {
    executionArn,
    status: ended.status ?? "RUNNING",
    output: ended.output === undefined ? undefined : JSON.parse(ended.output),
    error: ended.error,
    cause: ended.cause,
    states: follower.states,
  };
}

class Follower {
  readonly states: StateRun[] = [];
  readonly #sfn: SFNClient;
  readonly #terminal: Terminal | undefined;

  constructor(sfn: SFNClient, terminal: Terminal | undefined) {
    this.#sfn = sfn;
    this.#terminal = terminal;
  }

  async watch(executionArn: string, indent: string): Promise<void> {
    const seen: Seen = {
      machine: executionArn.split(":")[6] ?? "",
      indent,
      entered: new Map(),
      results: new Map(),
      failures: new Set(),
      refused: new Map(),
    };
    const { entered } = seen;
    let lastId = 0;
    let newsMs = Date.now();
    let soonestMs = SOONEST_MS;
    for (;;) {
      const events = await this.#since(executionArn, lastId);
      if (events.length > 0) newsMs = Date.now();
      for (const event of events) {
        lastId = event.id ?? lastId;
        const child = startedBy(event);
        if (child !== undefined) {
          this.#terminal?.line(`${indent}  ${this.#terminal.dim(`→ ${child.split(":").slice(6).join(" ")}`)}`);
          await this.watch(child, `${indent}  `);
          soonestMs = AFTER_CHILD_MS;
        }
        this.#tell(event, seen);
        // What was redriven goes on after its end.
        if (ENDS.has(event.type ?? "") && event === events.at(-1)) return;
      }
      if (events.length === 0) {
        this.#terminal?.live(
          `${indent}  … ${[...entered.keys()].join(", ")} ${seconds(Date.now() - Math.max(...entered.values(), 0))}`,
        );
        await pause(Math.min(Math.max((Date.now() - newsMs) / 8, soonestMs), LATEST_MS));
      }
    }
  }

  /** Read from the end, so that a look at a long history costs what is new in it. */
  async #since(executionArn: string, lastId: number): Promise<HistoryEvent[]> {
    const found: HistoryEvent[] = [];
    let nextToken: string | undefined;
    let known = false;
    do {
      const page = await this.#sfn.send(
        new GetExecutionHistoryCommand({
          executionArn,
          reverseOrder: true,
          maxResults: lastId === 0 ? 1000 : PAGE,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      for (const event of page.events ?? []) {
        known ||= (event.id ?? 0) <= lastId;
        if (!known) found.push(event);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined && !known);
    return found.reverse();
  }

  #tell(event: HistoryEvent, seen: Seen): void {
    const { machine, indent, entered, results } = seen;
    this.#tellRefused(event, seen);
    const at = event.timestamp?.getTime() ?? 0;
    const name = event.stateEnteredEventDetails?.name;
    if (name !== undefined) entered.set(name, at);
    const result = event.taskSucceededEventDetails ?? event.lambdaFunctionSucceededEventDetails;
    if (result !== undefined) results.set(event.id ?? 0, stepResult(result.output));
    const exited = event.stateExitedEventDetails?.name;
    if (exited !== undefined) {
      const durationMs = at - (entered.get(exited) ?? at);
      entered.delete(exited);
      this.states.push({ stateMachine: machine, state: exited, durationMs });
      const told = this.#terminal;
      // A task state is left because of its result, or of its failure where that is caught: that is the event before.
      const caught = seen.failures.has(event.previousEventId ?? 0);
      const came = caught ? "failed, caught" : (results.get(event.previousEventId ?? 0) ?? "");
      const mark = caught ? "✗" : "✓";
      const text = `${indent}  ${mark} ${exited.padEnd(28)} ${seconds(durationMs).padStart(8)}  `;
      told?.line(
        told
          .cut(`${text}${came}`)
          .trimEnd()
          .replace(mark, caught ? told.bad(mark) : told.good(mark)),
      );
    }
    const failure =
      event.taskFailedEventDetails ?? event.lambdaFunctionFailedEventDetails ?? event.taskTimedOutEventDetails;
    if (failure === undefined) return;
    const words = `${failure.error ?? "failed"}: ${innermostReason(failure.cause)}`;
    if (CONDITION.test(failure.error ?? "")) {
      seen.refused.set(event.id ?? 0, words);
      results.set(event.id ?? 0, "its condition did not hold");
    } else {
      seen.failures.add(event.id ?? 0);
      this.#failed(words, indent);
    }
  }

  /** A state that is left after its condition did not hold had an answer for that; anything else that follows is a failure. */
  #tellRefused(event: HistoryEvent, { refused, indent }: Seen): void {
    const caught = event.stateExitedEventDetails !== undefined;
    for (const [id, words] of refused) {
      if (event.previousEventId !== id && !ENDS.has(event.type ?? "")) continue;
      refused.delete(id);
      if (!caught) this.#failed(words, indent);
    }
  }

  #failed(words: string, indent: string): void {
    this.#terminal?.line(`${indent}  ${this.#terminal.bad("✗")} ${words}`);
  }
}

/** DynamoDB's answer to a claim that another has: caught, it is a step's result like any other. */
const CONDITION = /^DynamoDB\.ConditionalCheckFailedException$/i;
const ENDS: ReadonlySet<string> = new Set([
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionAborted",
  "ExecutionTimedOut",
]);

/** The execution a `states:startExecution` task has just started. */
function startedBy(event: HistoryEvent): string | undefined {
  const details = event.taskSubmittedEventDetails;
  if (details?.resourceType !== "states" || details.output === undefined) return undefined;
  const parsed = Started.safeParse(JSON.parse(details.output));
  return parsed.success ? parsed.data.ExecutionArn : undefined;
}
