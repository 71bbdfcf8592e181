/**
 * The JSON paths of EventBridge's InputPath and InputPathsMap: `$`, names, `[0]`, `[*]`, `['name']`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */

/** A path EventBridge does not take. */
export class InvalidEventPathError extends Error {
  override readonly name = "InvalidEventPathError";
  readonly code = "ValidationException";
}

type Step = string | number | "[*]";

const STEP = /\.([^.[\]'"\s]+)|\[(\d+)\]|\[(\*)\]|\['([^']*)'\]|\["([^"]*)"\]/y;
// Told apart from a field of that name by being no string a field step can be.
const EVERY: Step = "[*]";

/** Reads one value out of an event; undefined where there is none. */
export type EventPath = (event: unknown) => unknown;

/** @throws InvalidEventPathError */
export function compileEventPath(path: string): EventPath {
  const steps = parseSteps(path);
  return (event) => follow(event, steps, 0);
}

function parseSteps(path: string): Step[] {
  const steps: Step[] = [];
  let at = path.startsWith("$") ? 1 : -1;
  while (at >= 0 && at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) {
      at = -1;
      break;
    }
    const [, name, index, every, single, double] = match;
    steps.push(every ? EVERY : index === undefined ? (name ?? single ?? double ?? "") : Number(index));
    at = STEP.lastIndex;
  }
  if (at >= 0) return steps;
  throw new InvalidEventPathError(
    `"${path}" is not a path into an event; expected "$" followed by .name, [0] or [*], as in $.detail.items[0]`,
  );
}

function follow(value: unknown, steps: readonly Step[], from: number): unknown {
  let current = value;
  for (let at = from; at < steps.length; at++) {
    const step = steps[at];
    if (typeof current !== "object" || current === null || step === undefined) return undefined;
    if (step === EVERY) {
      if (!Array.isArray(current)) return undefined;
      return current.map((element) => follow(element, steps, at + 1)).filter((found) => found !== undefined);
    }
    current = Object.hasOwn(current, step) ? (current as Record<string | number, unknown>)[step] : undefined;
  }
  return current;
}
