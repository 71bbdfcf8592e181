/** Models, endpoint configurations and endpoints of a template. */
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as sm from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUCKET, openSagemakerHome, ROLE, type SagemakerHome } from "./sagemaker-home.ts";
import { serving } from "./served-model.ts";

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  await home.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(() => home.close());

const answering = (word: string) =>
  serving(`def model_fn(folder): return "${word}"
def input_fn(body, content_type): return body.decode()
def predict_fn(text, model): return model + " " + text
def output_fn(prediction, accept): return prediction, "text/plain"
`);
const store = (Key: string, Body: Uint8Array) => home.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

/** An endpoint that serves the archive of that name. */
const hosted = (archive: string) => ({
  Model: {
    Type: "AWS::SageMaker::Model",
    Properties: {
      ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: "none:1",
        ModelDataUrl: `s3://${BUCKET}/${archive}`,
        Environment: { SAGEMAKER_PROGRAM: "inference.py" },
      },
    },
  },
  Config: {
    Type: "AWS::SageMaker::EndpointConfig",
    Properties: {
      ProductionVariants: [
        {
          VariantName: "all",
          ModelName: { "Fn::GetAtt": ["Model", "ModelName"] },
          InitialInstanceCount: "1",
          InstanceType: "ml.m5.large",
        },
      ],
    },
  },
  Endpoint: {
    Type: "AWS::SageMaker::Endpoint",
    Properties: { EndpointName: "greeter", EndpointConfigName: { "Fn::GetAtt": ["Config", "EndpointConfigName"] } },
  },
});

const invoke = async () => {
  const request = { EndpointName: "greeter", ContentType: "text/plain", Body: "hello" };
  return (await home.runtime.send(new InvokeEndpointCommand(request))).Body.transformToString();
};

it("are up when the endpoint serves; one that cannot fails the up, is made anew, changed in place, and goes", async () => {
  await expect(home.up(hosted("one.tar.gz"))).rejects.toThrow(
    "app/Endpoint (AWS::SageMaker::Endpoint) could not be created",
  );
  await store("one.tar.gz", answering("one"));
  await home.up(hosted("one.tar.gz"));
  expect(await invoke()).toBe("one hello");

  await store("two.tar.gz", answering("two"));
  const { updated } = await home.up(hosted("two.tar.gz"));
  expect(updated.map(({ logicalId, action }) => [logicalId, action])).toEqual([
    ["Model", "replaced"],
    ["Config", "replaced"],
    ["Endpoint", "updated"],
  ]);
  expect(await invoke()).toBe("two hello");
  await expect(home.up(hosted("three.tar.gz"))).rejects.toThrow(
    "could not be updated: endpoint greeter does not serve",
  );
  expect(await invoke()).toBe("two hello");

  await home.up({});
  expect((await home.sagemaker.send(new sm.ListEndpointsCommand({}))).Endpoints).toEqual([]);
  expect((await home.sagemaker.send(new sm.ListModelsCommand({}))).Models).toEqual([]);
  expect((await home.sagemaker.send(new sm.ListEndpointConfigsCommand({}))).EndpointConfigs).toEqual([]);
});

it("are refused with what the home does not do, before anything is made", async () => {
  const { Config, ...others } = hosted("one.tar.gz");
  const Properties = { ...Config.Properties, AsyncInferenceConfig: {}, DataCaptureConfig: {} };
  await expect(home.up({ ...others, Config: { ...Config, Properties } })).rejects.toThrow(
    "AWS::SageMaker::EndpointConfig Config in app: not supported: AsyncInferenceConfig, DataCaptureConfig",
  );
});
