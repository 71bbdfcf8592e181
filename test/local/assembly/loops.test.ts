import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { expandLoops, type LoopValues } from "../../../local/assembly/loops.ts";

const loop = (id: string, items: unknown, fragment: object) => ({ [`Fn::ForEach::${id}Loop`]: [id, items, fragment] });
const expand = (sections: object, values: LoopValues = new Map()) =>
  expandLoops({ Transform: "AWS::LanguageExtensions", ...sections }, "app", values);

describe("Fn::ForEach", () => {
  it("makes a resource of each item, in its name, as a Ref and within texts", () => {
    const Resources = loop("Name", ["a", "b"], {
      "Topic${Name}": { Type: "T", Properties: { Name: { Ref: "Name" }, Arn: { "Fn::GetAtt": ["X${Name}", "Arn"] } } },
    });
    expect(expand({ Resources })).toMatchObject({
      Resources: {
        Topica: { Type: "T", Properties: { Name: "a", Arn: { "Fn::GetAtt": ["Xa", "Arn"] } } },
        Topicb: { Type: "T", Properties: { Name: "b", Arn: { "Fn::GetAtt": ["Xb", "Arn"] } } },
      },
    });
  });

  it("leaves out of a name what ids may not hold, where that is asked for", () => {
    const Resources = loop("Ip", ["10.0.0.1"], { "Host&{Ip}": { Ip: { Ref: "Ip" } } });
    expect(expand({ Resources })).toMatchObject({ Resources: { Host10001: { Ip: "10.0.0.1" } } });
  });

  it("stands in another, in properties, conditions and outputs", () => {
    const inner = loop("B", [{ Ref: "A" }, "z"], { "${A}${B}": 1 });
    expect(
      expand({ Resources: { R: { Properties: loop("A", ["x"], inner) } }, Outputs: loop("A", ["o"], { "O${A}": {} }) }),
    ).toMatchObject({ Resources: { R: { Properties: { xx: 1, xz: 1 } } }, Outputs: { Oo: {} } });
  });

  it("goes over parameters and mappings", () => {
    const sections = {
      Parameters: { Names: { Type: "CommaDelimitedList", Default: "a,b" } },
      Mappings: { Sizes: { all: { of: ["s", "m"] } } },
      Resources: {
        ...loop("N", { Ref: "Names" }, { "N${N}": {} }),
        ...loop("S", { "Fn::FindInMap": ["Sizes", "all", "of"] }, { "S${S}": {} }),
      },
    };
    const idsIn = (values: LoopValues) => Object.keys(Object(expand(sections, values)).Resources);
    expect(idsIn(new Map())).toEqual(["Na", "Nb", "Ss", "Sm"]);
    expect(idsIn(new Map([["Names", "c"]]))).toEqual(["Nc", "Ss", "Sm"]);
    expect(() => expand(sections, "of a nested stack")).toThrow("a parameter of a nested stack");
  });

  it.each([
    {
      what: "without its macro",
      sections: { Transform: [], Resources: loop("N", ["a"], {}) },
      told: "need the template's Transform",
    },
    { what: "over a resource", sections: { Resources: loop("N", { Ref: "Bucket" }, {}) }, told: "hangs on Bucket" },
    {
      what: "that makes a name twice",
      sections: { Resources: loop("N", ["a", "b"], { Same: {} }) },
      told: "Same is there already",
    },
    { what: "over no list", sections: { Resources: loop("N", "a", {}) }, told: "the collection is not a list" },
    {
      what: "of another form",
      sections: { Resources: { "Fn::ForEach::X": ["N", ["a"]] } },
      told: "a loop is [identifier",
    },
  ])("is refused $what", ({ sections, told }) => {
    expect(() => expand(sections)).toThrow(told);
  });

  it("does not go around for ever", () => {
    const items = Array.from({ length: 200 }, (_, index) => String(index));
    const deep = loop("A", items, loop("B", items, loop("C", items, { "${A}x${B}x${C}": {} })));
    expect(() => expand({ Resources: deep })).toThrow("go around more than");
  });

  test.prop([fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,6}$/), { maxLength: 6 }), fc.jsonValue()])(
    "makes as many as there are items, and changes nothing that does not name them",
    (items, value) => {
      const Resources = loop("Item", items, { "R${Item}": { value: JSON.stringify(value) } });
      expect(expand({ Resources })).toMatchObject({
        Resources: Object.fromEntries(items.map((item) => [`R${item}`, { value: JSON.stringify(value) }])),
      });
    },
  );
});
