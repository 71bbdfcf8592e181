import { describe, expect, it } from "vitest";
import { z } from "zod";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { SampleHome, writeAssembly } from "./sample-assembly.ts";

const thing = (properties: unknown = {}, rest: object = {}) => ({
  Type: "Test::Thing",
  Properties: properties,
  ...rest,
});
const apply = (home: SampleHome, directory: string, rest: object = {}) =>
  applyAssembly({ directory, home: home.ports, resourceTypes: home.types, ...rest });

describe("applyAssembly", () => {
  it("creates resources after what they refer to, over stacks, and answers outputs", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({
      consumer: {
        Resources: { Reader: thing({ from: { "Fn::ImportValue": "shared" } }) },
        Outputs: { Reader: { Value: { Ref: "Reader" } } },
      },
      producer: {
        Resources: {
          Late: thing({ on: { "Fn::GetAtt": ["Early", "Nested.Deep"] } }),
          Early: thing({}, { DependsOn: "First" }),
          First: thing(),
        },
        Outputs: { Shared: { Value: { "Fn::GetAtt": ["Late", "Arn"] }, Export: { Name: "shared" } } },
      },
    });
    const result = await apply(home, directory);
    expect(home.journal).toEqual([
      "create producer/First",
      "create producer/Early",
      "create producer/Late",
      "create consumer/Reader",
    ]);
    expect(result.outputs.consumer?.Reader).toMatch(/^consumer-Reader-[A-Z0-9]{12}$/);
    const reader = [...home.things].find(([id]) => id.startsWith("consumer-Reader"))?.[1];
    expect(reader?.properties).toEqual({ from: result.outputs.producer?.Shared });
  });

  it("leaves a home alone when the assembly is the same, without asking any resource", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({ app: { Resources: { A: thing() }, Outputs: { Id: { Value: { Ref: "A" } } } } });
    const first = await apply(home, directory);
    const second = await apply(home, directory);
    expect(second).toEqual({ ...first, created: [], unchanged: 1 });
    expect(home.journal).toEqual(["create app/A"]);
  });

  it("updates what changed, replaces what must be, and deletes what left, dependants first", async () => {
    const home = new SampleHome();
    await apply(
      home,
      writeAssembly({
        app: {
          Resources: {
            Base: thing({ v: 1 }),
            Leaf: thing({ base: { Ref: "Base" } }),
            Twig: thing({ leaf: { Ref: "Leaf" } }),
            Fix: { Type: "Test::Fixed", Properties: { v: 1 } },
          },
        },
      }),
    );
    home.journal.length = 0;
    const result = await apply(
      home,
      writeAssembly({
        app: { Resources: { Base: thing({ v: 2 }), Fix: { Type: "Test::Fixed", Properties: { v: 2 } } } },
      }),
    );
    expect(home.journal).toEqual([
      "update app/Base",
      "create app/Fix",
      "delete app/Fix",
      "delete app/Twig",
      "delete app/Leaf",
    ]);
    expect(result.updated.map(({ action, logicalId }) => [action, logicalId])).toEqual([
      ["updated", "Base"],
      ["replaced", "Fix"],
    ]);
    expect(home.things.size).toBe(2);
  });

  it("remakes a resource whose name is in the template when it must be replaced", async () => {
    const home = new SampleHome();
    const fixed = (v: number) => ({
      app: { Resources: { A: { Type: "Test::Fixed", Properties: { Name: "one", v } } } },
    });
    await apply(home, writeAssembly(fixed(1)));
    await apply(home, writeAssembly(fixed(2)));
    expect([...home.things]).toEqual([["one", { properties: { Name: "one", v: 2 } }]]);
  });

  it("keeps what DeletionPolicy and UpdateReplacePolicy retain", async () => {
    const home = new SampleHome();
    await apply(
      home,
      writeAssembly({
        app: {
          Resources: {
            Kept: thing({}, { DeletionPolicy: "Retain" }),
            Swapped: { Type: "Test::Fixed", Properties: { v: 1 } },
          },
        },
      }),
    );
    await apply(
      home,
      writeAssembly({
        app: { Resources: { Swapped: { Type: "Test::Fixed", Properties: { v: 2 }, UpdateReplacePolicy: "Retain" } } },
      }),
    );
    expect(home.things.size).toBe(3);
    expect(home.journal.filter((line) => line.startsWith("delete"))).toEqual([]);
  });

  it("lists everything unsupported and creates nothing, unless told to skip", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({
      app: {
        Resources: {
          A: thing({ of: { Ref: "B" } }),
          B: { Type: "AWS::EC2::Instance" },
          Meta: { Type: "AWS::CDK::Metadata" },
        },
      },
      more: { Resources: { C: { Type: "AWS::Redshift::Cluster" } } },
    });
    await expect(apply(home, directory)).rejects.toThrow(
      /AWS::EC2::Instance B in app\n {2}AWS::Redshift::Cluster C in more/,
    );
    expect(home.things.size).toBe(0);
    await apply(home, directory, { skipUnsupported: true });
    expect(home.journal).toEqual(["create app/A"]);
  });

  it("lists what a type cannot make of its properties before anything is created", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({ app: { Resources: { A: thing(), B: thing({ Impossible: true }) } } });
    await expect(apply(home, directory)).rejects.toThrow("Test::Thing B in app: it is impossible");
    expect(home.things.size).toBe(0);
    await apply(home, directory, { skipUnsupported: true });
    expect(home.journal).toEqual(["create app/A"]);
  });

  it("leaves out a function that only implements custom resources of its own types", async () => {
    const home = new SampleHome();
    const provider = thing({ Impossible: true });
    const ServiceToken = { "Fn::GetAtt": ["Provider", "Arn"] };
    const custom = { Type: "Custom::Thing", Properties: { ServiceToken }, DependsOn: ["Provider"] };
    await apply(home, writeAssembly({ app: { Resources: { Provider: provider, Custom: custom } } }));
    expect(home.journal).toEqual(["create app/Custom"]);
    const used = thing({ of: { Ref: "Provider" } });
    const directory = writeAssembly({ app: { Resources: { Provider: provider, Custom: custom, Used: used } } });
    await expect(apply(home, directory)).rejects.toThrow("Test::Thing Provider in app: it is impossible");
  });

  it("refuses unknown intrinsics before anything is created", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({ app: { Resources: { A: thing(), B: thing({ x: { "Fn::Transform": {} } }) } } });
    await expect(apply(home, directory)).rejects.toThrow("Fn::Transform in Test::Thing B in app");
    expect(home.things.size).toBe(0);
  });

  it("does not mind an unknown intrinsic in a resource that it is told to skip", async () => {
    const home = new SampleHome();
    const far = { Type: "AWS::EC2::Instance", Properties: { x: { "Fn::Transform": {} } } };
    const directory = writeAssembly({ app: { Resources: { A: thing(), B: far } } });
    await expect(apply(home, directory)).rejects.toThrow("Fn::Transform in AWS::EC2::Instance B in app");
    await apply(home, directory, { skipUnsupported: true });
    expect(home.journal).toEqual(["create app/A"]);
  });

  it("takes the functions of the language extensions where the template names them; other macros it refuses", async () => {
    const home = new SampleHome();
    const Resources = { A: thing({ n: { "Fn::Length": ["a", "b"] } }) };
    await apply(home, writeAssembly({ app: { Transform: ["AWS::LanguageExtensions"], Resources } }));
    expect([...home.things.values()]).toEqual([{ properties: { n: 2 } }]);
    const macro = writeAssembly({ app: { Transform: ["AWS::LanguageExtensions", "Own"], Resources } });
    await expect(apply(home, macro)).rejects.toThrow('Transform "Own" in app: macros are not expanded');
    await expect(apply(home, writeAssembly({ app: { Resources } }))).rejects.toThrow(
      "Fn::Length in app: it needs the Transform AWS::LanguageExtensions",
    );
  });

  it("tells of properties that do not fit in one line", async () => {
    const home = new SampleHome();
    home.beforeCreate = () => z.strictObject({ Size: z.number() }).parse({ Size: "big", Colour: "red" });
    const directory = writeAssembly({ app: { Resources: { A: thing() } } });
    await expect(apply(home, directory)).rejects.toThrow(
      /app\/A \(Test::Thing\) could not be created: Properties\.Size: [^\n]*; Properties: Unrecognized key: "Colour"\./,
    );
  });

  it("names a circle over stacks", async () => {
    const directory = writeAssembly({
      app: { Resources: { A: thing({ b: { Ref: "B" } }), B: thing({ a: { "Fn::Sub": "${A}" } }) } },
    });
    await expect(apply(new SampleHome(), directory)).rejects.toThrow("app/A → app/B → app/A");
  });

  it("evaluates conditions: what is off is not made, and a branch not taken needs nothing", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({
      app: {
        Parameters: {
          Stage: { Type: "String", Default: "dev" },
          BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/hnb659fds/version" },
        },
        Conditions: { Prod: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
        Resources: {
          Off: thing({}, { Condition: "Prod" }),
          On: thing({ x: { "Fn::If": ["Prod", { Ref: "Off" }, "none"] }, secret: "{{resolve:ssm:/a/b}}" }),
        },
      },
    });
    await apply(home, directory);
    expect([...home.things.values()]).toEqual([{ properties: { x: "none", secret: "value of /a/b" } }]);
  });

  it("reads the stacks of nested assemblies", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({ top: { Resources: { A: thing() } } });
    writeAssembly({ inner: { Resources: { B: thing() } } }, {}, `${directory}/assembly-Stage`);
    const manifest = {
      version: "41.0.0",
      artifacts: {
        top: { type: "aws:cloudformation:stack", properties: { templateFile: "top.template.json" } },
        "assembly-Stage": { type: "cdk:cloud-assembly", properties: { directoryName: "assembly-Stage" } },
      },
    };
    writeAssembly({}, { files: {} }, `${directory}/unused`);
    const { writeFileSync } = await import("node:fs");
    writeFileSync(`${directory}/manifest.json`, JSON.stringify(manifest));
    expect((await apply(home, directory)).stacks).toEqual(["top", "inner"]);
    expect(home.things.size).toBe(2);
  });
});

it("what happens to a resource in the end may hang on a condition", async () => {
  const home = new SampleHome();
  const Conditions = { Keep: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] } };
  const kept = thing({}, { DeletionPolicy: { "Fn::If": ["Keep", "Retain", "Delete"] } });
  const dropped = thing({}, { DeletionPolicy: { "Fn::If": ["Keep", "Delete", "Retain"] } });
  await apply(home, writeAssembly({ app: { Conditions, Resources: { Kept: kept, Dropped: dropped } } }));
  await apply(home, writeAssembly({ app: {} }));
  expect([...home.things.keys()]).toEqual([expect.stringContaining("Kept")]);
  const wrong = thing({}, { DeletionPolicy: { "Fn::Join": ["", ["Perish"]] } });
  await expect(apply(home, writeAssembly({ app: { Resources: { A: wrong } } }))).rejects.toThrow("app/A: ");
});

describe("Fn::GetStackOutput", () => {
  const read = (StackName: unknown, OutputName = "Id") => ({ "Fn::GetStackOutput": { StackName, OutputName } });
  const producer = { Resources: { A: thing() }, Outputs: { Id: { Value: { "Fn::GetAtt": ["A", "Arn"] } } } };
  const consumer = (from: unknown) => ({
    Parameters: { From: { Type: "String", Default: "producer" } },
    Resources: { Reader: thing({ from }) },
    Outputs: { Same: { Value: from } },
  });

  it("is the output of another stack of the assembly, which is made before", async () => {
    const home = new SampleHome();
    const { outputs } = await apply(home, writeAssembly({ consumer: consumer(read({ Ref: "From" })), producer }));
    expect(home.journal).toEqual(["create producer/A", "create consumer/Reader"]);
    expect([...home.things.values()][1]?.properties).toEqual({ from: outputs.producer?.Id });
    expect(outputs.consumer?.Same).toBe(outputs.producer?.Id);
  });

  it.each([
    { from: read("nowhere"), told: "the output Id of nowhere: the assembly has no such stack" },
    { from: read("producer", "Other"), told: "the output Other of producer: it has no such output" },
  ])("is refused where there is none: $told", async ({ from, told }) => {
    const home = new SampleHome();
    await expect(apply(home, writeAssembly({ consumer: consumer(from), producer }))).rejects.toThrow(told);
    expect(home.journal).toEqual([]);
  });
});
