import { describe, expect, it } from "vitest";
import { explain, nearestMisses } from "../../../engine/patterns/index.ts";

const event = {
  source: "shop",
  "detail-type": "Order Placed",
  detail: {
    total: "12",
    items: [
      { sku: "a", count: 1 },
      { sku: "b", count: 5 },
    ],
  },
};
const reasons = (pattern: object) =>
  explain(JSON.stringify(pattern), event)
    .subRules[0]?.fields.filter(({ holds }) => !holds)
    .map(({ reason }) => reason);

describe("explain", () => {
  it.each([
    {
      title: "a value that is missing",
      pattern: { detail: { customer: ["c"] } },
      reason: 'detail.customer: the event has no value here, the pattern wants "c"',
    },
    {
      title: "a text where a number is wanted",
      pattern: { detail: { total: [12] } },
      reason: 'detail.total: found "12", the pattern wants 12 (the same text, but a string instead of a number)',
    },
    {
      title: "upper and lower case",
      pattern: { "detail-type": ["order placed"] },
      reason:
        'detail-type: found "Order Placed", the pattern wants "order placed" (they differ in upper and lower case only)',
    },
    {
      title: "every alternative",
      pattern: { source: [{ prefix: "aws." }, { exists: false }] },
      reason: 'source: found "shop", the pattern wants {"prefix":"aws."} or {"exists":false}',
    },
  ])("names $title", ({ pattern, reason }) => {
    expect(reasons(pattern)).toEqual([reason]);
  });

  it("says when each field holds, but no one array element satisfies them all", () => {
    const { matches, subRules } = explain(JSON.stringify({ detail: { items: { sku: ["a"], count: [5] } } }), event);
    expect(matches).toBe(false);
    expect(subRules[0]).toMatchObject({
      held: 2,
      inconsistent: expect.stringContaining("different elements of an array"),
    });
  });

  it("puts the branch of $or that is nearest first", () => {
    const pattern = {
      source: ["shop"],
      $or: [{ detail: { x: [1], y: [2] } }, { detail: { total: [{ numeric: [">", 5] }] } }],
    };
    expect(explain(JSON.stringify(pattern), event).subRules.map(({ held, fields }) => [held, fields.length])).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });
});

describe("nearestMisses", () => {
  it("ranks the rules that do not match by how much of them holds", () => {
    const rules: [string, string][] = [
      ["matches", '{"source":["shop"]}'],
      ["far", '{"source":["aws.s3"]}'],
      ["near", '{"source":["shop"],"detail-type":["Order placed"]}'],
    ];
    expect(nearestMisses(rules, event).map(({ name, nearness }) => [name, nearness])).toEqual([
      ["near", 0.5],
      ["far", 0],
    ]);
  });
});
