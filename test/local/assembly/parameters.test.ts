import { describe, expect, it } from "vitest";
import { applyAssembly, type GivenParameter, Stacks } from "../../../local/assembly/index.ts";
import { SampleHome, type SampleStack, writeAssembly } from "./sample-assembly.ts";

const text = (rest: object = {}) => ({ Type: "String", ...rest });
const shows = (...names: string[]) => ({
  Shown: { Type: "Test::Thing", Properties: Object.fromEntries(names.map((name) => [name, { Ref: name }])) },
});
const given = (name: string, value: string, stackName?: string): GivenParameter => ({ name, value, stackName });

/** A home, and an `up` of one assembly in it that answers what its things were made with. */
function homeOf(stacks: Record<string, SampleStack>) {
  const home = new SampleHome();
  const directory = writeAssembly(stacks);
  const up = async (parameters: GivenParameter[] = [], rest: object = {}) => {
    await applyAssembly({ directory, home: home.ports, resourceTypes: home.types, parameters, ...rest });
    return [...home.things.values()].map(({ properties }) => properties);
  };
  return { home, up, directory };
}

describe("values of parameters", () => {
  const app: SampleStack = {
    Parameters: { Stage: text({ AllowedPattern: "[a-z]+" }), Zones: { Type: "CommaDelimitedList", Default: "a" } },
    Resources: shows("Stage", "Zones"),
  };

  it("are those given, then defaults, and stay for the next time until others are given", async () => {
    const { up } = homeOf({ app });
    expect(await up([given("Stage", "dev")])).toEqual([{ Stage: "dev", Zones: ["a"] }]);
    expect(await up()).toEqual([{ Stage: "dev", Zones: ["a"] }]);
    expect(await up([given("Zones", "b,c", "app")])).toEqual([{ Stage: "dev", Zones: ["b", "c"] }]);
    expect(await up([given("Stage", "prod")])).toEqual([{ Stage: "prod", Zones: ["b", "c"] }]);
  });

  it("are forgotten when that is asked for", async () => {
    const { up } = homeOf({ app });
    await up([given("Stage", "dev"), given("Zones", "z")]);
    expect(await up([given("Stage", "dev")], { previousParameters: false })).toEqual([{ Stage: "dev", Zones: ["a"] }]);
  });

  it("go to every stack that has the parameter, or to the one that is named", async () => {
    const { up } = homeOf({ app, other: { Parameters: { Stage: text() }, Resources: shows("Stage") } });
    expect(await up([given("Stage", "dev"), given("Stage", "prod", "other")])).toEqual([
      { Stage: "dev", Zones: ["a"] },
      { Stage: "prod" },
    ]);
  });

  it.each([
    {
      what: "are missing",
      values: [],
      told: "app: no value for the parameters Stage; give them --parameters app:Stage=VALUE",
    },
    { what: "are refused by the template", values: [given("Stage", "DEV")], told: "does not match [a-z]+" },
    {
      what: "are for no parameter",
      values: [given("Stag", "dev")],
      told: "no parameter Stag; it has app:Stage, app:Zones",
    },
    { what: "are for no stack", values: [given("Stage", "dev", "App")], told: "no parameter App:Stage" },
  ])("that $what are told of before anything is made", async ({ values, told }) => {
    const { home, up } = homeOf({ app });
    await expect(up(values)).rejects.toThrow(told);
    expect(home.journal).toEqual([]);
  });

  it("of a NoEcho parameter are not shown", async () => {
    const { home, up } = homeOf({ app: { Parameters: { Key: text({ NoEcho: true }) }, Resources: shows("Key") } });
    expect(await up([given("Key", "secret")])).toEqual([{ Key: "secret" }]);
    expect(new Stacks(home.ports.store).find("app")?.parameters).toEqual([{ key: "Key", value: "****" }]);
  });
});

describe("rules", () => {
  const stages = { "Fn::Contains": [["dev", "prod"], { Ref: "Stage" }] };
  const app: SampleStack = {
    Parameters: { Stage: text({ Default: "dev" }), Zones: { Type: "CommaDelimitedList", Default: "a,b" } },
    Rules: {
      Known: { Assertions: [{ Assert: stages, AssertDescription: "Stage is dev or prod" }] },
      Zoned: {
        RuleCondition: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
        Assertions: [
          { Assert: { "Fn::EachMemberIn": [{ Ref: "Zones" }, ["a", "b", "c"]] } },
          {
            Assert: { "Fn::Not": [{ "Fn::EachMemberEquals": [{ Ref: "Zones" }, "a"] }] },
            AssertDescription: "not all a",
          },
        ],
      },
    },
    Resources: shows("Stage"),
  };

  it.each([
    { values: [], broken: [] },
    { values: [given("Stage", "test")], broken: ["app/Rules/Known: Stage is dev or prod"] },
    { values: [given("Zones", "z")], broken: [] },
    { values: [given("Stage", "prod"), given("Zones", "a")], broken: ["app/Rules/Zoned: not all a"] },
    { values: [given("Stage", "prod"), given("Zones", "a,z")], broken: ["app/Rules/Zoned: {"] },
  ])("of $values find $broken", async ({ values, broken }) => {
    const { home, up } = homeOf({ app });
    const failure = await up(values).then(
      () => "",
      (thrown: unknown) => String(thrown),
    );
    expect(
      failure
        .split("\n  ")
        .slice(1)
        .map((line) => broken.some((one) => line.startsWith(one))),
    ).toEqual(broken.map(() => true));
    expect(home.things.size).toBe(broken.length === 0 ? 1 : 0);
  });

  it("that ask for what a home has not got are listed", async () => {
    const Rules = {
      Far: { Assertions: [{ Assert: { "Fn::EachMemberIn": [{ "Fn::RefAll": "AWS::EC2::VPC::Id" }, []] } }] },
    };
    const { up } = homeOf({ app: { ...app, Rules } });
    await expect(up()).rejects.toThrow("Fn::RefAll in a rule of app");
  });
});
