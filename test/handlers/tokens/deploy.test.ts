import { beforeEach, describe, expect, it } from "vitest";
import type { EndpointState } from "../../../handlers/aws/endpoints.ts";
import { createHandler as completeHandler } from "../../../handlers/complete-task/index.ts";
import { createHandler as deployHandler } from "../../../handlers/deploy-endpoint/index.ts";
import { invoke } from "../invoke.ts";
import { memoryTokens, recordedEnds } from "./fakes.ts";

let endpoint: EndpointState | undefined;
let calls: string[];
let tokens: ReturnType<typeof memoryTokens>;
let ends: ReturnType<typeof recordedEnds>;
const adapters = () => ({
  tokens,
  ...ends,
  describeEndpoint: async () => endpoint,
  createEndpoint: async (_name: string, config: string) => {
    calls.push(`create ${config}`);
    endpoint = { status: "Creating", configName: config };
  },
  updateEndpoint: async (_name: string, config: string) => {
    calls.push(`update ${config}`);
    endpoint = { status: "Updating", configName: endpoint?.configName ?? "" };
  },
  startCrawler: async () => true,
  crawlerState: async () => ({ running: false }),
});
const deploy = (config: string) =>
  invoke(deployHandler(adapters()), { endpointName: "m", endpointConfigName: config, taskToken: "t" });
const settle = (status: string, configName: string) => {
  endpoint = { status, configName };
  return invoke(completeHandler(adapters()), {
    source: "aws.sagemaker",
    detail: { EndpointName: "m", EndpointStatus: "IN_SERVICE" },
  });
};

describe("deploy-endpoint and complete-task", () => {
  beforeEach(() => {
    endpoint = undefined;
    calls = [];
    tokens = memoryTokens();
    ends = recordedEnds();
  });

  it("creates an endpoint and ends the task when it is in service", async () => {
    expect(await deploy("v1")).toEqual({ state: "started" });
    expect(await settle("Creating", "v1")).toEqual({ waiting: 1, ended: 0 });
    await settle("InService", "v1");
    expect(calls).toEqual(["create v1"]);
    expect(ends.ended).toEqual(["t: success"]);
  });

  it("updates the endpoint there is", async () => {
    endpoint = { status: "InService", configName: "v1" };
    await deploy("v2");
    await settle("InService", "v2");
    expect(calls).toEqual(["update v2"]);
    expect(ends.ended).toEqual(["t: success"]);
  });

  it("fails the task when SageMaker went back to the former configuration", async () => {
    endpoint = { status: "InService", configName: "v1" };
    await deploy("v2");
    await settle("InService", "v1");
    expect(ends.ended).toEqual(["t: EndpointFailedError"]);
  });

  it("ends at once where the endpoint serves the configuration already", async () => {
    endpoint = { status: "InService", configName: "v1" };
    expect(await deploy("v1")).toEqual({ state: "finished" });
    expect(calls).toEqual([]);
  });

  it("asks to come back while somebody else changes the endpoint, keeping no token", async () => {
    endpoint = { status: "Updating", configName: "v1" };
    await expect(deploy("v2")).rejects.toMatchObject({ name: "EndpointBusyError" });
    expect(tokens.kept.size).toBe(0);
  });
});
