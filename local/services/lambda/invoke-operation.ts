/** Invoke: synchronous, asynchronous, or only asked whether it could. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { AsyncQueue } from "./async-queue.ts";
import { type FunctionStore, parseReference } from "./function-store.ts";
import type { Invoker } from "./invoker.ts";
import { LATEST, type VersionStore } from "./version-store.ts";

type Sdk = typeof import("@aws-sdk/client-lambda");

const SYNC_LIMIT_BYTES = 6 * 1024 * 1024;
const ASYNC_LIMIT_BYTES = 256 * 1024;

export function invokeOperation(
  home: Pick<HomePorts, "foresee">,
  functions: FunctionStore,
  versions: VersionStore,
  invoker: Invoker,
  queue: AsyncQueue,
): Pick<Operations<Sdk>, "Invoke"> {
  return {
    Invoke: {
      authorize: ({ FunctionName, Qualifier }) => {
        const { name, qualifier = Qualifier } = parseReference(FunctionName);
        const resource = qualifier === undefined ? functions.arn(name) : `${functions.arn(name)}:${qualifier}`;
        return { action: "lambda:InvokeFunction", resource };
      },
      async handle(input, call) {
        const { name, qualifier = input.Qualifier } = parseReference(input.FunctionName);
        const stored = versions.resolve(name, qualifier, Math.random);
        const type = input.InvocationType ?? "RequestResponse";
        const payload = checkPayload(input.Payload, type === "Event" ? ASYNC_LIMIT_BYTES : SYNC_LIMIT_BYTES);
        if (type === "DryRun") {
          // Who asks whether it may is likely to.
          home.foresee([{ service: "lambda", name }]);
          return { StatusCode: 204, Payload: blob("") };
        }
        if (type === "Event") {
          queue.add(call.requestId, qualifier === undefined ? name : `${name}:${qualifier}`, payload, call.trace);
          return { StatusCode: 202, Payload: blob("") };
        }
        if (type !== "RequestResponse") {
          throw new AwsError(
            "InvalidParameterValueException",
            `Unsupported invocation type ${String(type)}; there are RequestResponse, Event and DryRun`,
          );
        }
        const outcome = await invoker.invoke(stored, {
          requestId: call.requestId,
          payload,
          clientContext: input.ClientContext,
          qualifier,
          trace: call.trace,
        });
        return {
          StatusCode: 200,
          ExecutedVersion: stored.version ?? LATEST,
          ...(outcome.failed ? { FunctionError: "Unhandled" } : {}),
          ...(input.LogType === "Tail" ? { LogResult: Buffer.from(outcome.logTail).toString("base64") } : {}),
          Payload: blob(outcome.payload),
        };
      },
    },
  };
}

/** @throws AwsError RequestTooLargeException, InvalidRequestContentException */
function checkPayload(given: unknown, limitBytes: number): string {
  const bytes = given instanceof Uint8Array ? Buffer.from(given) : Buffer.from(typeof given === "string" ? given : "");
  if (bytes.length > limitBytes) {
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
      {
        status: 413,
        fields: { Type: "User" },
      },
    );
  }
  const text = bytes.length === 0 ? "{}" : bytes.toString("utf8");
  try {
    JSON.parse(text);
    return text;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AwsError("InvalidRequestContentException", `Could not parse request body into json: ${reason}`, {
      fields: { Type: "User" },
    });
  }
}

/** The SDK's blob answers `transformToString`, and so does this one, to callers inside the home. */
function blob(text: string) {
  const bytes = Buffer.from(text);
  return Object.assign(bytes, { transformToString: (encoding?: BufferEncoding) => bytes.toString(encoding) });
}
