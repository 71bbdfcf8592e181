/** Filters of JSONPath over lists of any length: what does not depend on the item is read once, and long lists are looked up. */
import { describe, expect, it } from "vitest";
import { type JsonValue, simulate } from "../../../engine/index.ts";

async function selected(path: string, input: JsonValue): Promise<unknown> {
  const state = { Type: "Pass", Parameters: { "it.$": path }, OutputPath: "$.it", End: true };
  return (await simulate({ StartAt: "A", States: { A: state } }, { input })).output;
}

const values: readonly JsonValue[] = [4, "4", { b: [1, { c: 2, d: null }], a: 1 }, [4], null, true];
const others: readonly JsonValue[] = [5, "x", { b: [1], a: 1 }, [[4]], false, ["4"]];
/** The same list, short, and long enough to be looked up. */
const lists = [
  { length: "short", given: [] },
  { length: "long", given: Array.from({ length: 40 }, (_, n) => ({ n })) },
];
const known: readonly JsonValue[] = [4, "4", { a: 1, b: [1, { d: null, c: 2 }] }, [4], null, true];

describe.each(lists)("a filter with a list that is $length", ({ given }) => {
  const list = [...given, ...known];
  const items = [...values, ...others].map((x) => ({ x }));
  const found = async (filter: string) => await selected(`$.items[?(${filter})].x`, { items, list });

  it.each([
    { filter: "@.x in $.list", finds: values },
    { filter: "@.x nin $.list", finds: others },
  ])("looks for values: $filter", async ({ filter, finds }) => {
    expect(await found(filter)).toEqual(finds);
  });

  it.each([
    { filter: "@.x anyof $.list", finds: [[4, 5], [4]] },
    { filter: "@.x noneof $.list", finds: [[5], []] },
    { filter: "@.x subsetof $.list", finds: [[4], []] },
  ])("compares lists: $filter", async ({ filter, finds }) => {
    const several = [[4, 5], [4], [5], [], 4].map((x) => ({ x }));
    expect(await selected(`$.items[?(${filter})].x`, { items: several, list })).toEqual(finds);
  });

  it("looks for a value in the list of each item", async () => {
    const own = [{ x: list }, { x: given }];
    expect(await selected("$.items[?(@.x contains '4')].x", { items: own })).toEqual([list]);
  });
});

describe("a path of a filter that starts at the root", () => {
  it("is read for each step of the data the filter is asked of", async () => {
    const input = { want: { deep: { n: 2 } }, a: [{ n: 1 }, { n: 2 }], b: [{ n: 2 }, { n: 3 }] };
    expect(await selected("$.*[?(@.n == $.want.deep.n)].n", input)).toEqual([2, 2]);
    expect(await selected("$.a[?($..none)].n", input)).toEqual([1, 2]);
  });

  it("costs a payload full of items no more than once", async () => {
    const items = Array.from({ length: 12_000 }, (_, n) => ({ n }));
    expect(await selected("$.items[?(@.n nin $..n)]", { items })).toEqual([]);
    expect(await selected("$.items[?(@.n == $..n[0])]", { items })).toEqual([]);
  });
});
