/**
 * Whether a regular expression repeats something that itself repeats without bound, such as `(a+)+`: matching it backwards
 * through all splits can take longer than the universe, and nothing can interrupt it.
 */
export function repeatsRepetition(source: string): boolean {
  const inner: boolean[] = [];
  let repeats = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === "\\") at += 1;
    else if (character === "[") at = classEnd(source, at);
    else if (character === "(") {
      inner.push(repeats);
      repeats = false;
    } else if (character === ")") {
      if (repeats && isUnbounded(source, at + 1)) return true;
      repeats = (inner.pop() ?? false) || repeats;
    } else if (isUnbounded(source, at)) repeats = true;
  }
  return false;
}

function isUnbounded(source: string, at: number): boolean {
  return /^(?:[+*]|\{\d+,\})/.test(source.slice(at, at + 12));
}

function classEnd(source: string, at: number): number {
  let end = at + 1;
  while (end < source.length && source[end] !== "]") end += source[end] === "\\" ? 2 : 1;
  return end;
}
