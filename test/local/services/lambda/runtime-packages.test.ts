import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FunctionHome, openFunctionHome } from "./function-home.ts";

describe("a function without packages of its own", () => {
  let functions: FunctionHome;
  beforeEach(async () => {
    functions = await openFunctionHome();
  });
  afterEach(() => functions.close());

  async function invoke(source: string) {
    await functions.putFunction("bare", source);
    const answer = await new LambdaClient(functions.home.clientConfig()).send(
      new InvokeCommand({ FunctionName: "bare" }),
    );
    return JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8"));
  }

  it.each([
    { how: "requires", load: `require("@aws-sdk/client-sqs")` },
    { how: "imports", load: `await import("@aws-sdk/client-sqs")` },
    { how: "requires a part of", load: `{ SQSClient: require("@smithy/core/protocols").HttpRequest }` },
  ])("$how the runtime's AWS SDK", async ({ load }) => {
    const source = `exports.handler = async () => { const { SQSClient } = ${load}; return typeof SQSClient; };`;
    expect(await invoke(source)).toBe("function");
  });

  it.each(["@aws-sdk/client-of-nothing", "zod"])("does not find %s, which the runtime has not", async (name) => {
    expect(await invoke(`exports.handler = async () => require("${name}")`)).toMatchObject({
      errorMessage: expect.stringMatching(new RegExp(`^Cannot find module '${name}'\nRequire stack:\n- .*index.js`)),
    });
  });
});
