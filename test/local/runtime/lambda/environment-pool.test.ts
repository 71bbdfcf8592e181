import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../../local/clock.ts";
import { EnvironmentPool } from "../../../../local/runtime/lambda/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const taskRoot = temporaryFolder("lambda");
const pool = new EnvironmentPool({ clock: systemClock, maxIdle: 3 });

const HANDLERS = `
let count = 0;
export const echo = async (event, context) => ({ event, count: ++count, id: context.awsRequestId, name: context.functionName,
  arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() > 0 });
export const env = async () => ({ keys: Object.keys(process.env), own: process.env.OWN });
export const fails = async () => { throw new TypeError("no good"); };
export const failsPlain = async () => { throw "text"; };
export const exits = async () => process.exit(3);
export const exitsQuietly = async () => process.exit(0);
export const rejects = async () => { Promise.reject(new Error("nobody listens")); await new Promise(() => {}); };
export const throwsLater = async () => { setImmediate(() => { throw new RangeError("later"); }); await new Promise(() => {}); };
export const hangs = async () => new Promise(() => setInterval(() => {}, 1000));
export const blocks = async () => { for (;;); };
export const grows = async () => { const all = []; for (;;) all.push(new Array(100000).fill(Math.random())); };
export const buffers = async () => { const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1)); };
export const signals = async () => process.kill(process.pid, "SIGKILL");
export const group = async () => process.kill(0);
export const alive = async () => process.kill(process.pid, 0);
export const tells = async () => { const { parentPort } = await import("node:worker_threads");
  for (const message of [null, "x", { kind: "result" }, { kind: "error", error: 1 }]) parentPort.postMessage(message); return "told"; };
export const nothing = async () => {};
export const circular = async () => { const a = {}; a.a = a; return a; };
export const large = async () => "x".repeat(7_000_000);
export const logs = async () => { console.log("one", { two: 2 }); process.stdout.write("raw\\n"); };
export const floods = async ({ lines }) => { for (let line = 0; line < lines; line++) console.log(line); };
export const long = async () => { console.log("x".repeat(10_000_000)); };
export const worksOn = async () => { console.log("begun"); await new Promise(() => setInterval(() => {}, 1000)); };
export const number = 5;
`;

beforeAll(() => {
  writeFileSync(join(taskRoot, "index.mjs"), HANDLERS);
  writeFileSync(join(taskRoot, "plain.js"), "exports.handler = (event, context, done) => done(null, event.x + 1);");
  writeFileSync(join(taskRoot, "broken.mjs"), "export const handler = (;");
  writeFileSync(join(taskRoot, "needs.mjs"), 'import "not-a-package-of-this-world"; export const handler = () => 1;');
});

afterAll(() => pool.close());

const MESSAGE = {
  requestId: "r-1",
  traceId: "Root=1-0-0;Sampled=0",
  payload: "{}",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
  functionVersion: "$LATEST",
};

const specOf = (handler: string) => ({
  taskRoot,
  handler,
  runtime: "nodejs24.x",
  memoryMb: 128,
  timeoutMs: 20_000,
  variables: { AWS_LAMBDA_FUNCTION_NAME: "f", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128", OWN: "yes" },
  logStream: "stream",
  expiresMs: Number.POSITIVE_INFINITY,
});

async function run(
  handler: string,
  options: { payload?: unknown; timeoutMs?: number; memoryMb?: number; runtime?: string; room?: Promise<void> } = {},
) {
  let log = "";
  const outcome = await pool.invoke({
    key: handler,
    spec: () => ({
      ...specOf(handler),
      ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
      ...(options.memoryMb === undefined ? {} : { memoryMb: options.memoryMb }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    }),
    message: { ...MESSAGE, payload: JSON.stringify(options.payload ?? {}) },
    output: (_stream, text) => {
      log += text;
      return options.room;
    },
  });
  return { ...outcome, answer: JSON.parse(outcome.payload), log };
}

describe("a handler that returns", () => {
  it("gets the event and the context, and keeps its module between invocations", async () => {
    const first = await run("index.echo", { payload: { a: 1 } });
    expect(first.answer).toEqual({
      event: { a: 1 },
      count: 1,
      id: "r-1",
      name: "f",
      arn: "arn:aws:lambda:us-east-1:000000000000:function:f",
      memory: "128",
      left: true,
    });
    expect(first.initMs).toBeGreaterThan(0);
    const second = await run("index.echo");
    expect(second.answer.count).toBe(2);
    expect(second.initMs).toBeUndefined();
  });

  it("sees its own variables and nothing of the host's", async () => {
    const { answer } = await run("index.env");
    expect(answer.own).toBe("yes");
    expect(answer.keys.sort()).toEqual([
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "OWN",
      "_X_AMZN_TRACE_ID",
    ]);
  });

  it("may write to the port it finds, which means nothing to the home", async () => {
    expect((await run("index.tells")).answer).toBe("told");
  });

  it("may ask whether its process lives", async () => {
    expect((await run("index.alive")).answer).toBe(true);
  });

  it("answers null for nothing", async () => {
    expect((await run("index.nothing")).payload).toBe("null");
  });

  it("may call back before Node.js 24", async () => {
    expect((await run("plain.handler", { payload: { x: 1 }, runtime: "nodejs22.x" })).answer).toBe(2);
  });

  it("has its output captured in order, in Lambda's format", async () => {
    const { log } = await run("index.logs");
    expect(log).toMatch(/^\d{4}-.*Z\tr-1\tINFO\tone { two: 2 }\nraw\n$/);
  });
});

describe("a handler that fails", () => {
  it.each([
    { handler: "index.fails", errorType: "TypeError", errorMessage: /^no good$/ },
    { handler: "index.failsPlain", errorType: "string", errorMessage: /^text$/ },
    {
      handler: "index.exits",
      errorType: "Runtime.ExitError",
      errorMessage: /^RequestId: r-1 Error: Runtime exited with error: exit status 3$/,
    },
    {
      handler: "index.exitsQuietly",
      errorType: "Runtime.ExitError",
      errorMessage: /^RequestId: r-1 Error: Runtime exited without providing a reason$/,
    },
    {
      handler: "index.buffers",
      errorType: "Runtime.ExitError",
      errorMessage: /^RequestId: r-1 Error: Runtime exited with error: signal: killed$/,
    },
    { handler: "index.signals", errorType: "Runtime.ExitError", errorMessage: /exit status 137$/ },
    { handler: "index.group", errorType: "Runtime.ExitError", errorMessage: /exit status 137$/ },
    {
      handler: "index.rejects",
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: /^Error: nobody listens$/,
    },
    { handler: "index.throwsLater", errorType: "RangeError", errorMessage: /^later$/ },
    { handler: "index.circular", errorType: "Error", errorMessage: /^Unable to stringify response body$/ },
    {
      handler: "index.large",
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: /exceeded maximum allowed payload size/,
    },
    { handler: "index.number", errorType: "Runtime.HandlerNotFound", errorMessage: /^index.number is not a function$/ },
    {
      handler: "index.absent",
      errorType: "Runtime.HandlerNotFound",
      errorMessage: /^index.absent is undefined or not exported$/,
    },
    {
      handler: "nowhere.handler",
      errorType: "Runtime.ImportModuleError",
      errorMessage: /^Error: Cannot find module 'nowhere'/,
    },
    { handler: "needs.handler", errorType: "Runtime.ImportModuleError", errorMessage: /not-a-package-of-this-world/ },
    { handler: "broken.handler", errorType: "Runtime.UserCodeSyntaxError", errorMessage: /^SyntaxError: / },
    { handler: "noDot", errorType: "Runtime.MalformedHandlerName", errorMessage: /^Bad handler$/ },
  ])("$handler answers $errorType", async ({ handler, errorType, errorMessage }) => {
    const { failed, answer } = await run(handler);
    expect(failed).toBe(true);
    expect(answer.errorType).toBe(errorType);
    expect(answer.errorMessage).toMatch(errorMessage);
  });

  it.each(["index.hangs", "index.blocks"])(
    "%s is ended at its timeout, and the next invocation gets a fresh environment",
    async (handler) => {
      const first = await run(handler, { timeoutMs: 300 });
      expect(first.answer).toEqual({
        errorType: "Sandbox.Timedout",
        errorMessage: "RequestId: r-1 Error: Task timed out after 0.30 seconds",
      });
      expect((await run(handler, { timeoutMs: 300 })).initMs).toBeGreaterThan(0);
    },
  );

  it("is ended when it fills its memory", async () => {
    const { answer } = await run("index.grows", { memoryMb: 64 });
    expect(answer).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: r-1 Error: Runtime exited with error: signal: killed",
    });
  });
});

describe("a handler that writes and writes", () => {
  const numbersIn = (log: string) => [...log.matchAll(/\tINFO\t(\d+)$/gm)].map(([, line]) => Number(line));

  it("waits where the home does not take what it wrote", async () => {
    const full = new Promise<void>(() => undefined);
    const { log, answer } = await run("index.floods", { payload: { lines: 1e6 }, timeoutMs: 1000, room: full });
    expect(answer.errorType).toBe("Sandbox.Timedout");
    expect(log.length).toBeGreaterThan(60_000);
    expect(log.length).toBeLessThan(70_000);
  });

  it("loses nothing where the home takes it in its time", async () => {
    const slow = new Promise<void>((resolve) => setImmediate(resolve));
    const { log } = await run("index.floods", { payload: { lines: 20_000 }, room: slow });
    expect(numbersIn(log)).toEqual(Array.from({ length: 20_000 }, (_, line) => line));
  });

  it("has a line cut that no log could keep", async () => {
    expect((await run("index.long")).log.length).toBe(256 * 1024);
  });
});

describe("the pool", () => {
  it("makes one environment for each invocation at the same time, and keeps few", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => run("index.nothing")));
    expect(answers.filter(({ initMs }) => initMs !== undefined).length).toBeGreaterThanOrEqual(4);
    expect(pool.idleCount).toBeLessThanOrEqual(3);
  });

  const ready = (warmed: EnvironmentPool, asked: string[], keys: string[]) =>
    warmed.warm(
      keys.map((key) => ({
        key,
        spec: () => {
          asked.push(key);
          return specOf("index.nothing");
        },
      })),
    );

  it("makes ready in order what has no environment, up to as many as are kept", async () => {
    const warmed = new EnvironmentPool({ clock: systemClock, maxIdle: 2 });
    const asked: string[] = [];
    await ready(warmed, asked, ["one", "one", "two", "three"]);
    expect(asked).toEqual(["one", "two"]);
    expect(warmed.idleCount).toBe(2);
    await warmed.close();
  });

  it("makes nothing ready beside an environment that is at work", async () => {
    const warmed = new EnvironmentPool({ clock: systemClock, maxIdle: 2 });
    const asked: string[] = [];
    const { promise: atWork, resolve: begun } = Promise.withResolvers<void>();
    const working = warmed.invoke({
      key: "one",
      spec: () => specOf("index.worksOn"),
      message: MESSAGE,
      output: () => {
        begun();
        return undefined;
      },
    });
    await atWork;
    await ready(warmed, asked, ["one"]);
    expect(asked).toEqual([]);
    void warmed.close();
    expect(await working).toMatchObject({ failed: true });
  });

  it("goes on to the next where a function cannot be loaded, and stops once closed", async () => {
    const warmed = new EnvironmentPool({ clock: systemClock, maxIdle: 3 });
    const asked: string[] = [];
    await warmed.warm([{ key: "broken", spec: () => specOf("broken.handler") }]);
    const warming = ready(warmed, asked, ["one", "two"]);
    void warmed.close();
    await warming;
    expect(asked).toEqual(["one"]);
    expect(warmed.idleCount).toBe(0);
  });
});
