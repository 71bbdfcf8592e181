/** What a backtracking match may cost: an upper bound of the ways through a pattern, for a text of a given length. */
import type { RegexNode } from "./syntax.ts";

/** The most steps a search may take in a text of `length` characters: all ways, from each place it may begin at. */
export function mostSteps(node: RegexNode, length: number): number {
  const aside = { steps: 0 };
  const ways = waysThrough(node, length, aside);
  return (length + 1) * (ways + aside.steps);
}

/** @param aside lookarounds are decided once wherever they are met, so their ways add up instead of multiplying */
function waysThrough(node: RegexNode, length: number, aside: { steps: number }): number {
  switch (node.kind) {
    case "character":
    case "assertion":
      return 1;
    case "backreference":
      return length + 1;
    case "sequence":
      return node.parts.reduce((ways, part) => ways * waysThrough(part, length, aside), 1);
    case "alternatives":
      return node.parts.reduce((ways, part) => ways + waysThrough(part, length, aside), 0);
    case "group":
      return waysThrough(node.body, length, aside);
    case "lookaround":
      aside.steps += waysThrough(node.body, length, aside);
      return 1;
    case "repeat": {
      const ways = waysThrough(node.body, length, aside);
      // It may end after any number of turns; those it must take cost a step each.
      if (ways <= 1) return Math.max(1, node.least) + Math.max(0, Math.min(node.most, length + 1) - node.least);
      // A turn beyond the least that takes nothing is given up, so there are no more than characters.
      return 2 * ways ** Math.min(node.most, node.least + length + 1);
    }
  }
}
