import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, type InvokeEndpointCommandInput } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { configure, serving } from "./served-model.ts";

let home: SagemakerHome;
const EndpointName = "greeter";

beforeAll(async () => {
  home = await openSagemakerHome();
  await model("v1", 'def model_fn(model_dir): return "one"');
  await model("v2", 'def model_fn(model_dir): return "two"');
  await model("broken", 'def model_fn(model_dir): raise RuntimeError("the weights are gone")');
});
afterAll(() => home.close());

/** A model, and an endpoint configuration of the same name; it answers "<its word> <request>". */
async function model(name: string, modelFn: string): Promise<void> {
  const program = `${modelFn}
def input_fn(body, content_type): return body.decode()
def predict_fn(text, model, context):
    if text == "context":
        header = lambda name: context.get_request_header(0, "X-Amzn-SageMaker-" + name)
        attributes = "seen " + header("Custom-Attributes") + " " + header("Inference-Id")
        context.set_response_header(0, "X-Amzn-SageMaker-Custom-Attributes", attributes)
    if text == "headers": return str(context.get_all_request_header(0))
    if text == "bad": raise ValueError("bad is not understood")
    if text == "worse": raise RuntimeError("out of order")
    return model + " " + text
def output_fn(prediction, accept): return prediction, "text/plain"
`;
  await configure(home, name, serving(program));
}

async function invoke(text: string): Promise<string> {
  const request = { EndpointName, ContentType: "text/plain", Body: text };
  return (await home.runtime.send(new InvokeEndpointCommand(request))).Body.transformToString();
}

const invokeWith = (more: Partial<InvokeEndpointCommandInput>) =>
  home.runtime.send(new InvokeEndpointCommand({ EndpointName, ContentType: "text/plain", Body: "hello", ...more }));

const inService = (EndpointConfigName: string) =>
  home.event("SageMaker Endpoint State Change", { EndpointName, EndpointConfigName, EndpointStatus: "IN_SERVICE" });

// One endpoint from its making to its end: each test takes it up as the one before left it.
describe("an endpoint", { shuffle: false }, () => {
  it("serves its model, and passes the model's errors on", async () => {
    await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName, EndpointConfigName: "v1" }));
    await inService("v1");
    expect(await invoke("hello")).toBe("one hello");
    await expect(invoke("bad")).rejects.toMatchObject({
      name: "ModelError",
      OriginalStatusCode: 400,
      OriginalMessage: "bad is not understood",
    });
    await expect(invoke("worse")).rejects.toMatchObject({
      name: "ModelError",
      OriginalStatusCode: 500,
      OriginalMessage: "out of order",
    });
  });

  it("names a variant that it does not have", async () => {
    const asked = invokeWith({ TargetVariant: "none" });
    await expect(asked).rejects.toMatchObject({ name: "ValidationError" });
    await expect(asked).rejects.toThrow(
      /Endpoint greeter .* no production variant is called none; expected one of: all/,
    );
    expect((await invokeWith({ TargetVariant: "all" })).InvokedProductionVariant).toBe("all");
  });

  it("passes on what the request says beside its body, and what the model answers to that", async () => {
    const answer = await invokeWith({ Body: "context", CustomAttributes: "trace=7; x", InferenceId: "id-1" });
    expect(answer.CustomAttributes).toBe("seen trace=7; x id-1");
    expect((await invokeWith({})).CustomAttributes).toBeUndefined();
    await expect(invokeWith({ CustomAttributes: "x".repeat(1025) })).rejects.toThrow(/'customAttributes'/);
  });

  it("does not tell its model the home's own token", async () => {
    expect((await invokeWith({ Body: "headers" })).Body.transformToString()).not.toMatch(/token/i);
  });

  it("cannot be created twice", async () => {
    await expect(
      home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName, EndpointConfigName: "v1" })),
    ).rejects.toThrow(/Cannot create already existing endpoint/);
  });

  it("N1: serves the new model after an update", async () => {
    await home.sagemaker.send(new sm.UpdateEndpointCommand({ EndpointName, EndpointConfigName: "v2" }));
    await inService("v2");
    expect(await invoke("hello")).toBe("two hello");
  });

  it("N1: stays in service as it was when the new model cannot be loaded, and says why", async () => {
    const before = home.events.length;
    await home.sagemaker.send(new sm.UpdateEndpointCommand({ EndpointName, EndpointConfigName: "broken" }));
    await expect(
      home.sagemaker.send(new sm.UpdateEndpointCommand({ EndpointName, EndpointConfigName: "v1" })),
    ).rejects.toThrow(/Cannot update in-progress endpoint/);
    await home.settled(before, "SageMaker Endpoint State Change", { EndpointName, EndpointStatus: "IN_SERVICE" });
    const described = await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName }));
    expect(described).toMatchObject({ EndpointStatus: "InService", EndpointConfigName: "v2" });
    expect(described.FailureReason).toMatch(/the weights are gone/);
    expect(await invoke("hello")).toBe("two hello");
  });

  it("takes a body of 25 MB, as much as a real-time endpoint, and no byte more", async () => {
    const most = 25 * 1024 * 1024;
    expect(await invoke("x".repeat(most - 8))).toHaveLength(most - 4);
    await expect(invoke("x".repeat(most + 1))).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
  });

  it("answers again after its process was killed", async () => {
    const pid = join(home.directory, "sagemaker/endpoint", EndpointName, "2/all/control/pid");
    process.kill(-Number(readFileSync(pid, "utf8").split(" ")[0]), "SIGKILL");
    expect(await invoke("hello")).toBe("two hello");
  });

  it("is gone after it was deleted", async () => {
    await home.sagemaker.send(new sm.DeleteEndpointCommand({ EndpointName }));
    await expect(invoke("hello")).rejects.toMatchObject({ name: "ValidationError" });
  });
});
