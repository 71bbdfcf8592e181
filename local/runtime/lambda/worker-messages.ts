/** What the home and a worker say to each other. Everything goes over one port, so a log line never arrives after its result. */

/** Given when the worker starts. */
export interface WorkerSetup {
  /** Folder of the function's code. */
  taskRoot: string;
  /** As in the function's configuration: `<path>/<file>.<export>`. */
  handler: string;
  /** e.g. "nodejs24.x" */
  runtime: string;
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
export interface ErrorPayload {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type WorkerMessage =
  | { kind: "ready" }
  /** The module could not be loaded, or names no handler. */
  | { kind: "init-error"; error: ErrorPayload }
  | { kind: "log"; text: string }
  | { kind: "result"; payload: string; heapBytes: number }
  | { kind: "error"; error: ErrorPayload; heapBytes: number }
  /** Uncaught: the runtime goes down with it. */
  | { kind: "fatal"; error: ErrorPayload };
