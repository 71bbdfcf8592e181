import { describe, expect, it } from "vitest";
import { eventExplanationText, explain, explainAll, explanationText } from "../../../engine/patterns/index.ts";

const event = {
  source: "shop",
  "detail-type": "Order Placed",
  detail: {
    total: "12",
    paid: false,
    empty: [],
    note: null,
    items: [
      { sku: "a", count: 1 },
      { sku: "b", count: 5 },
    ],
  },
};
const reasons = (pattern: object) =>
  explain(event, pattern)
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
      title: "a boolean where its name is wanted",
      pattern: { detail: { paid: ["false"] } },
      reason: 'detail.paid: found false, the pattern wants "false" (the same text, but a boolean instead of a string)',
    },
    {
      title: "upper and lower case",
      pattern: { "detail-type": ["order placed"] },
      reason:
        'detail-type: found "Order Placed", the pattern wants "order placed" (they differ in upper and lower case only)',
    },
    {
      title: "a text where numbers are compared",
      pattern: { detail: { total: [{ numeric: [">", 3] }] } },
      reason:
        'detail.total: found "12", the pattern wants {"numeric":[">",3]} (a string, and numeric sees numbers only)',
    },
    ...[
      { wanted: { prefix: "order" }, hint: "they differ in upper and lower case only" },
      { wanted: { suffix: "placed" }, hint: "they differ in upper and lower case only" },
      { wanted: { wildcard: "order *" }, hint: "they differ in upper and lower case only" },
      { wanted: "Order Placed ", hint: "they differ in spaces at an end only" },
      { wanted: "Order *", hint: 'in a plain text * is a letter like any other; meant is {"wildcard":"Order *"}' },
    ].map(({ wanted, hint }) => ({
      title: `the kind of text ${JSON.stringify(wanted)}`,
      pattern: { "detail-type": [wanted] },
      reason: `detail-type: found "Order Placed", the pattern wants ${JSON.stringify(wanted)} (${hint})`,
    })),
    {
      title: "a prefix of a number",
      pattern: { detail: { items: { count: [{ prefix: "5" }] } } },
      reason:
        'detail.items.count: found 1, 5, the pattern wants {"prefix":"5"} (a number, and prefix sees strings only)',
    },
    {
      title: "a null where nothing is wanted",
      pattern: { detail: { note: [{ exists: false }] } },
      reason: 'detail.note: found null, the pattern wants {"exists":false} (null is a value, so the field exists)',
    },
    {
      title: "a field looked for inside a text",
      pattern: { detail: { total: { amount: [12] } } },
      reason:
        "detail.total.amount: the event has no value here, the pattern wants 12 (detail.total is a value, not an object; a pattern does not look inside it)",
    },
    {
      title: "every alternative",
      pattern: { source: [{ prefix: "aws." }, { exists: false }] },
      reason: 'source: found "shop", the pattern wants {"prefix":"aws."} or {"exists":false}',
    },
    {
      title: "a field looked for outside the detail",
      pattern: { total: ["12"] },
      reason: 'total: the event has no value here, the pattern wants "12" (did you mean detail.total?)',
    },
    {
      title: "a misspelt field",
      pattern: { detail: { items: { counts: [1] } } },
      reason:
        "detail.items.counts: the event has no value here, the pattern wants 1 (did you mean detail.items.count?)",
    },
    {
      title: "an object where a value is wanted",
      pattern: { detail: [{ exists: true }] },
      reason:
        'detail: the event has no value here, the pattern wants {"exists":true} (there is an object here; a pattern sees only the values inside it)',
    },
    {
      title: "an empty array",
      pattern: { detail: { empty: [{ exists: true }] } },
      reason:
        'detail.empty: the event has no value here, the pattern wants {"exists":true} (there is an empty array here, which has no value)',
    },
  ])("names $title", ({ pattern, reason }) => {
    expect(reasons(pattern)).toEqual([reason]);
  });

  it("says in which array each field holds, when no one element satisfies them all", () => {
    const { matches, nearness, subRules } = explain(event, { detail: { items: { sku: ["a"], count: [5] } } });
    expect([matches, nearness < 1]).toEqual([false, true]);
    expect(subRules[0]).toMatchObject({
      held: 2,
      inconsistent: expect.stringContaining("in different elements of detail.items"),
    });
  });

  it("puts the branch of $or that is nearest first", () => {
    const pattern = {
      source: ["shop"],
      $or: [{ detail: { x: [1], y: [2] } }, { detail: { total: [{ numeric: [">", 5] }] } }],
    };
    expect(explain(event, pattern).subRules.map(({ held, fields }) => [held, fields.length])).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it("keeps the first ten values of a long list, and says how many there are", () => {
    const long = { list: Array.from({ length: 50 }, (_, index) => index) };
    const field = explain(long, { list: ["x"] }).subRules[0]?.fields[0];
    expect(field).toMatchObject({ seenCount: 50, seen: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
    expect(field?.reason).toBe('list: found 0, 1, 2 and 47 more, the pattern wants "x"');
  });
});

describe("explainAll", () => {
  const rules: [string, object][] = [
    ["far", { source: ["aws.s3"], detail: { bucket: ["b"] } }],
    ["near", { source: ["shop"], "detail-type": ["Order placed"] }],
    ["matching", { source: ["shop"] }],
    ["between", { source: ["shop"], "detail-type": ["Invoice Sent"] }],
  ];

  it("gives the rules that match, then the others by how near they come", () => {
    const { matched, missed, missedCount } = explainAll(event, rules);
    expect(matched.map(({ name }) => name)).toEqual(["matching"]);
    expect(missed.map(({ name }) => name)).toEqual(["near", "between", "far"]);
    expect(missedCount).toBe(3);
  });

  it("survives being written as JSON", () => {
    const all = explainAll(event, rules, 2);
    expect(all.missed).toHaveLength(2);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });
});

describe("the text of an explanation", () => {
  it("leads with the verdict, then what failed", () => {
    expect(explanationText("r", explain(event, { source: ["shop"], detail: { paid: [true] } })).split("\n")).toEqual([
      "r: does not match (1 of 2 fields hold)",
      "  ✗ detail.paid: found false, the pattern wants true",
      '  ✓ source: "shop" satisfies "shop"',
    ]);
  });

  it("shows the nearest alternatives of a $or, and counts the rest", () => {
    const pattern = { $or: [1, 2, 3, 4, 5].map((total) => ({ detail: { total: [total] } })) };
    const text = explanationText("r", explain(event, pattern));
    expect(text).toContain("alternative of $or, the nearest:");
    expect(text).toContain("and 2 more alternatives, further off");
  });

  it("says of an event which rules match, and why the others do not", () => {
    const rules: [string, object][] = [
      ["yes", { source: ["shop"] }],
      ["no", { source: ["other"] }],
      ["never", { x: [1] }],
    ];
    expect(eventExplanationText(explainAll(event, rules, 1)).split("\n")).toEqual([
      "yes: matches",
      "no: does not match (0 of 1 fields hold)",
      '  ✗ source: found "shop", the pattern wants "other"',
      "and 1 more rule that does not match",
    ]);
    expect(eventExplanationText(explainAll(event, []))).toBe("there are no rules");
  });
});
