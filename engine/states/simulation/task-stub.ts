/**
 * What stands in for a task in a simulation: a function, or mocks in the very forms AWS has for them.
 *
 * Functions are called with the task's parameters and give its output; what they throw other than a TaskFailure is a fault of
 * the test, and ends the simulation. Mocked responses are numbered by the calls of their state: "0" is the first, "1-3" the three
 * after it. Retries count on, and so do further visits of the state; each Map iteration counts for itself.
 * Forms: Step Functions Local's mock configuration file, and the `mock` of the TestState API.
 */
import type { JsonValue } from "../json.ts";
import type { ScheduleTaskEffect } from "../protocol.ts";

/** A task as the workflow asked for it: `stateName`, `resource`, `parameters`, `retryCount`, `iterations`, … */
export type TaskCall = ScheduleTaskEffect;

/** Gives a task's output from its parameters; a TaskFailure it throws fails the task. */
export type StubFunction = (parameters: JsonValue, call: TaskCall) => JsonValue | Promise<JsonValue>;

/** One answer, as Step Functions Local's `MockedResponses` has it. */
export type MockedResponse =
  | Readonly<{ Return: JsonValue }>
  | Readonly<{ Throw: Readonly<{ Error: string; Cause?: string | undefined }> }>;

/** Answers by call: `{ "0": { Throw: … }, "1-2": { Return: … } }`. */
export type MockedResponses = Readonly<{ [calls: string]: MockedResponse }>;

/** The `mock` of TestState: `result` is JSON text. */
export type TestStateMock =
  | Readonly<{ result: string }>
  | Readonly<{ errorOutput: Readonly<{ error?: string; cause?: string }> }>;

/** Anything that may stand in for a task; the forms are told apart by their members. */
export type TaskStub = StubFunction | MockedResponse | MockedResponses | TestStateMock;

/** How a stubbed task ends. `timeout` leaves it to the state's own TimeoutSeconds or HeartbeatSeconds. */
export type SimulatedTask = TaskEnd & Readonly<{ submitted?: JsonValue; workerName?: string; afterSeconds?: number }>;
type TaskEnd = Readonly<
  | { output: JsonValue }
  | { failed: true; error?: string; cause?: string }
  | { timeout: true }
  /** It has timed out: States.Timeout, whatever the state's TimeoutSeconds. */
  | { timedOut: true; cause?: string }
>;

/** Thrown by a stub function: the task fails with this error name and cause, as if the service had answered so. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  readonly error: string;

  constructor(error: string, cause?: string) {
    super(cause ?? "");
    this.error = error;
  }
}

/** A mock that cannot be meant: wrong numbers, none for the call made, a result that is no JSON, or no stub at all. */
export class StubError extends Error {
  override readonly name = "StubError";
  readonly code = "Stub";
  readonly stateName: string;

  constructor(stateName: string, problem: string) {
    super(`${problem} (state '${stateName}')`);
    this.stateName = stateName;
  }
}

/**
 * Answers a call.
 * @param callNumber how many calls of the state came before it, from 0
 * @throws {StubError}
 */
export async function answerOf(stub: TaskStub, call: TaskCall, callNumber: number): Promise<SimulatedTask> {
  if (typeof stub === "function") return callFunction(stub, call);
  if (isResponse(stub)) return responseAnswer(stub);
  if (isTestStateMock(stub)) return testStateAnswer(stub, call);
  const response = numbered(stub, call.stateName).find(({ from, to }) => callNumber >= from && callNumber <= to);
  if (response !== undefined) return responseAnswer(response.response);
  const known = Object.keys(stub).map((key) => `"${key}"`);
  throw new StubError(
    call.stateName,
    `there are mocked responses for the calls ${known.join(", ")}, but call ${callNumber} was made: add "${callNumber}"`,
  );
}

async function callFunction(stub: StubFunction, call: TaskCall): Promise<SimulatedTask> {
  try {
    return { output: await stub(call.parameters, call) };
  } catch (thrown) {
    if (thrown instanceof TaskFailure) return failed(thrown.error, thrown.message === "" ? undefined : thrown.message);
    throw thrown;
  }
}

function failed(error: string | undefined, cause: string | undefined): SimulatedTask {
  const because = cause === undefined ? {} : { cause };
  if (error === "States.Timeout") return { timedOut: true, ...because };
  return { failed: true, ...(error === undefined ? {} : { error }), ...because };
}

function isResponse(stub: Exclude<TaskStub, StubFunction>): stub is MockedResponse {
  return "Return" in stub || "Throw" in stub;
}

function isTestStateMock(stub: MockedResponses | TestStateMock): stub is TestStateMock {
  return "result" in stub || "errorOutput" in stub;
}

function responseAnswer(response: MockedResponse): SimulatedTask {
  if ("Return" in response) return { output: response.Return };
  return failed(response.Throw.Error, response.Throw.Cause);
}

function testStateAnswer(mock: TestStateMock, { stateName }: TaskCall): SimulatedTask {
  if ("errorOutput" in mock) return failed(mock.errorOutput.error, mock.errorOutput.cause);
  try {
    return { output: JSON.parse(mock.result) };
  } catch {
    throw new StubError(stateName, `a mock's result is JSON text; found ${JSON.stringify(mock.result)}`);
  }
}

type Numbered = Readonly<{ from: number; to: number; response: MockedResponse }>;

/** The responses with the calls they are for: "0", "1-3". */
function numbered(responses: MockedResponses, stateName: string): Numbered[] {
  return Object.entries(responses).map(([key, response]) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(key) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new StubError(stateName, `mocked responses are numbered "0", "1-3", …; found "${key}"`);
    }
    return { from: Number(first), to: Number(last), response };
  });
}
