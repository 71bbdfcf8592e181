/** What becomes of resources and stacks that leave, are replaced, or are protected. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyAssembly, Stacks } from "../../../local/assembly/index.ts";
import { SampleHome, type SampleStack, writeAssembly } from "./sample-assembly.ts";

const thing = (properties: object = {}, rest: object = {}) => ({
  Type: "Test::Thing",
  Properties: properties,
  ...rest,
});
const idsOf = (home: SampleHome) => [...home.things.keys()].map((id) => id.replace(/-[A-Z0-9]{12}$/, ""));
const apply = (home: SampleHome, directory: string) =>
  applyAssembly({ directory, home: home.ports, resourceTypes: home.types });

describe("a nested stack that leaves", () => {
  const nestedIn = (Inner: object | undefined) => {
    const templates: Record<string, SampleStack> = {
      inner: { Resources: { Leaf: thing(), Deep: stackOf("deep") } },
      deep: { Resources: { Twig: thing() } },
    };
    const names = Object.keys(templates);
    const asset = (name: string) => ({
      source: { path: `${name}.nested.json`, packaging: "file" },
      destinations: { here: { bucketName: "assets", objectKey: `${name}.json` } },
    });
    return writeAssembly(
      { app: { Resources: { Root: thing(), ...(Inner && { Inner }) } } },
      {
        assets: Object.fromEntries(names.map((name) => [name, asset(name)])),
        files: Object.fromEntries(names.map((name) => [`${name}.nested.json`, JSON.stringify(templates[name])])),
      },
    );
  };
  const stackOf = (file: string, rest: object = {}) => ({
    Type: "AWS::CloudFormation::Stack",
    Properties: { TemplateURL: `https://s3/assets/${file}.json` },
    ...rest,
  });

  it.each([
    { policy: {}, left: ["app-Root"] },
    {
      policy: { DeletionPolicy: "Retain" },
      left: ["app-Root", expect.stringMatching(/Leaf$/), expect.stringMatching(/Twig$/)],
    },
  ])(
    "takes its resources, and those of stacks in it, with it unless $policy says that they stay",
    async ({ policy, left }) => {
      const home = new SampleHome();
      await apply(home, nestedIn(stackOf("inner", policy)));
      expect(home.things.size).toBe(3);
      await apply(home, nestedIn(undefined));
      expect(idsOf(home).toSorted()).toEqual(expect.arrayContaining(left));
      expect(home.things.size).toBe(left.length);
    },
  );

  it("comes in the place of a resource, which is deleted", async () => {
    const home = new SampleHome();
    await apply(home, nestedIn(thing()));
    await apply(home, nestedIn(stackOf("inner")));
    expect(idsOf(home)).not.toContain("app-Inner");
  });

  it("lists properties that it does not take", async () => {
    const strange = {
      Type: "AWS::CloudFormation::Stack",
      Properties: { TemplateURL: "https://s3/assets/inner.json", Colour: 1 },
    };
    await expect(apply(new SampleHome(), nestedIn(strange))).rejects.toThrow(
      "AWS::CloudFormation::Stack Inner in app: not supported: Colour",
    );
  });
});

describe("what a resource says of its end", () => {
  it.each(["CreationPolicy", "UpdatePolicy"])("is not passed over: %s", async (attribute) => {
    const Resources = { A: thing({}, { [attribute]: { AutoScalingReplacingUpdate: {} } }) };
    await expect(apply(new SampleHome(), writeAssembly({ app: { Resources } }))).rejects.toThrow(
      `Test::Thing A in app: not supported: ${attribute}`,
    );
  });

  it("is refused where it asks for a snapshot", async () => {
    const Resources = { A: thing({}, { DeletionPolicy: "Snapshot" }) };
    await expect(apply(new SampleHome(), writeAssembly({ app: { Resources } }))).rejects.toThrow(
      "Test::Thing A in app: not supported: DeletionPolicy Snapshot",
    );
  });

  it("holds where another type takes its name", async () => {
    const home = new SampleHome();
    await apply(
      home,
      writeAssembly({ app: { Resources: { A: thing({ Name: "kept" }, { DeletionPolicy: "Retain" }) } } }),
    );
    await apply(home, writeAssembly({ app: { Resources: { A: { Type: "Test::Fixed" } } } }));
    expect([...home.things.keys()]).toContain("kept");
  });
});

it("a stack under termination protection does not leave before the protection is off", async () => {
  const home = new SampleHome();
  const upBoth = (terminationProtection: boolean) => {
    const folder = writeAssembly({ a: { Resources: { A: thing() } }, b: { Resources: { B: thing() } } });
    const stack = (name: string, rest: object) => ({
      type: "aws:cloudformation:stack",
      properties: { templateFile: `${name}.template.json`, ...rest },
    });
    const artifacts = { a: stack("a", {}), b: stack("b", { terminationProtection }) };
    writeFileSync(join(folder, "manifest.json"), JSON.stringify({ version: "41.0.0", artifacts }));
    return apply(home, folder);
  };
  await upBoth(true);
  const without = writeAssembly({ a: { Resources: { A: thing({ v: 2 }) } } });
  await expect(apply(home, without)).rejects.toThrow("b: the assembly is without what has termination protection");
  expect(home.things.size).toBe(2);
  await upBoth(false);
  await apply(home, without);
  expect(new Stacks(home.ports.store).all().map(({ name }) => name)).toEqual(["a"]);
});

describe("what refers to nothing is told of before anything is made", () => {
  it.each([
    {
      what: "an output",
      template: { Outputs: { O: { Value: { Ref: "Nothing" } } } },
      told: "app/Outputs/O refers to Nothing",
    },
    {
      what: "DependsOn",
      template: { Resources: { A: thing({}, { DependsOn: ["B"] }) } },
      told: "app/A has DependsOn B",
    },
    { what: "a section", template: { Resurces: {} }, told: 'Unrecognized key: "Resurces"' },
  ])("$what", async ({ template, told }) => {
    const home = new SampleHome();
    await expect(apply(home, writeAssembly({ app: { Resources: { First: thing() }, ...template } }))).rejects.toThrow(
      told,
    );
    expect(home.journal).toEqual([]);
  });
});

it("a replacement that failed leaves what it was to replace, when the template is as it was again", async () => {
  const home = new SampleHome();
  const before = writeAssembly({ app: { Resources: { A: { Type: "Test::Fixed", Properties: { v: 1 } } } } });
  const after = writeAssembly({ app: { Resources: { A: { Type: "Test::Fixed", Properties: { v: 2 } } } } });
  await apply(home, before);
  const things = [...home.things];
  home.beforeCreate = () => {
    throw new Error("no room");
  };
  await expect(apply(home, after)).rejects.toThrow("no room");
  const result = await apply(home, before);
  expect([...home.things]).toEqual(things);
  expect(result).toMatchObject({ created: [], updated: [], deleted: [], unchanged: 1 });
});
