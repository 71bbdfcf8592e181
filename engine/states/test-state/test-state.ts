/** TestState: runs one state, mocked where it reaches outside, and shows its data on the way. */
import { CompiledMachine, compileState } from "../compile.ts";
import type { CompiledState, Flow } from "../compiled.ts";
import { parseResource } from "../integration.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { ExpressionReadings } from "../jsonata/reading.ts";
import type { Integration, ScheduleTaskEffect } from "../protocol.ts";
import { SeededRandom } from "../random.ts";
import { Inspection, type ToleratedFailures } from "../run/inspection.ts";
import { Run } from "../run/run.ts";
import type { SimulatedTask } from "../simulation/task-stub.ts";
import { StateError } from "../state-error.ts";
import type { TaskApis } from "../validate/findings.ts";
import { type Driven, drive } from "./drive.ts";
import {
  checkedContext,
  checkedMock,
  findState,
  parseOr,
  type StateUnderTest,
  TestStateError,
  type TestStateRequest,
} from "./request.ts";

export { type InspectionLevel, TestStateError, type TestStateRequest } from "./request.ts";

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html#API_TestState_ResponseSyntax */
export type TestStateResponse = {
  status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  output?: JsonValue;
  error?: string;
  cause?: string;
  nextState?: string;
  /** Absent at level INFO. */
  inspectionData?: JsonObject;
};

/** What comes from outside: the time, an identity, and how to run a task that is not mocked. */
export type TestStatePorts = Readonly<{
  nowMs: number;
  seed: string;
  accountId?: string;
  region?: string;
  /** Tells of SDK integrations and their members what AWS would not know, as for `parseDefinition`. */
  apis?: TaskApis;
  /** Expressions that were read ahead, as for `parseDefinition`. */
  readings?: ExpressionReadings;
  /**
   * Checks a mocked task result against the API's own shape (STRICT, PRESENT): what is wrong with it, as in
   * "Field 'MemorySize' exceeds the maximum value". Without it results are taken as they are: shapes are no part of the engine.
   */
  resultProblem?: (integration: Integration, result: JsonValue, mode: "STRICT" | "PRESENT") => string | undefined;
  /** Runs a task; `out-of-time` if it does not end in MAX_TEST_MS. */
  task?: (effect: ScheduleTaskEffect) => SimulatedTask | "out-of-time" | Promise<SimulatedTask | "out-of-time">;
  /** The items in `mapItemReaderData`, which is text as the ItemReader would find it. @throws {ItemsError} */
  items?: (data: string, readerConfig: JsonObject) => Promise<JsonValue[]>;
}>;

/** Thrown by the port `items` for data that are not what the ReaderConfig says: the Map fails with States.ItemReaderFailed. */
export class ItemsError extends Error {
  override readonly name = "ItemsError";
  readonly code = "Items";
}

/** What the state is called in its context object, also when `stateName` picked it. */
const UNNAMED_STATE = "StateName";

/** @throws {TestStateError} for a request that AWS refuses */
export async function testState(request: TestStateRequest, ports: TestStatePorts): Promise<TestStateResponse> {
  const state = findState(request, ports);
  const result = checkedMock(request, state);
  checkResultShape(request, ports, state, result);
  const context = checkedContext(request.context);
  const input = parseOr(request.input ?? "{}", () => new TestStateError("Input must be valid JSON"));
  const variables = parseOr(request.variables ?? "{}", () => new TestStateError("Variables must be valid JSON"));
  if (!isObject(variables)) throw new TestStateError("Variables must be a JSON object");
  const run = newRun(request, ports, state, input, variables);
  const retryCount = request.stateConfiguration?.retrierRetryCount;
  run.inspection = new Inspection({
    ...(context === undefined ? {} : { context }),
    ...(retryCount === undefined ? {} : { retryCount }),
    ...(request.mock === undefined ? {} : { container: (tolerated) => containerResult(request, result, tolerated) }),
    items: () => readerItems(run, request, ports, state),
  });
  run.inspection.record("input", input);
  const driven = await drive(run, async (effect) => {
    if (request.mock === undefined) return (await ports.task?.(effect)) ?? { failed: true, error: "States.Runtime" };
    if (request.mock.errorOutput !== undefined) return failed(request.mock.errorOutput);
    return { output: result ?? null };
  });
  const after = variablesOf(run);
  if (Object.keys(after).length > 0) run.inspection.record("variables", after);
  return respond(run, driven, request);
}

function failed({ error, cause }: { error?: string | undefined; cause?: string | undefined }): SimulatedTask {
  return {
    failed: true,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function checkResultShape(
  request: TestStateRequest,
  ports: TestStatePorts,
  state: StateUnderTest,
  result: JsonValue | undefined,
): void {
  const mode = request.mock?.fieldValidationMode ?? "STRICT";
  if (result === undefined || state.source.Type !== "Task" || mode === "NONE") return;
  const problem = ports.resultProblem?.(parseResource(String(state.source.Resource)), result, mode);
  if (problem !== undefined) throw new TestStateError(`Mock result schema validation error: ${problem}`);
}

function newRun(
  request: TestStateRequest,
  ports: TestStatePorts,
  state: StateUnderTest,
  input: JsonValue,
  variables: JsonObject,
): Run {
  const { nowMs, seed, accountId = "000000000000", region = "us-east-1" } = ports;
  const random = new SeededRandom(seed);
  const [machineName, name] = [random.uuid(), random.uuid()];
  const flows = new Map<string, Flow>();
  const compiled = compileState(UNNAMED_STATE, state.source, "", state.jsonata ? "JSONata" : "JSONPath", flows);
  const states = new Map<string, CompiledState>([[UNNAMED_STATE, compiled]]);
  for (const target of targets(compiled))
    states.set(target, states.get(target) ?? compileState(target, { Type: "Succeed" }, "", "JSONata", flows));
  const flow: Flow = { id: "", startAt: compiled, states, source: state.source };
  const definition = { type: "STANDARD" as const, source: state.source };
  return new Run(
    new CompiledMachine(definition, flow, flows, undefined),
    {
      input,
      execution: {
        id: `arn:aws:states:${region}:${accountId}:express:${machineName}:${name}`,
        name,
        roleArn: request.roleArn ?? null,
        startTimeMs: nowMs,
      },
      stateMachine: { id: `arn:aws:states:${region}:${accountId}:stateMachine:${machineName}`, name: machineName },
      seed,
      region,
      accountId,
      synchronous: true,
      variables,
    },
    random,
  );
}

/** The states it can go to: they stand there only to be arrived at. */
function targets(state: CompiledState): string[] {
  const choices = state.type === "Choice" ? state.choices.map(({ next }) => next) : [];
  return [...choices, ...state.catchers.map(({ next }) => next), ...(state.next === undefined ? [] : [state.next])];
}

/**
 * What a Map or Parallel gives: the mocked result.
 * @throws {TestStateError} for a count of failures or a result that does not go with the iterations
 */
function containerResult(
  { mock, stateConfiguration }: TestStateRequest,
  result: JsonValue | undefined,
  { iterations, ...tolerated }: ToleratedFailures,
): JsonValue {
  const failures = stateConfiguration?.mapIterationFailureCount ?? 0;
  if (iterations !== undefined && failures > iterations) {
    const rule = "must be less than or equal to the number of Map iterations";
    throw new TestStateError(`Map iteration failure count ${rule}`);
  }
  if (mock?.errorOutput !== undefined) throw new StateError(mock.errorOutput.error, mock.errorOutput.cause);
  if (exceeds(failures, tolerated)) {
    throw new StateError(
      "States.ExceedToleratedFailureThreshold",
      "The specified tolerated failure threshold was exceeded",
    );
  }
  if (iterations !== undefined && isArray(result) && result.length !== iterations)
    throw new TestStateError("Input array does not equal the mocked result array's size");
  return result ?? null;
}

function exceeds(failures: number, { count, percentage, items }: ToleratedFailures): boolean {
  if (count !== undefined && failures > count) return true;
  return percentage !== undefined && items > 0 && (failures / items) * 100 > percentage;
}

/** What the ItemReader of the Map under test finds. */
async function readerItems(
  run: Run,
  { stateConfiguration }: TestStateRequest,
  ports: TestStatePorts,
  { source, jsonata }: StateUnderTest,
): Promise<JsonValue[]> {
  const data = stateConfiguration?.mapItemReaderData;
  if (data === undefined || ports.items === undefined) return [];
  const reader = isObject(source.ItemReader) ? source.ItemReader : {};
  const config = isObject(reader.ReaderConfig) ? reader.ReaderConfig : {};
  try {
    const items = await ports.items(data, config);
    if (!jsonata && config.ItemsPointer !== undefined) run.inspection?.record("afterItemsPointer", items);
    return items;
  } catch (thrown) {
    if (thrown instanceof ItemsError) throw new StateError("States.ItemReaderFailed", thrown.message);
    throw thrown;
  }
}

/** Those given and those the state assigned. */
function variablesOf(run: Run): JsonObject {
  const values: JsonObject[] = [];
  for (let scope = run.root?.scope; scope !== undefined; scope = scope.outer) values.unshift(scope.values);
  return Object.assign({}, ...values);
}

function respond(
  run: Run,
  { events, outOfTime }: Driven,
  { inspectionLevel = "INFO" }: TestStateRequest,
): TestStateResponse {
  const inspection = run.inspection?.data ?? {};
  const shown = inspectionLevel === "INFO" ? {} : { inspectionData: inspection };
  if (outOfTime) return { status: "FAILED", error: "States.Timeout", ...shown };
  const failure = run.lastFailure;
  const problem =
    failure === undefined
      ? {}
      : {
          ...(failure.error === undefined ? {} : { error: failure.error }),
          ...(failure.detail === undefined ? {} : { cause: failure.detail }),
        };
  const exited = events.find(({ type }) => type.endsWith("StateExited"));
  if (exited === undefined) {
    const retriable = run.status === "RUNNING" && run.root?.wait?.kind === "timer";
    return { status: retriable ? "RETRIABLE" : "FAILED", ...problem, ...shown };
  }
  const next = events.filter(({ type }) => type.endsWith("StateEntered"))[1]?.details?.name;
  const output: JsonValue = JSON.parse(String(exited.details?.output));
  const nextState = typeof next === "string" ? { nextState: next } : {};
  return { status: failure === undefined ? "SUCCEEDED" : "CAUGHT_ERROR", output, ...problem, ...nextState, ...shown };
}
