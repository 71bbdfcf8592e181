/** Endpoints of several variants, and of several models in one. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUCKET, openSagemakerHome, ROLE, type SagemakerHome } from "./sagemaker-home.ts";
import { configure, serving } from "./served-model.ts";

/** A model that answers with its word and how many requests it had. */
const word = (text: string) =>
  serving(`def model_fn(model_dir): return []
def transform_fn(model, body, content_type, accept):
    model.append(body)
    return "${text} %d" % len(model), "text/plain"
`);

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  await configure(home, "one", word("one"));
  await configure(home, "two", word("two"));
});
afterAll(() => home.close());

const put = (Key: string, Body: Uint8Array) => home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

const variant = (VariantName: string, ModelName: string, InitialVariantWeight = 1): sm.ProductionVariant => ({
  VariantName,
  ModelName,
  InitialInstanceCount: 1,
  InitialVariantWeight,
});

async function deploy(name: string, ProductionVariants: sm.ProductionVariant[]): Promise<void> {
  await home.sagemaker.send(new sm.CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
  await home.sagemaker.send(new sm.CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  await home.event("SageMaker Endpoint State Change", { EndpointName: name, EndpointStatus: "IN_SERVICE" });
}

async function invoke(EndpointName: string, more: { TargetModel?: string; TargetVariant?: string } = {}) {
  const request = new InvokeEndpointCommand({ EndpointName, Body: "x", ContentType: "text/csv", ...more });
  return (await home.runtime.send(request)).Body.transformToString();
}

describe("an endpoint of several variants", () => {
  it("asks them by their weights, or the one that is named", async () => {
    await deploy("both", [variant("a", "one", 1), variant("b", "two", 0)]);
    expect([await invoke("both"), await invoke("both")]).toEqual(["one 1", "one 2"]);
    expect(await invoke("both", { TargetVariant: "b" })).toBe("two 1");
    const DesiredWeightsAndCapacities = [
      { VariantName: "a", DesiredWeight: 0 },
      { VariantName: "b", DesiredWeight: 3 },
    ];
    const update = { EndpointName: "both", DesiredWeightsAndCapacities };
    await home.sagemaker.send(new sm.UpdateEndpointWeightsAndCapacitiesCommand(update));
    expect(await invoke("both")).toBe("two 2");
    const described = await home.sagemaker.send(new sm.DescribeEndpointCommand({ EndpointName: "both" }));
    expect(described.ProductionVariants).toMatchObject([{ CurrentWeight: 0 }, { CurrentWeight: 3 }]);
    const unknown = { EndpointName: "both", DesiredWeightsAndCapacities: [{ VariantName: "c", DesiredWeight: 1 }] };
    await expect(home.sagemaker.send(new sm.UpdateEndpointWeightsAndCapacitiesCommand(unknown))).rejects.toThrow(/"c"/);
  });

  it.each([
    { more: { ShadowProductionVariants: [variant("s", "two")] }, said: /ShadowProductionVariants are not built/ },
    {
      more: { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: "s3://artifacts/async" } } },
      said: /Asynchronous endpoints are not built/,
    },
    { more: { ProductionVariants: [{ VariantName: "a" }] }, said: /Inference components, .* are not built/ },
    { more: { ProductionVariants: [variant("a", "one"), variant("a", "two")] }, said: /must be unique, found a twice/ },
  ])("is refused where it would not be served as asked: $said", async ({ more, said }) => {
    const request = { EndpointConfigName: "refused", ProductionVariants: [variant("a", "one")], ...more };
    await expect(home.sagemaker.send(new sm.CreateEndpointConfigCommand(request))).rejects.toThrow(said);
  });
});

describe("a multi-model endpoint", () => {
  it("loads the model that a request names, and keeps it", async () => {
    await put("many/a.tar.gz", word("first"));
    await put("many/deep/b.tar.gz", word("second"));
    const PrimaryContainer = {
      Image: "none:1",
      Mode: "MultiModel" as const,
      ModelDataUrl: `s3://${BUCKET}/many/`,
      Environment: { SAGEMAKER_PROGRAM: "inference.py" },
    };
    await home.sagemaker.send(
      new sm.CreateModelCommand({ ModelName: "many", ExecutionRoleArn: ROLE, PrimaryContainer }),
    );
    await deploy("many", [variant("all", "many")]);
    expect(await invoke("many", { TargetModel: "a.tar.gz" })).toBe("first 1");
    expect(await invoke("many", { TargetModel: "/deep/b.tar.gz" })).toBe("second 1");
    expect(await invoke("many", { TargetModel: "a.tar.gz" })).toBe("first 2");
    await put("many/late.tar.gz", word("late"));
    expect(await invoke("many", { TargetModel: "late.tar.gz" })).toBe("late 1");
  });

  it("says what is wrong with the model's name", async () => {
    await expect(invoke("many")).rejects.toMatchObject({ name: "ValidationError" });
    await expect(invoke("many")).rejects.toThrow(/missing a target model header/);
    await expect(invoke("many", { TargetModel: "none.tar.gz" })).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringMatching(/^Failed to download model data\(bucket: artifacts, key: many\/none\.tar\.gz\)/),
    });
    await expect(invoke("both", { TargetModel: "a.tar.gz" })).rejects.toThrow(
      "Endpoint both is not a multi-model endpoint and does not support target model header.",
    );
  });
});
