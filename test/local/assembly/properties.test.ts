/** Properties are held against what a type takes before anything is created. */
import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { SampleHome, writeAssembly } from "./sample-assembly.ts";

const typed = (Properties: object) => ({ Type: "Test::Typed", Properties });
const up = async (Resources: Record<string, unknown>, rest: { template?: object; skipUnsupported?: boolean } = {}) => {
  const home = new SampleHome();
  const { template = {}, ...options } = rest;
  const directory = writeAssembly({ app: { ...template, Resources } });
  const failure = await applyAssembly({
    directory,
    home: home.ports,
    resourceTypes: home.types,
    ...options,
  }).then(
    () => "",
    (thrown: unknown) => String(thrown),
  );
  return { home, failure, made: [...home.things.values()].map(({ properties }) => properties) };
};

describe("properties that a type does not take", () => {
  it("are listed with every other thing that is unsupported, and nothing is created", async () => {
    const { home, failure } = await up({
      Good: typed({ Text: "x" }),
      Extra: typed({ Colour: "red", Inner: { Kind: "A", Shade: 1 } }),
      Wrong: typed({ Inner: { Kind: "C" }, Size: "many" }),
      Alien: { Type: "Test::Alien" },
    });
    expect(failure).toContain("cannot put up 3 parts");
    expect(failure).toContain("Test::Typed Extra in app: not supported: Inner.Shade, Colour");
    expect(failure).toMatch(/Test::Typed Wrong in app: .*Size: .*Inner\.Kind: |Inner\.Kind: .*Size: /);
    expect(failure).toContain("Test::Alien Alien in app\n");
    expect(home.journal).toEqual([]);
  });

  it("do not count where the condition leaves them out", async () => {
    const { made } = await up(
      {
        A: typed({
          Colour: { "Fn::If": ["Plain", { Ref: "AWS::NoValue" }, "red"] },
          Inner: { "Fn::If": ["Plain", { Kind: "A" }, { Kind: "C" }] },
        }),
      },
      { template: { Conditions: { Plain: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] } } } },
    );
    expect(made).toEqual([{ Inner: { Kind: "A" } }]);
  });

  it("are not judged where a resource's value stands", async () => {
    const Size = { "Fn::Length": { "Fn::Split": ["-", { Ref: "A" }] } };
    const { failure } = await up(
      { A: typed({ Text: "a" }), B: typed({ Text: { "Fn::Sub": "$" + "{A.Arn}/x" }, Size }) },
      { template: { Transform: "AWS::LanguageExtensions" } },
    );
    expect(failure).toBe("");
  });

  it("are left out, the resource made without them, where unsupported things are skipped", async () => {
    const { made, failure } = await up(
      { A: typed({ Text: "a", Colour: "red", Inner: { Kind: "B", Shade: 1 } }), W: typed({ Size: "many" }) },
      { skipUnsupported: true },
    );
    expect(failure).toBe("");
    expect(made).toEqual([{ Text: "a", Inner: { Kind: "B" } }]);
  });
});

it("reads scalars as the type has them: parameters are texts, and templates write numbers where text is due", async () => {
  const { made } = await up(
    { A: typed({ Size: { Ref: "Size" }, On: { Ref: "On" }, Text: 5, Inner: { Kind: "A" } }) },
    {
      template: {
        Parameters: { Size: { Type: "Number", Default: 3 }, On: { Type: "String", Default: "true" } },
      },
    },
  );
  expect(made).toEqual([{ Size: 3, On: true, Text: "5", Inner: { Kind: "A" } }]);
});

it("every resource type of a home says what it takes", async () => {
  const directory = temporaryFolder();
  const home = await openHome({ directory });
  const silent = [...home.resourceTypes].filter(([, type]) => type.properties === undefined).map(([name]) => name);
  await home.close();
  rmSync(directory, { recursive: true });
  expect(silent).toEqual([]);
});
