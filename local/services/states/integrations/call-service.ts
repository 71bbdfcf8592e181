/** One operation of a service, called for a task as the state machine's role. */
import { createHash } from "node:crypto";
import type { NormalizedSchema } from "@smithy/core/schema";
import { parameterProblem } from "../../../api-models/parameter-problem.ts";
import { AwsError, toAwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { toSdkInput, toTaskOutput, UnsupportedFieldError } from "./sdk-shapes.ts";
import type { ServiceName } from "./service-names.ts";
import { TaskFailure } from "./task-failure.ts";

/** Characters of parameters that a cause repeats: AWS's causes end at 32,768. */
const MAX_SHOWN = 16_384;

export interface ServiceCall {
  service: ServiceName;
  /** Operation name in PascalCase. */
  operation: string;
  /** JSON as the state gave it. */
  parameters: unknown;
  principal: Principal;
  style: "optimized" | "aws-sdk";
  /** What the resource calls the service, `sfn`. */
  integration: string;
  requestId: string;
  signal?: AbortSignal;
}

/**
 * Calls it and answers the output as JSON.
 * @throws TaskFailure named as Step Functions names the service's error
 */
export async function callService(home: HomePorts, call: ServiceCall): Promise<unknown> {
  const schema = await home.schema(call.service.home);
  const operation = schema?.operations.get(call.operation);
  if (schema === undefined || operation === undefined) {
    throw new TaskFailure("States.Runtime", `The service ${call.service.home} has no operation ${call.operation}`);
  }
  const input = inputOf(call, operation.input);
  if (call.style === "aws-sdk") checkParameters(call, schema.errors);
  try {
    const output = await home.call(call.service.home, call.operation, asObject(input), call.principal, call.signal);
    return (await toTaskOutput(operation.output, output, call.style)) ?? {};
  } catch (thrown) {
    if (thrown instanceof TaskFailure) throw thrown;
    throw serviceFailure(toAwsError(thrown), call, schema.errors);
  }
}

/** @throws TaskFailure where Step Functions cannot build the request, or the service would refuse it */
function checkParameters(call: ServiceCall, modelled: ReadonlySet<string>): void {
  const problem = parameterProblem(call.integration, call.operation, call.parameters);
  if (problem === undefined) return;
  if (problem.by === "service")
    throw serviceFailure(new AwsError("ValidationException", problem.message), call, modelled);
  throw cannotStart(call.parameters, problem.message);
}

/** @throws TaskFailure */
function inputOf(call: ServiceCall, schema: NormalizedSchema): unknown {
  try {
    return toSdkInput(schema, call.parameters ?? {}, call.style);
  } catch (thrown) {
    if (thrown instanceof UnsupportedFieldError) throw cannotStart(call.parameters, thrown.message, thrown.help);
    throw thrown;
  }
}

/** As AWS words what it cannot build a request from; `help` follows, to put it right. */
export function cannotStart(parameters: unknown, problem: string, help?: string): TaskFailure {
  const given = JSON.stringify(parameters ?? {}).slice(0, MAX_SHOWN);
  const cause = `The Parameters '${given}' could not be used to start the Task: [${problem}]`;
  return new TaskFailure("States.Runtime", help === undefined ? cause : `${cause}; ${help}`);
}

/** The metadata that optimized integrations add to a response. */
export function withSdkMetadata(output: unknown, requestId: string): unknown {
  const answer = asObject(output);
  return {
    ...answer,
    SdkHttpMetadata: {
      AllHttpHeaders: { "x-amzn-RequestId": [requestId], "Content-Type": ["application/x-amz-json-1.0"] },
      HttpHeaders: { "x-amzn-RequestId": requestId, "Content-Type": "application/x-amz-json-1.0" },
      HttpStatusCode: Reflect.get(answer, "StatusCode") ?? 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

function serviceFailure(error: AwsError, call: ServiceCall, modelled: ReadonlySet<string>): TaskFailure {
  const { service } = call;
  const known = [error.code, `${error.code}Exception`, error.code.replace(/Exception$/, "")].some((name) =>
    modelled.has(name),
  );
  const exception = error.code.endsWith("Exception") ? error.code : `${error.code}Exception`;
  const cause =
    call.style === "aws-sdk"
      ? `${error.message} (Service: ${service.client}, Status Code: ${error.status}, ${requestIds(call)}) (SDK Attempt Count: 1)`
      : `${error.message} (Service: ${service.client}; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${call.requestId}; Proxy: null)`;
  return new TaskFailure(`${service.errorPrefix}.${known ? exception : service.generic}`, cause);
}

/** S3 has two of them. */
function requestIds({ service, requestId }: ServiceCall): string {
  if (service.home !== "s3") return `Request ID: ${requestId}`;
  const extended = createHash("sha512").update(requestId).digest().subarray(0, 56).toString("base64");
  return `Request ID: ${requestId}, Extended Request ID: ${extended}`;
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
