/**
 * The Node.js runtime inside a worker thread: loads the handler once, then answers one invocation at a time.
 * Behaves as https://github.com/aws/aws-lambda-nodejs-runtime-interface-client does: formats of log lines and errors included.
 * Loads nothing of the home but types, so that a cold start is the function's own.
 */
import { existsSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { resolveHostPrefixes } from "./host-prefix.ts";
import { bringPackages } from "./runtime-packages.ts";
import type { ErrorPayload, InvokeMessage, WorkerMessage, WorkerSetup } from "./worker-messages.ts";

type Callback = (error: unknown, result?: unknown) => void;
type Handler = (event: unknown, context: object, callback?: Callback) => unknown;

const { taskRoot, handler: handlerName, runtime, outstanding: shared }: WorkerSetup = workerData;
const outstanding = new Int32Array(shared);
// Callbacks ended with Node.js 24.
const takesCallbacks = Number(/\d+/.exec(runtime)?.[0] ?? 24) < 24;
// A shell's status of what SIGKILL ended.
const KILLED_STATUS = 137;
// What a pipe holds; longer output is cut, as CloudWatch Logs has it.
const MOST_OUTSTANDING = 64 * 1024;
const LONGEST_OUTPUT = 256 * 1024;
const RESPONSE_HOST_NAME = "cloudformation-custom-resource-response-";
let requestId = "";

class LoadError extends Error {
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

const post = (message: WorkerMessage) => parentPort?.postMessage(message);

bringPackages();
resolveHostPrefixes();
keepFromHost();
captureOutput();
process.on("uncaughtException", (error) => goDown("Uncaught Exception", describe(error)));
process.on("unhandledRejection", (reason) => {
  const error = describe(reason);
  goDown("Unhandled Promise Rejection", {
    errorType: "Runtime.UnhandledPromiseRejection",
    errorMessage: `${error.errorType}: ${error.errorMessage}`,
    trace: error.trace ?? [],
  });
});

loadHandler().then(
  (handler) => {
    parentPort?.on("message", (message: InvokeMessage) => void invoke(handler, message));
    post({ kind: "ready" });
  },
  (thrown) => {
    const error = thrown instanceof LoadError ? { ...describe(thrown), errorType: thrown.errorType } : describe(thrown);
    consoleLine("ERROR", `Uncaught Exception\t${JSON.stringify(error)}`);
    post({ kind: "init-error", error });
  },
);

async function loadHandler(): Promise<Handler> {
  const [, path, exported] = /^(.*?)([^/]*)$/.exec(handlerName) ?? [];
  const [file = "", ...names] = (exported ?? "").split(".");
  if (file === "" || names.length === 0) throw new LoadError("Runtime.MalformedHandlerName", "Bad handler");
  const base = resolve(taskRoot, path ?? "", file);
  if (!base.startsWith(resolve(taskRoot) + sep)) {
    throw new LoadError(
      "Runtime.MalformedHandlerName",
      `'${handlerName}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const found = ["", ".js", ".mjs", ".cjs"]
    .map((extension) => base + extension)
    .find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new LoadError(
      "Runtime.ImportModuleError",
      `Error: Cannot find module '${join(path ?? "", file)}'\nRequire stack:\n- ${taskRoot}`,
    );
  }
  let module: unknown;
  try {
    module = await import(pathToFileURL(found).href);
  } catch (thrown) {
    if (thrown instanceof SyntaxError)
      throw new LoadError("Runtime.UserCodeSyntaxError", `SyntaxError: ${thrown.message}`);
    if (thrown instanceof Error && "code" in thrown && /MODULE_NOT_FOUND$/.test(String(thrown.code))) {
      throw new LoadError("Runtime.ImportModuleError", `Error: ${thrown.message}`);
    }
    throw thrown;
  }
  const handler = pick(module, names) ?? pick(pick(module, ["default"]), names);
  if (handler === undefined)
    throw new LoadError("Runtime.HandlerNotFound", `${handlerName} is undefined or not exported`);
  if (typeof handler !== "function") throw new LoadError("Runtime.HandlerNotFound", `${handlerName} is not a function`);
  return (event, context, callback) =>
    Reflect.apply(handler, undefined, callback === undefined ? [event, context] : [event, context, callback]);
}

function pick(from: unknown, names: readonly string[]): unknown {
  let value = from;
  for (const name of names) value = Object(value)[name];
  return value;
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  // Of a custom resource alone: loading http takes longer than most functions.
  if (message.payload.includes(RESPONSE_HOST_NAME)) (await import("./response-host.ts")).reachResponseHosts();
  process.env._X_AMZN_TRACE_ID = message.traceId;
  try {
    const result = await call(handler, JSON.parse(message.payload), contextOf(message));
    post({ kind: "result", payload: serialize(result), heapBytes: getHeapStatistics().total_heap_size });
  } catch (thrown) {
    const error = describe(thrown);
    consoleLine("ERROR", `Invoke Error \t${JSON.stringify(thrown instanceof Error ? { ...error, ...thrown } : error)}`);
    post({ kind: "error", error, heapBytes: getHeapStatistics().total_heap_size });
  }
}

function call(handler: Handler, event: unknown, context: object): unknown {
  if (!takesCallbacks) return handler(event, context);
  return new Promise((done, fail) => {
    const callback: Callback = (error, result) => (error === null || error === undefined ? done(result) : fail(error));
    const returned = handler(event, context, callback);
    if (typeof returned === "object" && returned !== null && "then" in returned)
      Promise.resolve(returned).then(done, fail);
  });
}

function serialize(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

function contextOf(message: InvokeMessage): object {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: message.functionVersion,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext:
      message.clientContext === undefined
        ? undefined
        : JSON.parse(Buffer.from(message.clientContext, "base64").toString()),
    identity: undefined,
    invokedFunctionArn: message.invokedFunctionArn,
    awsRequestId: message.requestId,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
}

function describe(thrown: unknown): ErrorPayload {
  if (thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? "").split("\n") };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

function goDown(title: string, error: ErrorPayload): void {
  consoleLine("ERROR", `${title}\t${JSON.stringify(error)}`);
  post({ kind: "fatal", error });
  process.exit(129);
}

/** A function that signals itself ends itself; the process and its group are the home's. */
function keepFromHost(): void {
  const send = process.kill;
  Reflect.set(process, "kill", (pid: number, signal?: string | number) => {
    if (pid !== process.pid && pid > 0) return Reflect.apply(send, process, [pid, signal]);
    if (signal !== 0) process.exit(KILLED_STATUS);
    return true;
  });
}

function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    Reflect.set(stream, "write", (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      log(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(() => Reflect.apply(callback, undefined, []));
      return true;
    });
  }
  const levels = { debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", trace: "TRACE" };
  for (const [method, level] of Object.entries(levels)) {
    Reflect.set(console, method, (...parts: unknown[]) => consoleLine(level, format(...parts)));
  }
}

function consoleLine(level: string, text: string): void {
  log(`${new Date().toISOString()}\t${requestId || "undefined"}\t${level}\t${text}\n`);
}

/** Waits where the home does not keep up: a function that writes without end slows itself, not the others. */
function log(whole: string): void {
  const text = whole.slice(0, LONGEST_OUTPUT);
  const before = Atomics.add(outstanding, 0, text.length);
  post({ kind: "log", text });
  for (let held = before + text.length; held > MOST_OUTSTANDING; held = Atomics.load(outstanding, 0))
    Atomics.wait(outstanding, 0, held);
}
