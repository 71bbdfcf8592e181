import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { conditionTable } from "../../../local/assembly/conditions.ts";
import { resolveValue } from "../../../local/assembly/resolve-value.ts";
import { NO_VALUE, type Scope } from "../../../local/assembly/scope.ts";

const parameters: Record<string, unknown> = {
  "AWS::Region": "eu-central-1",
  "AWS::AccountId": "000000000000",
  Stage: "dev",
  Zones: ["a", "b"],
};
const conditions = {
  IsDev: { "Fn::Equals": [{ Ref: "Stage" }, "dev"] },
  IsProd: { "Fn::Not": [{ Condition: "IsDev" }] },
  Both: { "Fn::And": [{ Condition: "IsDev" }, { Condition: "IsProd" }] },
  Either: { "Fn::Or": [{ Condition: "IsDev" }, { Condition: "IsProd" }] },
};
const scope: Scope = {
  stackName: "app",
  region: "eu-central-1",
  hasParameter: (name) => name in parameters,
  parameter: (name) => parameters[name],
  mappings: { Sizes: { dev: { cpu: 2 } } },
  condition: (name) => condition(name),
  reference: (id) => `id-of-${id}`,
  attribute: (id, attribute) => `${attribute}-of-${id}`,
  importValue: (name) => `import-of-${name}`,
  stackOutput: (stack, output) => `${output}-of-${stack}`,
};
const condition = conditionTable(conditions, () => scope, "app", resolveValue);

describe("resolveValue", () => {
  it.each([
    ["Ref to a parameter", { Ref: "Stage" }, "dev"],
    ["Ref to a pseudo parameter", { Ref: "AWS::Region" }, "eu-central-1"],
    ["Ref to a resource", { Ref: "Bucket" }, "id-of-Bucket"],
    ["Fn::GetAtt as a list", { "Fn::GetAtt": ["Bucket", "Arn"] }, "Arn-of-Bucket"],
    ["Fn::GetAtt as a string with dots", { "Fn::GetAtt": "Db.Endpoint.Port" }, "Endpoint.Port-of-Db"],
    [
      "Fn::Sub as a string",
      { "Fn::Sub": "${Stage}-${Bucket.Arn}-${!Raw}-${AWS::Region}" },
      "dev-Arn-of-Bucket-${Raw}-eu-central-1",
    ],
    ["Fn::Sub with variables", { "Fn::Sub": ["${x}/${Stage}", { x: { Ref: "Bucket" } }] }, "id-of-Bucket/dev"],
    ["Fn::Join", { "Fn::Join": ["-", ["a", { Ref: "Stage" }, { Ref: "AWS::NoValue" }]] }, "a-dev"],
    ["Fn::Select", { "Fn::Select": ["1", { Ref: "Zones" }] }, "b"],
    ["Fn::Split", { "Fn::Split": [":", "a:b:c"] }, ["a", "b", "c"]],
    ["Fn::If when true", { "Fn::If": ["IsDev", "yes", "no"] }, "yes"],
    ["Fn::If when false", { "Fn::If": ["IsProd", "yes", "no"] }, "no"],
    ["Fn::If over And", { "Fn::If": ["Both", 1, 2] }, 2],
    ["Fn::If over Or", { "Fn::If": ["Either", 1, 2] }, 1],
    ["Fn::ImportValue", { "Fn::ImportValue": { "Fn::Sub": "${Stage}-vpc" } }, "import-of-dev-vpc"],
    ["Fn::GetStackOutput", { "Fn::GetStackOutput": { StackName: { Ref: "Stage" }, OutputName: "Id" } }, "Id-of-dev"],
    ["Fn::FindInMap", { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "cpu"] }, 2],
    ["Fn::FindInMap with a default", { "Fn::FindInMap": ["Sizes", "prod", "cpu", { DefaultValue: 9 }] }, 9],
    ["Fn::Base64", { "Fn::Base64": "hello" }, "aGVsbG8="],
    ["Fn::GetAZs", { "Fn::GetAZs": "" }, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]],
    ["Fn::Cidr", { "Fn::Cidr": ["10.0.0.0/16", 2, 8] }, ["10.0.0.0/24", "10.0.1.0/24"]],
    ["Fn::Length", { "Fn::Length": { Ref: "Zones" } }, 2],
    ["Fn::ToJsonString", { "Fn::ToJsonString": { a: { Ref: "Stage" } } }, '{"a":"dev"}'],
  ])("resolves %s", (_name, value, expected) => {
    expect(resolveValue(value, scope, "app/X")).toEqual(expected);
  });

  it("leaves out properties and list entries that are AWS::NoValue", () => {
    const value = {
      keep: 1,
      drop: { Ref: "AWS::NoValue" },
      list: [1, { "Fn::If": ["IsProd", 2, { Ref: "AWS::NoValue" }] }],
    };
    expect(resolveValue(value, scope, "app/X")).toEqual({ keep: 1, list: [1] });
    expect(resolveValue({ Ref: "AWS::NoValue" }, scope, "app/X")).toBe(NO_VALUE);
  });

  it("keeps a policy's Condition block, which is no intrinsic", () => {
    const value = { Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } } };
    expect(resolveValue(value, scope, "app/X")).toEqual({
      Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
    });
  });

  it("names function and place of a malformed intrinsic", () => {
    expect(() => resolveValue({ "Fn::Select": [5, ["a"]] }, scope, "app/Queue")).toThrow(
      "app/Queue: Fn::Select cannot select 5 of 1 values",
    );
  });

  it("names conditions that refer to each other in a ring", () => {
    const ring = { A: { "Fn::Not": [{ Condition: "B" }] }, B: { "Fn::Not": [{ Condition: "A" }] } };
    const ringScope: Scope = { ...scope, condition: (name) => table(name) };
    const table = conditionTable(ring, () => ringScope, "app", resolveValue);
    expect(() => table("A")).toThrow("A → B → A");
  });

  const plain = fc.jsonValue({ maxDepth: 4 }).filter((value) => !/"(Ref|Fn::[^"]*)"/.test(JSON.stringify(value)));
  test.prop([plain])("leaves plain data as it is", (value) => {
    expect(resolveValue(value, scope, "app/X")).toStrictEqual(value);
  });
});
