/** What the home and a worker say to each other. Everything goes over one port, so a log line never arrives after its result. */

import { z } from "zod";

/** Given when the worker starts. */
export interface WorkerSetup {
  /** Folder of the function's code. */
  taskRoot: string;
  /** As in the function's configuration: `<path>/<file>.<export>`. */
  handler: string;
  /** e.g. "nodejs24.x" */
  runtime: string;
  /** One Int32: characters of output the home has not taken yet. */
  outstanding: SharedArrayBuffer;
}

export interface InvokeMessage {
  requestId: string;
  /** JSON text. */
  payload: string;
  deadlineMs: number;
  traceId: string;
  invokedFunctionArn: string;
  functionVersion: string;
  /** Base64 of JSON, as the client sent it. */
  clientContext?: string;
}

/** An error as Lambda answers it. */
export type ErrorPayload = z.output<typeof Failure>;

const Failure = z.object({ errorType: z.string(), errorMessage: z.string(), trace: z.array(z.string()).optional() });

/** Parsed, for a function may write to the same port: a package that finds itself in a thread does. */
export const WorkerMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  /** The module could not be loaded, or names no handler. */
  z.object({ kind: z.literal("init-error"), error: Failure }),
  z.object({ kind: z.literal("log"), text: z.string() }),
  z.object({ kind: z.literal("result"), payload: z.string(), heapBytes: z.number() }),
  z.object({ kind: z.literal("error"), error: Failure, heapBytes: z.number() }),
  /** Uncaught: the runtime goes down with it. */
  z.object({ kind: z.literal("fatal"), error: Failure }),
]);
export type WorkerMessage = z.output<typeof WorkerMessageSchema>;
