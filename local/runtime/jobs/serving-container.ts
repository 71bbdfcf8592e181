/** An endpoint's process: the user's inference code behind serve.py, on a loopback port only this home may use. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CONTAINER_ROOT, contained, isolation } from "./container.ts";
import { jobFolders } from "./container-environment.ts";
import type { Environment } from "./environment.ts";
import { attachSupervised, type SupervisedProcess, startSupervised } from "./supervised-process.ts";

export interface ServingSpec {
  /** The serving process's own folder; `root/model` holds the unpacked model, `root/code` the code where it is not in the model. */
  directory: string;
  environment: Environment;
  variables: Readonly<Record<string, string>>;
  /** SAGEMAKER_PROGRAM. */
  program: string;
  /** The program's folder, in the container's terms. */
  codeDirectory: string;
}

export interface Invocation {
  body: Uint8Array;
  contentType: string;
  accept: string;
}

export interface InvocationAnswer {
  status: number;
  body: Buffer;
  contentType: string;
}

export interface ServingProcess {
  /** True once, and as long as, /ping answers 200. */
  ping(): Promise<boolean>;
  /** @throws when the process is gone or closes the connection */
  invoke(invocation: Invocation, timeoutMs: number): Promise<InvocationAnswer>;
  readonly exited: SupervisedProcess["exited"];
  stop(): Promise<void>;
}

/** The process ended before it was ready; the message ends in what it said last. */
export class ServingStartError extends Error {
  override readonly name = "ServingStartError";
  readonly code = "SERVING_START";
}

const SERVE = fileURLToPath(new URL("serve.py", import.meta.url));
const LOG_TAIL_LINES = 5;

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
  writeFileSync(tokenFile(spec.directory), token, { mode: 0o600 });
  chmodSync(tokenFile(spec.directory), 0o600);
  const program = [
    "--program",
    spec.program,
    "--code-dir",
    spec.codeDirectory,
    "--model-dir",
    `${CONTAINER_ROOT}/model`,
  ];
  const command = ["python3", SERVE, ...program, "--port-file", `${CONTAINER_ROOT}/serving/port`];
  const environment = { ...spec.variables, TIDEMILL_SERVING_TOKEN: token };
  const container = contained({ command, environment, workingDirectory: CONTAINER_ROOT }, root, await isolation());
  const process_ = await startSupervised({ control, logFile, ...container });
  const ready = await Promise.race([portWritten(root), process_.exited.then(() => false as const)]);
  if (!ready) {
    const said = existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n").slice(-LOG_TAIL_LINES) : [];
    throw new ServingStartError(`the serving process ended before it was ready: ${said.join(" | ") || "no output"}`);
  }
  return servingProcess(root, process_, token);
}

/** The serving process of an earlier home, if it still answers. */
export async function attachServing(directory: string): Promise<ServingProcess | undefined> {
  const { root, control } = jobFolders(directory);
  const process_ = attachSupervised(control);
  if (process_ === undefined || !existsSync(portFile(root)) || !existsSync(tokenFile(directory))) return undefined;
  const serving = servingProcess(root, process_, readFileSync(tokenFile(directory), "utf8"));
  if (await serving.ping()) return serving;
  await serving.stop();
  return undefined;
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
          "Content-Length": invocation.body.byteLength,
        }),
      };
      const call = request({ host: "127.0.0.1", port, method, path, headers, timeout: timeoutMs }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const contentType = answer.headers["content-type"] ?? "application/octet-stream";
          resolve({ status: answer.statusCode ?? 500, body: Buffer.concat(chunks), contentType });
        });
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      call.on("error", reject);
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

function portWritten(root: string): Promise<true> {
  return new Promise((resolve) => {
    const check = () => {
      if (!existsSync(portFile(root))) return;
      watcher.close();
      resolve(true);
    };
    const watcher = watch(join(root, "serving"), { persistent: false }, check);
    watcher.on("error", () => undefined);
    check();
  });
}

function portFile(root: string): string {
  return join(root, "serving", "port");
}

function tokenFile(directory: string): string {
  return join(directory, "token");
}
