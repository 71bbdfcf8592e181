/** Which of some known names a misspelt one most likely stands for. */

// Beyond this a name is compared by its start only: nobody misspells so long a text, and the work is its square.
const COMPARED = 120;
const LEAST_CLOSENESS = 0.6;

/** How alike two texts are, from 0 to 1 (equal); upper and lower case count as a tenth of a letter. */
export function closeness(a: string, b: string): number {
  const longest = Math.min(Math.max(a.length, b.length), COMPARED);
  return longest === 0 ? 1 : 1 - distance(a.slice(0, COMPARED), b.slice(0, COMPARED)) / longest;
}

/** The candidate most like `name`, or undefined where none is like it enough to be meant. */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let highest = LEAST_CLOSENESS;
  for (const candidate of candidates) {
    if (candidate === name || tooUnlike(candidate, name)) continue;
    const alike = closeness(name, candidate);
    if (alike > highest) {
      best = candidate;
      highest = alike;
    }
  }
  return best;
}

function tooUnlike(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) > (1 - LEAST_CLOSENESS) * Math.max(a.length, b.length);
}

/** Edits that make `a` into `b`: a letter more, less, other, or two swapped. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = letterCost(a[row - 1], b[column - 1]);
      let edits = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + cost);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? 0) + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

function letterCost(a = "", b = ""): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? 0.1 : 1;
}
