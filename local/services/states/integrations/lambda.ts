/** Lambda invocations: a function's own error becomes the task's error, named as the function named it. */
import { toAwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { TaskFailure } from "./task-failure.ts";

export interface Invocation {
  functionName: string;
  payload: unknown;
  principal: Principal;
  requestId: string;
  invocationType?: string;
  qualifier?: string;
  signal?: AbortSignal;
}

/** @throws TaskFailure `<errorType>` of the function, or `Lambda.<Exception>` of the service */
export async function invokeLambda(home: HomePorts, call: Invocation): Promise<unknown> {
  const answer = await invoke(home, call);
  const text = Buffer.from(payloadOf(answer)).toString("utf8");
  const payload: unknown = text === "" ? null : parseJson(text);
  const functionError: unknown = Reflect.get(answer, "FunctionError");
  if (functionError === undefined || functionError === null) return payload;
  const errorType = typeof payload === "object" && payload !== null ? Reflect.get(payload, "errorType") : undefined;
  throw new TaskFailure(typeof errorType === "string" ? errorType : "Lambda.Unknown", text);
}

async function invoke(home: HomePorts, call: Invocation): Promise<object> {
  const input = {
    FunctionName: call.functionName,
    InvocationType: call.invocationType ?? "RequestResponse",
    Payload: Buffer.from(JSON.stringify(call.payload ?? {})),
    ...(call.qualifier === undefined ? {} : { Qualifier: call.qualifier }),
  };
  try {
    const answer = await home.call("lambda", "Invoke", input, call.principal, call.signal);
    return typeof answer === "object" && answer !== null ? answer : {};
  } catch (thrown) {
    const error = toAwsError(thrown);
    const known = error.code.endsWith("Exception") ? error.code : "AWSLambdaException";
    const cause = `${error.message} (Service: AWSLambda; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${call.requestId}; Proxy: null)`;
    throw new TaskFailure(`Lambda.${known}`, cause);
  }
}

function payloadOf(answer: object): Uint8Array {
  const payload: unknown = Reflect.get(answer, "Payload");
  return payload instanceof Uint8Array ? payload : Buffer.from(typeof payload === "string" ? payload : "");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
