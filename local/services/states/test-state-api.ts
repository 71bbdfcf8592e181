/**
 * TestState: one state, run with the role given or with a mock in place of what it calls.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 */
import type * as Sdk from "@aws-sdk/client-sfn";
import {
  type JsonObject,
  type JsonValue,
  MAX_TEST_MS,
  type ScheduleTaskEffect,
  type SimulatedTask,
  TestStateError,
  type TestStateResponse,
  testState,
} from "../../../engine/states/index.ts";
import { isArray } from "../../../engine/states/json.ts";
import { resultProblem } from "../../api-models/result-problem.ts";
import { taskApis } from "../../api-models/task-apis.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { perform } from "./integrations/perform.ts";
import { TaskFailure } from "./integrations/task-failure.ts";
import { assumeTaskRole, taskRole } from "./integrations/task-role.ts";
import { givenItems } from "./items/given-items.ts";
import { readExpressions } from "./read-expressions.ts";
import { checkLength, checkOneOf, checkRange, invalidArn } from "./request-checks.ts";

const MAX_DATA = 262_144;
const MAX_DEFINITION = 1_048_576;
const SESSION = "TestState";
/** What the answer holds as it is; the rest of the data inspected are JSON texts. */
const NOT_TEXT: ReadonlySet<string> = new Set(
  "errorDetails maxConcurrency toleratedFailureCount toleratedFailurePercentage".split(" "),
);
/** Written as AWS does, whose text is that of a Java list of JSON texts. */
const LISTS: ReadonlySet<string> = new Set(["afterItemsPath", "afterItemSelector", "afterItemBatcher"]);

export function testStateOperations(home: HomePorts): Pick<Operations<typeof Sdk>, "TestState"> {
  return {
    TestState: {
      authorize: ({ revealSecrets }) => [
        { resource: "*" },
        ...(revealSecrets === true ? [{ action: "states:RevealSecrets", resource: "*" }] : []),
      ],
      handle: (input, { signal }) => handle(home, input, signal),
    },
  };
}

/** @throws AwsError ValidationException, InvalidArn, InvalidDefinition */
async function handle(home: HomePorts, input: Sdk.TestStateCommandInput, signal: AbortSignal) {
  checkRequest(input);
  const { definition = "", roleArn = "" } = input;
  const readings = await readExpressions(definition);
  try {
    const answer = await testState(
      { ...input, definition },
      {
        nowMs: home.clock.now(),
        seed: home.uuid(),
        accountId: home.accountId,
        region: home.region,
        apis: taskApis,
        readings,
        resultProblem,
        task: (effect) =>
          inTime(home, effect, (ended) => performed(home, effect, roleArn, AbortSignal.any([signal, ended]))),
        items: givenItems,
      },
    );
    return answered(answer);
  } catch (thrown) {
    if (thrown instanceof TestStateError) throw new AwsError(thrown.code, thrown.message, { cause: thrown });
    throw thrown;
  }
}

function checkRequest(input: Sdk.TestStateCommandInput): void {
  const { mock, stateConfiguration } = input;
  checkLength("definition", input.definition ?? "", 1, MAX_DEFINITION);
  checkLength("roleArn", input.roleArn, 1, 256);
  if (input.roleArn !== undefined && !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(input.roleArn))
    throw invalidArn(input.roleArn);
  for (const member of ["input", "variables", "context"] as const) checkLength(member, input[member], 0, MAX_DATA);
  checkLength("stateName", input.stateName, 1, 80);
  checkOneOf("inspectionLevel", input.inspectionLevel, ["INFO", "DEBUG", "TRACE"]);
  checkLength("mock.result", mock?.result, 0, MAX_DATA);
  checkLength("mock.errorOutput.error", mock?.errorOutput?.error, 0, 256);
  checkLength("mock.errorOutput.cause", mock?.errorOutput?.cause, 0, 32_768);
  checkOneOf("mock.fieldValidationMode", mock?.fieldValidationMode, ["STRICT", "PRESENT", "NONE"]);
  const at = "stateConfiguration";
  const most = Number.MAX_SAFE_INTEGER;
  checkRange(`${at}.retrierRetryCount`, stateConfiguration?.retrierRetryCount, 0, most);
  checkRange(`${at}.mapIterationFailureCount`, stateConfiguration?.mapIterationFailureCount, 0, most);
  checkLength(`${at}.errorCausedByState`, stateConfiguration?.errorCausedByState, 1, 80);
  checkLength(`${at}.mapItemReaderData`, stateConfiguration?.mapItemReaderData, 0, MAX_DATA);
}

/** Runs the task for as long as its TimeoutSeconds and the test let it. */
async function inTime(
  home: HomePorts,
  { timeoutSeconds }: ScheduleTaskEffect,
  run: (ended: AbortSignal) => Promise<SimulatedTask>,
): Promise<SimulatedTask | "out-of-time"> {
  const ownMs = (timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const aborter = new AbortController();
  const late = Promise.withResolvers<SimulatedTask | "out-of-time">();
  const cancel = home.clock.at(home.clock.now() + Math.min(ownMs, MAX_TEST_MS), () => {
    late.resolve(ownMs <= MAX_TEST_MS ? { timedOut: true } : "out-of-time");
    aborter.abort();
  });
  try {
    return await Promise.race([run(aborter.signal), late.promise]);
  } finally {
    cancel();
  }
}

async function performed(
  home: HomePorts,
  { resource, parameters, credentials }: ScheduleTaskEffect,
  roleArn: string,
  signal: AbortSignal,
): Promise<SimulatedTask> {
  const requestId = home.uuid();
  const role = (arn: string) => ({ kind: "role", roleArn: arn, sessionName: SESSION }) as const;
  const principal = role(taskRole(credentials, roleArn));
  try {
    await assumeTaskRole(home, principal, role(roleArn));
    const started = await perform(home, {
      resource,
      parameters,
      principal,
      executionArn: `arn:aws:states:${home.region}:${home.accountId}:express:${SESSION}:${requestId}`,
      requestId,
      signal,
    });
    return { output: jsonOf(started.kind === "output" ? started.output : started.answer) };
  } catch (thrown) {
    if (thrown instanceof TaskFailure) return { failed: true, error: thrown.error, cause: thrown.causeText };
    // Nobody waits for an answer that came to nothing because the time was up.
    if (signal.aborted) return { timedOut: true };
    throw thrown;
  }
}

/** Outputs come from JSON or from SDK shapes made JSON; this drops what JSON cannot say. */
function jsonOf(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null));
}

function answered({ output, inspectionData, ...rest }: TestStateResponse) {
  return {
    ...rest,
    ...(output === undefined ? {} : { output: JSON.stringify(output) }),
    ...(inspectionData === undefined ? {} : { inspectionData: inspected(inspectionData) }),
  };
}

function inspected(data: JsonObject): Sdk.InspectionData {
  const shown = Object.entries(data).map(([name, value]) => [
    name,
    NOT_TEXT.has(name) ? value : text(value, LISTS.has(name)),
  ]);
  return Object.fromEntries(shown);
}

function text(value: JsonValue, isList: boolean): string {
  if (!isList || !isArray(value)) return JSON.stringify(value);
  return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
}
