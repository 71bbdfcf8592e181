import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { dependencyOrder } from "../../../local/assembly/order.ts";

describe("dependencyOrder", () => {
  it("names the ring when nodes depend on each other", () => {
    const edges: Record<string, string[]> = { start: ["a"], a: ["b"], b: ["c"], c: ["a"] };
    expect(() => dependencyOrder(["start", "a", "b", "c"], (node) => edges[node] ?? [])).toThrow("a → b → c → a");
  });

  it("keeps the given order where nothing depends", () => {
    expect(dependencyOrder(["c", "a", "b"], () => [])).toEqual(["c", "a", "b"]);
  });

  it("orders a chain of 20,000 without exhausting the stack", () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) => String(index));
    const ordered = dependencyOrder(nodes, (node) => [String(Number(node) + 1)]);
    expect(ordered[0]).toBe("19999");
  });

  const graph = fc
    .integer({ min: 1, max: 30 })
    .chain((size) => fc.array(fc.array(fc.nat(size), { maxLength: 4 }), { minLength: size, maxLength: size }));
  test.prop([graph])("puts every node of an acyclic graph after its dependencies, each once", (edges) => {
    const nodes = edges.map((_, index) => String(index));
    const before = (node: string) => (edges[Number(node)] ?? []).filter((other) => other < Number(node)).map(String);
    const ordered = dependencyOrder(nodes.toReversed(), before);
    expect(ordered.toSorted()).toEqual(nodes.toSorted());
    for (const node of nodes) {
      for (const other of before(node)) expect(ordered.indexOf(other)).toBeLessThan(ordered.indexOf(node));
    }
  });
});
