import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { matches } from "../../engine/patterns/index.ts";
import { definitions } from "../../events/event-reference.ts";
import { allResources, type Resource } from "../infra/assembly.ts";

// As the samples have them.
const PSEUDO: Readonly<Record<string, string>> = { "AWS::AccountId": "123456789012", "AWS::Region": "eu-central-1" };
const Ref = z.object({ Ref: z.string() });
const Join = z.object({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) });

let resources: Map<string, Resource>;
let rules: Resource[];
beforeAll(async () => {
  const all = await allResources();
  resources = new Map(all.map((resource) => [resource.id, resource]));
  rules = all.filter(({ Type, Properties }) => Type === "AWS::Events::Rule" && Properties.EventPattern !== undefined);
});

/** A template's value as it is once deployed. */
function deployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deployed);
  const ref = Ref.safeParse(value);
  if (ref.success) {
    const { StateMachineName } = resources.get(ref.data.Ref)?.Properties ?? {};
    return PSEUDO[ref.data.Ref] ?? `arn:aws:states:eu-central-1:123456789012:stateMachine:${String(StateMachineName)}`;
  }
  const join = Join.safeParse(value);
  if (join.success) return join.data["Fn::Join"][1].map(deployed).join(join.data["Fn::Join"][0]);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, deployed(part)]));
}

const patternOf = (rule: Resource) => z.record(z.string(), z.unknown()).parse(deployed(rule.Properties.EventPattern));

describe("the rules of the app", () => {
  it("each match one sample of the vocabulary, that of the event they name, and no other", () => {
    const found = rules.map((rule) => {
      const pattern = patternOf(rule);
      const taken = definitions().filter(({ sample }) => matches(pattern, Object(sample)));
      return {
        rule: rule.Properties.Name,
        takes: taken.map(({ source, detailType }) => [[source], [detailType]]),
        names: [[pattern.source, pattern["detail-type"]]],
      };
    });
    expect(found.length).toBeGreaterThan(0);
    for (const { rule, takes, names } of found) expect({ rule, takes }).toEqual({ rule, takes: names });
  });

  it("answer to every event of AWS in the vocabulary", () => {
    const named = new Set(rules.map((rule) => JSON.stringify(patternOf(rule)["detail-type"])));
    const unanswered = definitions().filter(
      ({ source, detailType }) => source.startsWith("aws.") && !named.has(JSON.stringify([detailType])),
    );
    expect(unanswered).toEqual([]);
  });
});
