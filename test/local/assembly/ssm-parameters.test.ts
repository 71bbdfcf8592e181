import { describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { AwsError } from "../../../local/aws-error.ts";
import { SampleHome, type SampleStack, writeAssembly } from "./sample-assembly.ts";

const reads = (Default: string, type = "String") => ({ Type: `AWS::SSM::Parameter::Value<${type}>`, Default });
const keeper = (Name: unknown, Value: unknown) => ({ Type: "AWS::SSM::Parameter", Properties: { Name, Value } });
const taker = (...names: string[]): SampleStack => ({
  Parameters: Object.fromEntries(names.map((name, index) => [`P${index}`, reads(name)])),
  Resources: {
    Taker: { Type: "Test::Thing", Properties: Object.fromEntries(names.map((name, i) => [name, { Ref: `P${i}` }])) },
  },
});

/** Applies the stacks to a home that has "/there" in SSM; what each thing was made with, by order. */
async function made(stacks: Record<string, SampleStack>) {
  const home = new SampleHome();
  const { call } = home.ports;
  const thing = home.types.get("Test::Thing");
  const ports: typeof home.ports = {
    ...home.ports,
    async call(service, operation, input, principal) {
      if (service === "ssm" && !JSON.stringify(input).includes("/there"))
        throw new AwsError("ParameterNotFound", "no such parameter");
      return call(service, operation, input, principal);
    },
  };
  const resourceTypes = new Map([...home.types, ...(thing ? [["AWS::SSM::Parameter", thing] as const] : [])]);
  await applyAssembly({ directory: writeAssembly(stacks), home: ports, resourceTypes });
  return { journal: home.journal, properties: [...home.things.values()].map((one) => one.properties) };
}

describe("a parameter that reads SSM", () => {
  it("takes what the home has", async () => {
    const { properties } = await made({ app: taker("/there") });
    expect(properties).toEqual([{ "/there": "value of /there" }]);
  });

  it("takes what another stack keeps, once it is made, whatever the stacks' order", async () => {
    const base = {
      Resources: {
        Topic: { Type: "Test::Thing", Properties: { Name: "topic" } },
        Kept: keeper("/base/topic", { "Fn::GetAtt": ["Topic", "Arn"] }),
      },
    };
    const { journal, properties } = await made({ a: taker("/base/topic", "/there"), base });
    expect(journal).toEqual(["create base/Topic", "create base/Kept", "create a/Taker"]);
    expect(properties.at(-1)).toEqual({ "/base/topic": "arn:topic", "/there": "value of /there" });
  });

  it("takes a list of another stack", async () => {
    const base = { Resources: { Kept: keeper("/zones", "a, b") } };
    const Resources = { Taker: { Type: "Test::Thing", Properties: { zones: { Ref: "Zones" } } } };
    const { properties } = await made({
      a: { Parameters: { Zones: reads("/zones", "List<String>") }, Resources },
      base,
    });
    expect(properties.at(-1)).toEqual({ zones: ["a", "b"] });
  });

  it("is told of with its stack and name when nothing has it", async () => {
    await expect(made({ app: taker("/nowhere") })).rejects.toThrow(
      "app: the parameter P0 reads /nowhere from SSM, and neither this home nor another stack of the assembly has that",
    );
  });

  it("cannot decide a condition by what a later stack makes", async () => {
    const base = { Resources: { Kept: keeper("/kept", "yes") } };
    const Conditions = { On: { "Fn::Equals": [{ Ref: "P0" }, "yes"] } };
    const off = { Taker: { Type: "Test::Thing", Condition: "On" } };
    const app = { ...taker("/kept"), Conditions, Resources: off };
    await expect(made({ app, base })).rejects.toThrow("a condition needs the value of base/Kept");
  });
});
