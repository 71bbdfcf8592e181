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

describe("a function whose destination leads back to it", () => {
  const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
  const lead = (FunctionName: string, onSuccess: string, onFailure: string) =>
    functions.make("AWS::Lambda::EventInvokeConfig", {
      FunctionName,
      Qualifier: "$LATEST",
      DestinationConfig: { OnSuccess: { Destination: onSuccess }, OnFailure: { Destination: onFailure } },
    });

  it("is stopped after sixteen runs, and what was to be the next goes to its failure destination", async () => {
    await functions.putFunction("round", "exports.handler = async () => 1;");
    await lead("round", arn("lambda", "function:round"), arn("sqs", "stopped"));
    const before = sqs.calls.length;
    await invoke("round", undefined, { InvocationType: "Event" });
    await expect.poll(() => sqs.calls.length, { timeout: 30_000 }).toBe(before + 1);
    const { MessageBody } = Object(sqs.calls.at(-1)?.input);
    expect(JSON.parse(MessageBody).responsePayload.errorType).toBe("RecursiveInvocationException");
  });

  it("sends a queue the chain it ran in, which the queue goes on with", async () => {
    await functions.putFunction("sender", "exports.handler = async () => 1;");
    await lead("sender", arn("sqs", "next"), arn("sqs", "next"));
    const before = sqs.calls.length;
    await invoke("sender", await chain(["self"]), { InvocationType: "Event" });
    await expect.poll(() => sqs.calls.length).toBe(before + 1);
    expect(sqs.calls.at(-1)?.trace).toMatch(/^Lineage=[0-9a-f]{8}:1\|[0-9a-f]{8}:1$/);
  });
});
