/** One invocation of a function, from its configuration to its outcome and its log lines. */
import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { EnvironmentPool, EnvironmentSpec, Outcome } from "../../runtime/lambda/index.ts";
import { codeFolder } from "./function-code.ts";
import { logGroupOf } from "./function-configuration.ts";
import type { FunctionStore, StoredFunction } from "./function-store.ts";
import { hasRunOut, lineageOfRun, recursiveInvocation } from "./lineage.ts";
import type { LogWriter } from "./log-writer.ts";
import { LATEST } from "./version-store.ts";

export interface Invocation {
  requestId: string;
  /** JSON text. */
  payload: string;
  clientContext?: string | undefined;
  qualifier?: string | undefined;
  /** The X-Ray trace header of what invokes. */
  trace?: string | undefined;
}

export const ACCOUNT_CONCURRENCY = 1000;
const LOG_TAIL_BYTES = 4096;
// About as long as an idle environment lives.
const WARM_AGAIN_MS = 60_000;

export class Invoker {
  readonly #home: HomePorts;
  readonly #functions: FunctionStore;
  readonly #pool: EnvironmentPool;
  readonly #logs: LogWriter;
  readonly #concurrent = new Map<string, number>();
  /** Functions invoked, in the order in which they were first: likely that of the next work too. */
  readonly #invoked = new Set<string>();
  #warmUntilMs = 0;

  constructor(home: HomePorts, functions: FunctionStore, pool: EnvironmentPool, logs: LogWriter) {
    this.#home = home;
    this.#functions = functions;
    this.#pool = pool;
    this.#logs = logs;
  }

  /** @throws AwsError TooManyRequestsException at the function's reserved concurrency, RecursiveInvocationException */
  async invoke(stored: StoredFunction, invocation: Invocation): Promise<Outcome & { logTail: string }> {
    if (this.loops(stored, invocation.trace)) throw recursiveInvocation();
    const lineage = lineageOfRun(invocation.trace, this.#functions.arn(stored.name));
    const running = this.#concurrent.get(stored.name) ?? 0;
    if (running >= (stored.reservedConcurrency ?? ACCOUNT_CONCURRENCY)) {
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", {
        status: 429,
        fields: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Type: "User" },
      });
    }
    this.#concurrent.set(stored.name, running + 1);
    this.#invoked.add(stored.name);
    try {
      return await this.#run(stored, invocation, lineage);
    } finally {
      this.#concurrent.set(stored.name, (this.#concurrent.get(stored.name) ?? 1) - 1);
    }
  }

  /** Whether the function is to be stopped here: it has had its runs in this chain, and may not go round. */
  loops({ name }: StoredFunction, trace: string | undefined): boolean {
    if (!hasRunOut(trace, this.#functions.arn(name)) || this.#functions.find(name)?.recursiveLoop === "Allow")
      return false;
    this.#home.log(
      "warn",
      `${name} was stopped: it ran 16 times in one chain of requests, which its own output goes on with`,
    );
    return true;
  }

  /** Starts environments ahead of invocations, those of functions that were invoked before first; once in a while only. */
  warm(): void {
    const nowMs = this.#home.clock.now();
    if (nowMs < this.#warmUntilMs) return;
    this.#warmUntilMs = nowMs + WARM_AGAIN_MS;
    const invoked = [...this.#invoked];
    const rank = ({ name }: StoredFunction) => (this.#invoked.has(name) ? invoked.indexOf(name) : invoked.length);
    const functions = this.#functions.list().sort((one, other) => rank(one) - rank(other));
    this.#pool
      .warm(functions.map((stored) => this.#poolFunction(stored)))
      .catch((error) => this.#home.log("warn", "functions could not be made ready", { error: String(error) }));
  }

  /** Starts an environment of a function that will be invoked, unless it has one; resolves once it is loaded. */
  async foresee(reference: string): Promise<void> {
    const stored = this.#functions.findLatest(reference);
    if (stored !== undefined) await this.#pool.warm([this.#poolFunction(stored)]);
  }

  #poolFunction(stored: StoredFunction) {
    return { key: keyOf(stored), spec: () => this.#spec(stored) };
  }

  /** Configuration or code changed: warm environments of the old one end. */
  changed(name: string): void {
    this.#pool.drop((key) => key.startsWith(`${name}@`));
  }

  async #run(stored: StoredFunction, invocation: Invocation, lineage: string) {
    const { requestId, payload, clientContext, qualifier } = invocation;
    let tail = "";
    const say = (logStream: string, text: string) => {
      tail = (tail + text).slice(-LOG_TAIL_BYTES);
      return this.#logs.write(stored, logStream, text);
    };
    let started = false;
    const start = (logStream: string) => {
      if (!started) say(logStream, `START RequestId: ${requestId} Version: ${stored.version ?? LATEST}\n`);
      started = true;
    };
    const arn = this.#functions.arn(stored.name);
    const outcome = await this.#pool.invoke({
      ...this.#poolFunction(stored),
      message: {
        requestId,
        payload,
        traceId: `${this.#traceId()};Lineage=${lineage}`,
        invokedFunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
        functionVersion: stored.version ?? LATEST,
        ...(clientContext === undefined ? {} : { clientContext }),
      },
      output: (logStream, text) => {
        start(logStream);
        return say(logStream, text);
      },
    });
    start(outcome.logStream);
    if (outcome.note !== undefined) say(outcome.logStream, `${this.#isoNow()} ${requestId} ${outcome.note}\n`);
    say(outcome.logStream, `END RequestId: ${requestId}\n`);
    say(outcome.logStream, report(stored, requestId, outcome));
    return { ...outcome, logTail: tail };
  }

  #spec(stored: StoredFunction): EnvironmentSpec & { expiresMs: number } {
    const { home } = { home: this.#home };
    const logStream = `${this.#isoNow().slice(0, 10).replaceAll("-", "/")}/[${stored.version ?? LATEST}]${home.uuid().replaceAll("-", "")}`;
    const credentials = home.credentialsFor(stored.role, stored.name);
    const taskRoot = codeFolder(home, stored);
    return {
      taskRoot,
      handler: stored.handler,
      runtime: stored.runtime,
      memoryMb: stored.memoryMb,
      timeoutMs: stored.timeoutSeconds * 1000,
      logStream,
      expiresMs: credentials.expiration.getTime(),
      variables: {
        ...BASE_VARIABLES,
        ...stored.variables,
        _HANDLER: stored.handler,
        LAMBDA_TASK_ROOT: taskRoot,
        AWS_REGION: home.region,
        AWS_DEFAULT_REGION: home.region,
        AWS_EXECUTION_ENV: `AWS_Lambda_${stored.runtime}`,
        AWS_LAMBDA_FUNCTION_NAME: stored.name,
        AWS_LAMBDA_FUNCTION_VERSION: stored.version ?? LATEST,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(stored.memoryMb),
        AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(stored),
        AWS_LAMBDA_LOG_STREAM_NAME: logStream,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_ENDPOINT_URL: home.endpointUrl(),
        AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
      },
    };
  }

  #traceId(): string {
    const seconds = Math.floor(this.#home.clock.now() / 1000)
      .toString(16)
      .padStart(8, "0");
    const random = createHash("sha256").update(this.#home.uuid()).digest("hex");
    return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24, 40)};Sampled=0`;
  }

  #isoNow(): string {
    return new Date(this.#home.clock.now()).toISOString();
  }
}

const BASE_VARIABLES = {
  PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
  LANG: "en_US.UTF-8",
  TZ: ":UTC",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
  // The SDK must not read the host user's own AWS files, nor ask the host's metadata service.
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

function keyOf(stored: StoredFunction): string {
  return `${stored.name}@${stored.revisionId}`;
}

function report(stored: StoredFunction, requestId: string, outcome: Outcome): string {
  const billed = Math.ceil(outcome.durationMs + (outcome.initMs ?? 0));
  const used = Math.max(1, Math.ceil(outcome.heapBytes / 2 ** 20));
  const init = outcome.initMs === undefined ? "" : `\tInit Duration: ${outcome.initMs.toFixed(2)} ms`;
  return `REPORT RequestId: ${requestId}\tDuration: ${outcome.durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${stored.memoryMb} MB\tMax Memory Used: ${used} MB${init}\t\n`;
}
