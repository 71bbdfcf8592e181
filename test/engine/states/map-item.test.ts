/** What `$$.Map.Item` holds, and what a Map says of items that are none. */
import { describe, expect, it } from "vitest";
import { type JsonValue, simulate } from "../../../engine/index.ts";

const FLOW = { StartAt: "Each", States: { Each: { Type: "Pass", End: true } } };
const DISTRIBUTED = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...FLOW };

function mapped(items: JsonValue, fields: object) {
  const state = { Type: "Map", ItemsPath: "$.items", ItemProcessor: FLOW, End: true, ...fields };
  return simulate(JSON.stringify({ StartAt: "All", States: { All: state } }), { input: { items } });
}

describe("$$.Map.Item", () => {
  const ItemSelector = { "it.$": "$$.Map.Item" };
  const inline = (Index: number, Value: JsonValue) => ({ it: { Index, Value } });

  it("of an inline Map is index and value", async () => {
    const { output } = await mapped(["a", "b"], { ItemSelector });
    expect(output).toEqual([inline(0, "a"), inline(1, "b")]);
  });

  it("of a distributed Map says where the item is from too", async () => {
    const { output } = await mapped([{ Key: "k", Value: 1 }], { ItemProcessor: DISTRIBUTED, ItemSelector });
    expect(output).toEqual([{ it: { Index: 0, Value: { Key: "k", Value: 1 }, Source: "STATE_DATA" } }]);
  });

  it("of an object's member has its key, and the member alone as its value", async () => {
    const { output } = await mapped({ k: 1 }, { ItemProcessor: DISTRIBUTED, ItemSelector });
    expect(output).toEqual([{ it: { Index: 0, Key: "k", Value: 1, Source: "STATE_DATA" } }]);
    expect((await mapped({ k: 1 }, { ItemProcessor: DISTRIBUTED })).output).toEqual([{ Key: "k", Value: 1 }]);
  });

  it("fails an inline Map that asks for a source", async () => {
    const { error, history } = await mapped(["a"], { ItemSelector: { "it.$": "$$.Map.Item.Source" } });
    expect(error).toBe("States.Runtime");
    expect(history.map(({ type }) => type).slice(-2)).toEqual(["MapStateStarted", "ExecutionFailed"]);
  });
});

it.each([{ items: null }, { items: { a: 1 } }, { items: "a" }])("a Map of $items has no items", async ({ items }) => {
  expect(await mapped(items, {})).toMatchObject({
    error: "States.Runtime",
    cause: 'Reference path "$.items" must point to array.',
  });
});
