/**
 * How many unfinished wildcard prefixes one value can keep alive at once, over all wildcards of a field. AWS refuses a
 * rule that reaches its limit, because matching cost grows with it: "*:*:*:*:*:event-bus/*" is refused, and so are four
 * alternatives like "*dir*.x", while four like "*.x" are not.
 */
import { parseWildcard } from "./wildcard.ts";

/** A field at or above this is refused. */
export const WILDCARD_COMPLEXITY_LIMIT = 10;

// A field that needs to look at more sets of states is far beyond the limit.
const MOST_SETS = 20_000;
const ANY = "any";

/** A state is the number of tokens consumed; the states of all wildcards are numbered through. */
interface Machine {
  /** Token leaving a state: a letter, ANY, or undefined at an end. */
  leaving: (string | undefined)[];
  /** States just behind an ANY: they stay alive whatever comes. */
  loops: Set<number>;
  starts: number[];
}

/** The complexity of a field's wildcards, cut at the limit. */
export function wildcardComplexity(wildcards: readonly string[]): number {
  const machine: Machine = { leaving: [], loops: new Set(), starts: [] };
  for (const wildcard of wildcards) append(machine, parseWildcard(wildcard));
  const letters = new Set(machine.leaving.filter((token) => token !== undefined && token !== ANY));
  // One letter stands for all those no wildcard names.
  letters.add("other");
  const start = withSkippedStars(machine, machine.starts);
  const seen = new Set<string>();
  const open = [start];
  let largest = start.length;
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const letter of letters) {
      const reached = step(machine, set, letter ?? "");
      largest = Math.max(largest, reached.length);
      if (largest >= WILDCARD_COMPLEXITY_LIMIT || seen.size > MOST_SETS) return WILDCARD_COMPLEXITY_LIMIT;
      const key = reached.join();
      if (reached.length > 0 && !seen.has(key)) {
        seen.add(key);
        open.push(reached);
      }
    }
  }
  return largest;
}

function append(machine: Machine, pieces: readonly string[]): void {
  machine.starts.push(machine.leaving.length);
  pieces.forEach((piece, index) => {
    machine.leaving.push(...piece);
    if (index < pieces.length - 1) {
      machine.leaving.push(ANY);
      machine.loops.add(machine.leaving.length);
    }
  });
  machine.leaving.push(undefined);
}

function step(machine: Machine, set: readonly number[], letter: string): number[] {
  const reached = new Set<number>();
  for (const state of set) {
    if (machine.loops.has(state)) reached.add(state);
    if (machine.leaving[state] === letter) reached.add(state + 1);
  }
  return withSkippedStars(machine, [...reached]);
}

// A wildcard may stand for nothing: who reached it has also passed it.
function withSkippedStars(machine: Machine, states: readonly number[]): number[] {
  const all = new Set(states);
  for (const state of states) if (machine.leaving[state] === ANY) all.add(state + 1);
  return [...all].sort((a, b) => a - b);
}
