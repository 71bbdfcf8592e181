/** An endpoint's process: the user's inference code behind serve.py, on a loopback port only this home may use. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../clock.ts";
import { CONTAINER_ROOT, contained, isolation } from "./container.ts";
import { jobFolders } from "./container-environment.ts";
import type { Environment } from "./environment.ts";
import { lastLines } from "./log-lines.ts";
import { identify } from "./process-identity.ts";
import { attachSupervised, type SupervisedProcess, startSupervised } from "./supervised-process.ts";
import { watchPath } from "./watch-path.ts";

// Not imported: see local/endpoint/server.ts.
const { request } = process.getBuiltinModule("node:http");

export interface ServingSpec {
  /** The serving process's own folder; `root/model` holds the unpacked model, `root/code` the code where it is not in the model. */
  directory: string;
  environment: Environment;
  variables: Readonly<Record<string, string>>;
  /** SAGEMAKER_PROGRAM. */
  program: string;
  /** The image's repository, such as sagemaker-xgboost: it decides what a program need not define. */
  image: string;
  /** The program's folder, in the container's terms. */
  codeDirectory: string;
  clock: Clock;
  /** How long the model may take to load. */
  startupMs: number;
  /** Ends the start, and the process with it. */
  signal: AbortSignal;
}

export interface Invocation {
  body: Uint8Array;
  contentType: string;
  accept: string;
  /** X-Amzn-SageMaker-Custom-Attributes, opaque. */
  customAttributes?: string | undefined;
  /** X-Amzn-SageMaker-Inference-Id. */
  inferenceId?: string | undefined;
}

export interface InvocationAnswer {
  status: number;
  body: Buffer;
  contentType: string;
  /** What the model set, if anything. */
  customAttributes?: string;
}

export interface ServingProcess {
  /** True once, and as long as, /ping answers 200. */
  ping(): Promise<boolean>;
  /** @throws when the process is gone or closes the connection */
  invoke(invocation: Invocation, timeoutMs: number): Promise<InvocationAnswer>;
  readonly exited: SupervisedProcess["exited"];
  stop(): Promise<void>;
}

/** The process ended before it was ready, or was not ready in time; the message ends in what it said last. */
export class ServingStartError extends Error {
  override readonly name = "ServingStartError";
  readonly code = "SERVING_START";
}

/** The model answers too late, or more than an endpoint passes on. */
export class ServingAnswerError extends Error {
  override readonly name = "ServingAnswerError";
  readonly code: "TIMEOUT" | "TOO_LARGE";

  constructor(code: ServingAnswerError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

const SERVE = fileURLToPath(new URL("serve.py", import.meta.url));
const LOG_TAIL_LINES = 5;
const LOG_TAIL_BYTES = 16 * 1024;
const CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes";
/** A real-time endpoint's own limit, of requests too. */
const LARGEST_ANSWER = 25 * 1024 * 1024;

/**
 * Starts the process, or attaches to the one an earlier home left; resolves when the model is loaded.
 * @throws ServingStartError
 */
export async function openServing(spec: ServingSpec): Promise<ServingProcess> {
  const earlier = await attachServing(spec.directory);
  if (earlier !== undefined) return earlier;
  const { root, control, logFile } = jobFolders(spec.directory);
  rmSync(control, { recursive: true, force: true });
  rmSync(portFile(root), { force: true });
  mkdirSync(join(root, "serving"), { recursive: true });
  const token = randomBytes(24).toString("base64url");
  claimFor(root);
  writeFileSync(tokenFile(spec.directory), token, { mode: 0o600 });
  chmodSync(tokenFile(spec.directory), 0o600);
  const program = [
    "--program",
    spec.program,
    "--code-dir",
    spec.codeDirectory,
    "--model-dir",
    `${CONTAINER_ROOT}/model`,
    "--image",
    spec.image,
  ];
  const command = ["python3", SERVE, ...program, "--port-file", `${CONTAINER_ROOT}/serving/port`];
  const environment = { ...spec.variables, TIDEMILL_SERVING_TOKEN: token };
  const container = contained(
    { command, environment, workingDirectory: CONTAINER_ROOT },
    root,
    await isolation(spec.directory),
  );
  spec.signal.throwIfAborted();
  const process_ = await startSupervised({ control, logFile, ...container });
  const outcome = await started(root, process_, spec);
  if (outcome === "ready") return servingProcess(root, process_, token);
  process_.kill("SIGKILL");
  await process_.exited;
  spec.signal.throwIfAborted();
  const what = outcome === "ended" ? "ended before it was ready" : `was not ready after ${spec.startupMs / 1000} s`;
  throw new ServingStartError(`the serving process ${what}: ${await lastSaid(logFile)}`);
}

/** The serving process of an earlier home, if it still answers; one that does not, or not yet, is ended. */
export async function attachServing(directory: string): Promise<ServingProcess | undefined> {
  const { root, control } = jobFolders(directory);
  const process_ = attachSupervised(control);
  if (process_ === undefined) return undefined;
  if (existsSync(portFile(root)) && existsSync(tokenFile(directory))) {
    const serving = servingProcess(root, process_, readFileSync(tokenFile(directory), "utf8"));
    claimFor(root);
    if (await serving.ping()) return serving;
  }
  process_.kill("SIGKILL");
  await process_.exited;
  return undefined;
}

/** Ends the serving process of an earlier home, if there is one. */
export async function endServing(directory: string): Promise<void> {
  const process_ = attachSupervised(jobFolders(directory).control);
  process_?.kill("SIGKILL");
  await process_?.exited;
}

function servingProcess(root: string, process_: SupervisedProcess, token: string): ServingProcess {
  const port = Number(readFileSync(portFile(root), "utf8"));
  const ask = (method: string, path: string, timeoutMs: number, invocation?: Invocation) =>
    new Promise<InvocationAnswer>((resolve, reject) => {
      const headers = {
        "X-Tidemill-Serving-Token": token,
        ...(invocation && {
          "Content-Type": invocation.contentType,
          Accept: invocation.accept,
          ...(invocation.customAttributes !== undefined && { [CUSTOM_ATTRIBUTES]: invocation.customAttributes }),
          ...(invocation.inferenceId !== undefined && { "X-Amzn-SageMaker-Inference-Id": invocation.inferenceId }),
          "Content-Length": invocation.body.byteLength,
        }),
      };
      const signal = AbortSignal.timeout(timeoutMs);
      const late = () => new ServingAnswerError("TIMEOUT", `no answer within ${timeoutMs} ms`);
      const call = request({ host: "127.0.0.1", port, method, path, headers, signal }, (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > LARGEST_ANSWER) answer.destroy(tooLarge());
        });
        answer.on("error", (error) => reject(signal.aborted ? late() : error));
        answer.on("end", () => {
          const contentType = answer.headers["content-type"] ?? "application/octet-stream";
          const attributes = answer.headers[CUSTOM_ATTRIBUTES.toLowerCase()];
          resolve({
            status: answer.statusCode ?? 500,
            body: Buffer.concat(chunks),
            contentType,
            ...(typeof attributes === "string" && { customAttributes: attributes }),
          });
        });
      });
      call.on("error", (error) => reject(signal.aborted ? late() : error));
      call.end(invocation?.body);
    });
  return {
    exited: process_.exited,
    ping: () =>
      ask("GET", "/ping", 2000).then(
        ({ status }) => status === 200,
        () => false,
      ),
    invoke: (invocation, timeoutMs) => ask("POST", "/invocations", timeoutMs, invocation),
    async stop() {
      // It holds no state: no need to wait for a graceful end.
      process_.kill("SIGKILL");
      await process_.exited;
    },
  };
}

/** Waits until the model is loaded, the process ends, time is up, or nobody wants it any more. */
function started(root: string, process_: SupervisedProcess, { clock, startupMs, signal }: ServingSpec) {
  return new Promise<"ready" | "ended" | "late">((resolve) => {
    const settle = (outcome: "ready" | "ended" | "late") => {
      unwatch();
      disarm();
      signal.removeEventListener("abort", late);
      resolve(outcome);
    };
    const late = () => settle("late");
    const check = () => {
      if (existsSync(portFile(root))) settle("ready");
    };
    const unwatch = watchPath(join(root, "serving"), check);
    const disarm = clock.at(clock.now() + startupMs, late);
    signal.addEventListener("abort", late);
    process_.exited.then(() => settle("ended"));
    check();
  });
}

async function lastSaid(logFile: string): Promise<string> {
  const lines: string[] = [];
  for await (const line of lastLines(logFile, LOG_TAIL_BYTES)) if (line.trim() !== "") lines.push(line);
  return lines.slice(-LOG_TAIL_LINES).join(" | ") || "no output";
}

function tooLarge(): ServingAnswerError {
  return new ServingAnswerError("TOO_LARGE", `the answer has more than ${LARGEST_ANSWER} bytes`);
}

/** Writes down whose it is: without a home, the process ends after a while. */
function claimFor(root: string): void {
  const own = identify(process.pid);
  if (own === undefined) return;
  const file = join(root, "serving", "home");
  writeFileSync(`${file}.part`, `${own.pid} ${own.start}\n`);
  renameSync(`${file}.part`, file);
}

function portFile(root: string): string {
  return join(root, "serving", "port");
}

function tokenFile(directory: string): string {
  return join(directory, "token");
}
