/** `states.executions`: whole executions, replayed with the recorded task outcomes under a virtual clock. */
import { z } from "zod";
import type { JsonValue, ScheduleTaskEffect } from "../../../engine/index.ts";
import { compile, type HistoryEvent, parseDefinition, type SimulatedTask } from "../../../engine/index.ts";
import { simulateMachine } from "../../../engine/states/simulate.ts";
import { taskApis } from "../../../local/api-models/task-apis.ts";
import type { CaseResult } from "../case-result.ts";
import { Era, timeoutsInOrder } from "../era.ts";
import { runCases } from "../parse-cases.ts";
import { RecordedObject, recordedItems } from "../recorded-objects.ts";
import { difference, type Leniency } from "../states-match.ts";

const Json: z.ZodType<JsonValue> = z.json();
const Mock = z.looseObject({
  state: z.string(),
  iteration: z.array(z.object({ map: z.string(), index: z.number() })).optional(),
  parameters: Json.optional(),
  response: Json.optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  timeout: z.boolean().optional(),
  failureEvent: z.string().optional(),
});
const Event = z.looseObject({ id: z.number(), previousEventId: z.number(), type: z.string() });
const Case = z.looseObject({
  id: z.string(),
  group: z.string(),
  definition: Json,
  input: Json,
  type: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  /** Which API started it, where it tells. */
  api: z.string().optional(),
  recorded: z.string().optional(),
  replayable: z.boolean(),
  needs: z.array(z.string()).default([]),
  fixtures: z.looseObject({ s3: z.array(RecordedObject).default([]) }).default({ s3: [] }),
  mocks: z.array(Mock).default([]),
  history: z.array(Event).optional(),
  masked: z.array(z.string()).default([]),
  expected: z.looseObject({ status: z.string() }),
});
type Case = z.infer<typeof Case>;
type Mock = z.infer<typeof Mock>;

const ROLE = "snf_role_arn";

export function run(corpus: unknown): AsyncIterable<CaseResult> {
  return runCases(corpus, Case, runCase);
}

/** A case runs if it needs nothing from outside but what stands recorded beside it. */
function canRun({ replayable, needs }: Case): boolean {
  return replayable || needs.every((need) => need === "s3");
}

async function runCase(recorded: Case): Promise<CaseResult> {
  const { id, group } = recorded;
  const text = JSON.stringify(recorded.definition);
  const { definition, diagnostics } = parseDefinition(text, { type: recorded.type, apis: taskApis });
  if (definition === undefined) {
    return { id, group, outcome: "failed", expected: "an accepted definition", got: diagnostics };
  }
  if (!canRun(recorded)) return { id, group, outcome: "skipped", expected: `needs ${JSON.stringify(recorded.needs)}` };
  const lenient: Leniency = { masked: new Set(recorded.masked), notYet: new Era(recorded.recorded).notYet };
  const tasks = new RecordedTasks(recorded, lenient);
  const {
    history,
    endTimeMs: _end,
    ...outcome
  } = await simulateMachine(compile(definition), {
    input: recorded.input,
    task: (effect) => tasks.answer(effect),
    items: (effect) => recordedItems(recorded.fixtures.s3, effect),
    execution: { roleArn: recorded.type === "EXPRESS" ? "sfn_role_arn" : ROLE },
    stopWhenIdle: recorded.expected.status === "ABORTED",
    synchronous: recorded.api === "StartSyncExecution",
  });
  const found =
    tasks.problem ??
    difference(recorded.expected, outcome, lenient, "outcome") ??
    (recorded.history === undefined ? undefined : historyDifference(recorded, history, lenient));
  return found === undefined ? { id, group, outcome: "passed" } : failure(recorded, found);
}

function failure({ id, group, expected }: Case, found: string): CaseResult {
  return { id, group, outcome: "failed", expected: expected.status, got: found };
}

/** Answers tasks as recorded, and checks that they are asked for with the recorded parameters. */
class RecordedTasks {
  problem: string | undefined;
  readonly #mocks: Mock[];
  readonly #lenient: Leniency;
  readonly #submitted: JsonValue[];
  readonly #workers: (string | undefined)[];

  constructor(recorded: Case, lenient: Leniency) {
    this.#mocks = [...recorded.mocks];
    this.#lenient = lenient;
    const details = (type: string, key: string) =>
      (recorded.history ?? [])
        .filter((event) => event.type === type)
        .map((event) => z.looseObject({}).parse(event[key]));
    this.#submitted = details("TaskSubmitted", "taskSubmittedEventDetails").map(({ output }) =>
      Json.parse(output ?? null),
    );
    this.#workers = details("ActivityStarted", "activityStartedEventDetails").map(({ workerName }) =>
      typeof workerName === "string" ? workerName : undefined,
    );
  }

  answer(effect: ScheduleTaskEffect): SimulatedTask {
    const index = this.#mocks.findIndex((mock) => isFor(mock, effect));
    const [mock] = index < 0 ? [] : this.#mocks.splice(index, 1);
    if (mock === undefined) {
      this.problem ??= `the state ${effect.stateName} scheduled a task that was not recorded`;
      return { failed: true, error: "Unrecorded" };
    }
    if (mock.parameters !== undefined) {
      this.problem ??= difference(mock.parameters, effect.parameters, this.#lenient, `parameters of ${mock.state}`);
    }
    return { ...this.#around(effect), ...outcomeOf(mock) };
  }

  #around(effect: ScheduleTaskEffect): { submitted?: JsonValue; workerName?: string } {
    const { integration } = effect;
    if (integration.kind === "activity") {
      const workerName = this.#workers.shift();
      return workerName === undefined ? {} : { workerName };
    }
    if (integration.kind !== "service" || integration.pattern === "request-response") return {};
    const submitted = this.#submitted.shift();
    return submitted === undefined ? {} : { submitted };
  }
}

function isFor(mock: Mock, effect: ScheduleTaskEffect): boolean {
  if (mock.state !== effect.stateName) return false;
  return mock.iteration === undefined || JSON.stringify(mock.iteration) === JSON.stringify(effect.iterations);
}

function outcomeOf({ timeout, response, failureEvent, error, cause }: Mock): SimulatedTask {
  if (timeout === true) return { timeout: true };
  if (failureEvent === undefined) return { output: response ?? null };
  return { failed: true, ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

function historyDifference(recorded: Case, history: readonly HistoryEvent[], lenient: Leniency): string | undefined {
  const expected = recorded.history ?? [];
  const got = history.map(({ id, previousEventId, type, detailsKey, details }) => ({
    id,
    previousEventId,
    type,
    ...(detailsKey === undefined ? {} : { [detailsKey]: details }),
  }));
  if (expected.some(({ id }) => id === 0)) return sortedDifference(expected, got, lenient);
  const types = (events: readonly { type: string }[]) => events.map(({ type }) => type).join(" ");
  if (types(expected) !== types(got)) return `history: expected ${types(expected)} got ${types(got)}`;
  const ours = timeoutsInOrder(new Era(recorded.recorded).chained(got));
  for (const [index, event] of timeoutsInOrder(expected).entries()) {
    const { timestamp: _timestamp, ...rest } = event;
    const found = difference(rest, ours[index], lenient, `history/${event.id}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Events the recorder sorted (id 0) are compared as a set; it left most of the Parallel states' own ends out. */
function sortedDifference(
  expected: readonly z.infer<typeof Event>[],
  got: readonly Record<string, unknown>[],
  lenient: Leniency,
): string | undefined {
  const open = [...got];
  for (const event of expected) {
    const { timestamp: _timestamp, id, previousEventId, ...rest } = event;
    const wanted = id === 0 ? rest : { ...rest, id, previousEventId };
    const index = open.findIndex((candidate) => {
      const { id: _id, previousEventId: _previous, ...bare } = candidate;
      return difference(wanted, id === 0 ? bare : candidate, lenient) === undefined;
    });
    if (index < 0) return `history: expected ${JSON.stringify(wanted)} got none such`;
    open.splice(index, 1);
  }
  const extra = open.filter(({ type }) => !/^ParallelState(Succeeded|Failed|Exited)$/.test(String(type)));
  return extra.length === 0 ? undefined : `history: expected no more got ${JSON.stringify(extra)}`;
}
