import { InvokeCommand, type InvokeCommandInput, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FunctionHome, openFunctionHome, ROLE } from "./function-home.ts";
import { recordingService } from "./recording-service.ts";

const SOURCE = "exports.handler = async () => process.env._X_AMZN_TRACE_ID;";
const sqs = recordingService("sqs", ["SendMessage"]);

let functions: FunctionHome;
beforeAll(async () => {
  functions = await openFunctionHome([sqs.definition]);
  await functions.putFunction("self", SOURCE);
  await functions.make("AWS::Lambda::Function", {
    FunctionName: "dead",
    Role: ROLE,
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Code: { ZipFile: SOURCE },
    DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:dead" },
  });
});
afterAll(() => functions.close());

/** Invokes as a function's SDK does: with the trace header of its own invocation. Returns that of the invoked. */
async function invoke(FunctionName: string, trace: string | undefined, more: Partial<InvokeCommandInput> = {}) {
  const client = new LambdaClient({ ...functions.home.clientConfig(), maxAttempts: 1 });
  client.middlewareStack.add(
    <Args extends { request: unknown }, Result>(next: (args: Args) => Result) =>
      (args: Args): Result => {
        if (trace !== undefined) Object(args.request).headers["x-amzn-trace-id"] = trace;
        return next(args);
      },
    { step: "build", name: "trace" },
  );
  try {
    const { Payload } = await client.send(new InvokeCommand({ FunctionName, ...more }));
    const text = Payload?.transformToString() ?? "";
    return text === "" ? "" : String(JSON.parse(text));
  } finally {
    client.destroy();
  }
}

async function chain(names: readonly string[]): Promise<string | undefined> {
  let trace: string | undefined;
  for (const name of names) trace = await invoke(name, trace);
  return trace;
}

describe("a function that invokes itself", () => {
  it("is stopped after sixteen runs in a chain, and not what invokes it anew", async () => {
    const trace = await chain(Array<string>(16).fill("self"));
    await expect(invoke("self", trace)).rejects.toMatchObject({ name: "RecursiveInvocationException", Type: "User" });
    expect(await invoke("self", undefined)).toContain("Lineage=");
  });

  it("is stopped on a detour over another, which may run until it has its own sixteen", async () => {
    const trace = await chain(Array.from({ length: 32 }, (_, index) => (index % 2 === 0 ? "self" : "dead")));
    await expect(invoke("self", trace)).rejects.toMatchObject({ name: "RecursiveInvocationException" });
    const short = await chain(["self", "dead", "self"]);
    expect(await invoke("dead", short)).toContain("Lineage=");
  });

  it("has the event of a run that was stopped given to its dead-letter queue", async () => {
    const trace = await chain(Array<string>(16).fill("dead"));
    await invoke("dead", trace, { InvocationType: "Event", Payload: '{"round":17}' });
    await expect.poll(() => sqs.calls.length).toBe(1);
    expect(sqs.calls[0]?.input).toMatchObject({
      MessageBody: '{"round":17}',
      MessageAttributes: { ErrorMessage: { StringValue: expect.stringContaining("in a recursive loop") } },
    });
  });

  it.each(["Lineage=", "Lineage=:::|||", "Lineage=zz:1;Lineage=a:b", `Root=1;Lineage=${"a:1|".repeat(1000)}`])(
    "runs under a header that says nothing: %s",
    async (trace) => {
      expect(await invoke("self", trace.slice(0, 4000))).toContain("Lineage=");
    },
  );
});
