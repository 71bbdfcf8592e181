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
  signal?: AbortSignal;
}

/** What `lambda:invoke` may say besides. */
type Said = Readonly<Partial<Record<"InvocationType" | "LogType" | "ClientContext" | "Qualifier", unknown>>>;

/**
 * A function named by its ARN: its payload is the task's input, whatever it is.
 * @throws TaskFailure `<errorType>` of the function, or `Lambda.<Exception>` of the service
 */
export async function invokeLambda(home: HomePorts, call: Invocation): Promise<unknown> {
  return payloadOf(await invoke(home, call, JSON.stringify(call.payload ?? {}), {}));
}

/**
 * `lambda:invoke`: the whole answer. A payload that is a text is JSON already, as recorded on AWS.
 * @throws TaskFailure as invokeLambda does
 */
export async function invokeFunction(home: HomePorts, call: Invocation, said: Said): Promise<object> {
  const { payload } = call;
  const answer = await invoke(home, call, typeof payload === "string" ? payload : JSON.stringify(payload ?? {}), said);
  return { ...answer, Payload: payloadOf(answer) };
}

async function invoke(home: HomePorts, call: Invocation, payload: string, said: Said): Promise<object> {
  const given = Object.entries(said).filter(([, value]) => value !== null);
  const input = { ...Object.fromEntries(given), FunctionName: call.functionName, Payload: Buffer.from(payload) };
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

/** @throws TaskFailure for an error of the function's own */
function payloadOf(answer: object): unknown {
  const given: unknown = Reflect.get(answer, "Payload");
  const text =
    given instanceof Uint8Array ? Buffer.from(given).toString("utf8") : typeof given === "string" ? given : "";
  const payload: unknown = text === "" ? null : parseJson(text);
  const functionError: unknown = Reflect.get(answer, "FunctionError");
  if (functionError === undefined || functionError === null) return payload;
  const errorType = typeof payload === "object" && payload !== null ? Reflect.get(payload, "errorType") : undefined;
  throw new TaskFailure(typeof errorType === "string" ? errorType : "Lambda.Unknown", text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
