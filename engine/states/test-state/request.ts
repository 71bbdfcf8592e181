/** What TestState is given, and what AWS refuses about it. */
import { invalidDefinitionMessage } from "../diagnostics.ts";
import { parseResource } from "../integration.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { isArray, isObject } from "../json.ts";
import { ExpressionReadings } from "../jsonata/reading.ts";
import type { ParseOptions } from "../parse.ts";
import { Findings } from "../validate/findings.ts";
import { parseJson } from "../validate/json-text.ts";
import { validateState } from "../validate/state.ts";

/** How much TestState shows: INFO the outcome, DEBUG the data on the way, TRACE also HTTP requests and answers. */
export type InspectionLevel = "INFO" | "DEBUG" | "TRACE";

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html */
export type TestStateRequest = Readonly<{
  /** One state, or a whole definition together with `stateName`. */
  definition: string;
  stateName?: string | undefined;
  input?: string | undefined;
  roleArn?: string | undefined;
  inspectionLevel?: InspectionLevel | undefined;
  revealSecrets?: boolean | undefined;
  context?: string | undefined;
  variables?: string | undefined;
  mock?:
    | Readonly<{
        fieldValidationMode?: "STRICT" | "PRESENT" | "NONE" | undefined;
        result?: string | undefined;
        errorOutput?: Readonly<{ error?: string | undefined; cause?: string | undefined }> | undefined;
      }>
    | undefined;
  stateConfiguration?:
    | Readonly<{
        retrierRetryCount?: number | undefined;
        errorCausedByState?: string | undefined;
        mapIterationFailureCount?: number | undefined;
        mapItemReaderData?: string | undefined;
      }>
    | undefined;
}>;

/** TestState refuses the request: a ValidationException or InvalidDefinition. */
export class TestStateError extends Error {
  override readonly name = "TestStateError";
  readonly code: "ValidationException" | "InvalidDefinition";

  constructor(message: string, code: TestStateError["code"] = "ValidationException") {
    super(message);
    this.code = code;
  }
}

export type StateUnderTest = Readonly<{ name: string; source: JsonObject; jsonata: boolean }>;

const UNNAMED = "StateName";

/** Finds the state to test, and checks it. */
export function findState(
  request: TestStateRequest,
  { apis, readings = new ExpressionReadings() }: Omit<ParseOptions, "type">,
): StateUnderTest {
  const definition = parseDefinitionText(request.definition);
  const name = request.stateName ?? UNNAMED;
  const source = request.stateName === undefined ? definition : lookUp(definition, request.stateName);
  if (source === undefined) throw new TestStateError("State not found in definition");
  const rootJsonata = request.stateName !== undefined && definition.QueryLanguage === "JSONata";
  const findings = new Findings();
  const seen = { names: new Map<string, string>(), labels: new Set<string>() };
  const around = { type: "STANDARD" as const, rootJsonata, findings, ...seen, apis, readings };
  validateState(source, `/States/${name}`, around);
  // The state stands alone: whether it has a successor is not its own matter.
  const errors = findings.list.filter(({ message }) => !message.startsWith("These fields are required: [Next, End]"));
  if (errors.length > 0) throw new TestStateError(invalidDefinitionMessage(errors), "InvalidDefinition");
  return {
    name,
    source,
    jsonata: source.QueryLanguage === "JSONata" || (source.QueryLanguage === undefined && rootJsonata),
  };
}

function parseDefinitionText(text: string): JsonObject {
  const json = parseJson(text);
  if ("value" in json && isObject(json.value)) return json.value;
  const tooDeep = "diagnostic" in json && json.diagnostic.code === "TOO_DEEPLY_NESTED";
  const message = tooDeep ? invalidDefinitionMessage([json.diagnostic]) : "Definition must be a valid JSON object";
  throw new TestStateError(message, "InvalidDefinition");
}

function lookUp(flow: JsonObject, name: string): JsonObject | undefined {
  const states = isObject(flow.States) ? flow.States : {};
  const own = states[name];
  if (isObject(own)) return own;
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    for (const inner of [state.ItemProcessor, state.Iterator, ...(isArray(state.Branches) ? state.Branches : [])]) {
      const found = isObject(inner) ? lookUp(inner, name) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The mocked result, checked against the state's type; undefined without one. */
export function checkedMock(request: TestStateRequest, { source }: StateUnderTest): JsonValue | undefined {
  const { mock, revealSecrets } = request;
  const type = String(source.Type);
  if (mock === undefined) {
    checkUnmocked(request, source, type);
    return undefined;
  }
  const result =
    mock.result === undefined
      ? undefined
      : parseOr(mock.result, () => new TestStateError("Mocked result must be valid JSON"));
  const isContainer = type === "Map" || type === "Parallel";
  if (!isContainer && type !== "Task")
    throw new TestStateError(`State type '${type}' is not supported when a mock is specified`);
  if (revealSecrets === true)
    throw new TestStateError("TestState does not support RevealSecrets when a mock is specified.");
  checkMembers(mock);
  if (isContainer && result !== undefined) checkContainerResult(source, result);
  if (!isContainer && result !== undefined && !isObject(result) && mock.fieldValidationMode !== "NONE")
    throw new TestStateError("Mocked result must be a valid JSON object.");
  checkConfiguration(request, source, type);
  return result;
}

function checkMembers({ result, errorOutput }: NonNullable<TestStateRequest["mock"]>): void {
  const members = "[result, errorOutput].";
  if (result === undefined && errorOutput === undefined)
    throw new TestStateError(`One of the following fields is required for a test mock: ${members}`);
  if (result !== undefined && errorOutput !== undefined)
    throw new TestStateError(`A test mock should have only one of the following fields: ${members}`);
  if (errorOutput !== undefined && errorOutput.error === undefined)
    throw new TestStateError("An error was not specified in the mocked error output.");
}

function checkConfiguration({ stateConfiguration }: TestStateRequest, source: JsonObject, type: string): void {
  if (type !== "Map" && stateConfiguration?.mapIterationFailureCount !== undefined)
    throw new TestStateError("MapIterationFailureCount is only supported when testing a Map state.");
  if (type === "Map" && source.ItemReader !== undefined && stateConfiguration?.mapItemReaderData === undefined)
    throw new TestStateError("ItemReader data must be specified when testing a Map state with ItemReader specified.");
}

function checkUnmocked(request: TestStateRequest, source: JsonObject, type: string): void {
  const { stateConfiguration = {}, context, roleArn } = request;
  for (const [member, value] of Object.entries({ ...stateConfiguration, context })) {
    const name = member.charAt(0).toUpperCase() + member.slice(1);
    if (value !== undefined)
      throw new TestStateError(`TestState does not support ${name} when a mock is not specified.`);
  }
  if (type === "Map" || type === "Parallel") {
    throw new TestStateError(
      "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
      "InvalidDefinition",
    );
  }
  if (type === "Task" && roleArn === undefined)
    throw new TestStateError("RoleArn must be specified when testing a Task state");
  if (type === "Task") checkCallable(String(source.Resource));
}

/** Only what answers at once can be called for a test. */
function checkCallable(resource: string): void {
  const integration = parseResource(resource);
  const waits = integration.kind === "service" && integration.pattern !== "request-response";
  if (integration.kind !== "activity" && !waits) return;
  const what = waits ? `the service integration pattern of ${resource}` : "Activity tasks";
  throw new TestStateError(`TestState API does not support ${what} when a mock is not specified`, "InvalidDefinition");
}

function checkContainerResult(source: JsonObject, result: JsonValue): void {
  if (source.ResultWriter === undefined && !isArray(result))
    throw new TestStateError("Mocked result must be an array.");
  if (source.ResultWriter !== undefined && !isObject(result))
    throw new TestStateError("Mocked result must be a JSON object.");
  if (
    source.Type === "Parallel" &&
    isArray(source.Branches) &&
    isArray(result) &&
    source.Branches.length !== result.length
  ) {
    throw new TestStateError("Mocked result must contain the same number of items as number of Parallel branches.");
  }
}

const CONTEXT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Execution: ["Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"],
  State: ["Name", "EnteredTime", "RetryCount"],
  StateMachine: ["Id", "Name"],
  Task: ["Token"],
};
const NUMBERS: ReadonlySet<string> = new Set(["RetryCount", "RedriveCount"]);

/** The context object given, if any; only known members of the right type pass. */
export function checkedContext(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return undefined;
  const context = parseOr(text, () => refused("must be valid JSON"));
  if (!isObject(context)) throw refused("must be a JSON object");
  for (const [field, value] of Object.entries(context)) {
    if (field === "Map") throw refused("'Map' field is not supported when mocking a Context object");
    const members = CONTEXT_FIELDS[field];
    if (members === undefined) throw refused(`Field '${field}' is not allowed`);
    if (!isObject(value)) throw refused(`${field} must be an object`);
    for (const [member, inner] of Object.entries(value)) {
      if (!members.includes(member)) throw refused(`Field '${field}.${member}' is not allowed`);
      const type = NUMBERS.has(member) ? "number" : "string";
      if (member !== "Input" && typeof inner !== type) throw refused(`${field}.${member} must be a ${type}`);
    }
  }
  return context;
}

function refused(why: string): TestStateError {
  return new TestStateError(`Invalid Context object provided: ${why}`);
}

/** Parses JSON text, or throws what `otherwise` makes. */
export function parseOr(text: string, otherwise: () => Error): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    throw otherwise();
  }
}
