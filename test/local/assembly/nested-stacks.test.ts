import { describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { SampleHome, type SampleStack, writeAssembly } from "./sample-assembly.ts";

const thing = (properties: unknown = {}, rest: object = {}) => ({
  Type: "Test::Thing",
  Properties: properties,
  ...rest,
});
const nested = (file: string, Parameters: object = {}, rest: object = {}) => ({
  Type: "AWS::CloudFormation::Stack",
  Properties: {
    TemplateURL: { "Fn::Sub": `https://s3.$\{AWS::Region}.amazonaws.com/assets/${file}.json` },
    Parameters,
  },
  ...rest,
});

/** An assembly of one stack, with templates of others among its assets. */
const assemblyOf = (app: SampleStack, templates: Record<string, SampleStack>) => {
  const destinations = (name: string) => ({ here: { bucketName: "assets", objectKey: `${name}.json` } });
  const assets = Object.keys(templates).map((name) => [
    name,
    { source: { path: `${name}.nested.template.json`, packaging: "file" }, destinations: destinations(name) },
  ]);
  const files = Object.entries(templates).map(([name, text]) => [`${name}.nested.template.json`, JSON.stringify(text)]);
  return writeAssembly({ app }, { assets: Object.fromEntries(assets), files: Object.fromEntries(files) });
};
const apply = (home: SampleHome, directory: string) =>
  applyAssembly({ directory, home: home.ports, resourceTypes: home.types });
const parameter = (rest: object = {}) => ({ Type: "String", ...rest });

describe("a nested stack", () => {
  const inner: SampleStack = {
    Parameters: { Base: parameter(), Count: { Type: "Number", Default: 1 } },
    Resources: {
      Leaf: thing({ base: { Ref: "Base" }, stack: { Ref: "AWS::StackName" } }),
      Deep: nested("deep", { Leaf: { Ref: "Leaf" } }),
    },
    Outputs: {
      Leaf: { Value: { "Fn::GetAtt": ["Leaf", "Arn"] } },
      Deep: { Value: { "Fn::GetAtt": ["Deep", "Outputs.Twig"] } },
    },
  };
  const deep: SampleStack = {
    Parameters: { Leaf: parameter() },
    Resources: { Twig: thing({ leaf: { Ref: "Leaf" } }) },
    Outputs: { Twig: { Value: { Ref: "Twig" } } },
  };
  const app: SampleStack = {
    Resources: {
      User: thing({ leaf: { "Fn::GetAtt": ["Inner", "Outputs.Leaf"] }, deep: { "Fn::GetAtt": "Inner.Outputs.Deep" } }),
      Inner: nested("inner", { Base: { "Fn::GetAtt": ["Root", "Arn"] } }, { DependsOn: "First" }),
      First: thing(),
      Root: thing(),
    },
    Outputs: { Inner: { Value: { Ref: "Inner" } } },
  };

  it("is made after what it is given, before what uses its outputs, however deep", async () => {
    const home = new SampleHome();
    const { outputs } = await apply(home, assemblyOf(app, { inner, deep }));
    const order = home.journal.map((line) => line.replace(/^create .*\//, ""));
    expect(order).toEqual(["First", "Root", "Leaf", "Twig", "User"]);
    const [root] = [...home.things.keys()].filter((id) => id.startsWith("app-Root"));
    const [leaf] = [...home.things].filter(([id]) => id.includes("-Leaf-"));
    const [twig] = [...home.things].filter(([id]) => id.includes("-Twig-"));
    const [user] = [...home.things].filter(([id]) => id.startsWith("app-User"));
    expect(leaf?.[1].properties).toEqual({
      base: `arn:${root}`,
      stack: expect.stringMatching(/^app-Inner-[A-Z0-9]{12}$/),
    });
    expect(twig?.[1].properties).toEqual({ leaf: leaf?.[0] });
    expect(user?.[1].properties).toEqual({ leaf: `arn:${leaf?.[0]}`, deep: twig?.[0] });
    expect(outputs.app?.Inner).toMatch(
      /^arn:aws:cloudformation:eu-central-1:000000000000:stack\/app-Inner-[A-Z0-9]{12}\//,
    );
  });

  it("is followed by the next up: a changed template, a value that it is given, its end", async () => {
    const home = new SampleHome();
    await apply(home, assemblyOf(app, { inner, deep }));
    home.journal.length = 0;
    expect((await apply(home, assemblyOf(app, { inner, deep }))).updated).toEqual([]);
    const changed = { ...deep, Resources: { Twig: thing({ leaf: { Ref: "Leaf" }, v: 2 }), Bud: thing() } };
    await apply(home, assemblyOf(app, { inner, deep: changed }));
    expect(home.journal.map((line) => line.replace(/ .*\//, " ")).sort()).toEqual(["create Bud", "update Twig"]);
    home.journal.length = 0;
    await apply(home, assemblyOf({ Resources: { Root: thing() } }, {}));
    expect(home.journal.map((line) => line.replace(/ .*\//, " "))).toEqual(
      expect.arrayContaining(["delete User", "delete Twig", "delete Bud", "delete Leaf", "delete First"]),
    );
    expect([...home.things.keys()]).toEqual([expect.stringMatching(/^app-Root/)]);
  });

  it.each([
    { what: "has no file", stack: { Resources: { I: nested("nowhere") } }, told: "names no file of the assembly" },
    {
      what: "lacks a value",
      stack: { Resources: { I: nested("inner") } },
      told: "no value for the parameters Base; give them in the Parameters of the resource that it is",
    },
    {
      what: "is given a parameter it does not have",
      stack: { Resources: { I: nested("inner", { Base: "b", Other: "x" }) } },
      told: "Parameters: [Other] do not exist in the template",
    },
    {
      what: "is given what its parameter does not take",
      stack: { Resources: { I: nested("inner", { Base: "b", Count: "many" }) } },
      told: 'the parameter Count is "many", which is not a number',
    },
    {
      what: "hangs on itself",
      stack: { Resources: { I: nested("inner", { Base: { "Fn::GetAtt": ["I", "Outputs.Leaf"] } }) } },
      told: "circular dependency",
    },
    {
      what: "nests in itself",
      stack: { Resources: { I: nested("ring") } },
      told: "nested stacks in a ring",
    },
  ])("is refused where it $what, and nothing is created", async ({ stack, told }) => {
    const home = new SampleHome();
    const ring = { Resources: { I: nested("ring") } };
    await expect(apply(home, assemblyOf(stack, { inner, deep, ring }))).rejects.toThrow(told);
    expect(home.journal).toEqual([]);
  });
});

describe("a parameter's default", () => {
  it.each([
    { definition: { Default: "c", AllowedValues: ["a", "b"] }, told: 'the parameter P is "c", not one of a, b' },
    { definition: { Default: "ab1", AllowedPattern: "[a-z]+" }, told: "does not match [a-z]+" },
    { definition: { Type: "Number", Default: 11, MaxValue: 10 }, told: "more than 10" },
    {
      definition: { Default: "abc", MaxLength: "2", ConstraintDescription: "two letters" },
      told: "longer than 2 (two letters)",
    },
    { definition: { Type: "List<Number>", Default: "1, x" }, told: "which is not a number" },
  ])("is refused as CloudFormation refuses it: $told", async ({ definition, told }) => {
    const template = { Parameters: { P: parameter(definition) }, Resources: { A: thing({ p: { Ref: "P" } }) } };
    await expect(apply(new SampleHome(), writeAssembly({ app: template }))).rejects.toThrow(told);
  });

  it("is taken where it keeps what the template demands", async () => {
    const Parameters = {
      P: parameter({ Default: "ab", AllowedValues: ["ab"], AllowedPattern: "[a-z]*", MinLength: 1 }),
      L: { Type: "CommaDelimitedList", Default: "a, b", AllowedValues: ["a", "b", "c"] },
    };
    const home = new SampleHome();
    await apply(
      home,
      writeAssembly({ app: { Parameters, Resources: { A: thing({ p: { Ref: "P" }, l: { Ref: "L" } }) } } }),
    );
    expect([...home.things.values()]).toEqual([{ properties: { p: "ab", l: ["a", "b"] } }]);
  });
});
