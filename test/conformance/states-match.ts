/** Compares what the engine gave with what AWS recorded: strictly, except for masked text and for JSON inside text. */
const MASKS: ReadonlySet<string> = new Set(["timestamp", "date", "datetime", "start-date", "stop-date"]);

/** What of a recording is not compared. */
export type Leniency = Readonly<{
  /** Texts that stand for anything. */
  masked: ReadonlySet<string>;
  /** Members that AWS did not write yet. */
  notYet: ReadonlySet<string>;
}>;

/** Nothing but the masks that every recording has. */
export const STRICT: Leniency = { masked: new Set(), notYet: new Set() };

/** Where the two differ first, as `path: expected … got …`; undefined if nowhere. */
export function difference(expected: unknown, got: unknown, lenient: Leniency, path = ""): string | undefined {
  if (typeof expected === "string") {
    if (/<[^>]*>/.test(expected) || MASKS.has(expected) || lenient.masked.has(expected)) return undefined;
    return got === expected || sameText(expected, got, lenient) ? undefined : differs(path, expected, got);
  }
  if (typeof got === "string" && isContainer(expected)) return difference(expected, parsed(got), lenient, path);
  if (Array.isArray(expected)) return arrayDifference(expected, got, lenient, path);
  if (!isContainer(expected)) {
    if (typeof got === "string" && parsed(got) === expected) return undefined;
    return expected === got ? undefined : differs(path, expected, got);
  }
  if (!isContainer(got) || Array.isArray(got)) return differs(path, expected, got);
  const ours = new Map(Object.entries(got));
  for (const [key, value] of Object.entries(expected)) {
    if (!ours.has(key)) return differs(`${path}/${key}`, value, undefined);
    const found = difference(value, ours.get(key), lenient, `${path}/${key}`);
    if (found !== undefined) return found;
  }
  const extra = [...ours.keys()].find(
    (key) => !(key in expected) && ours.get(key) !== undefined && !lenient.notYet.has(key),
  );
  return extra === undefined ? undefined : differs(`${path}/${extra}`, undefined, ours.get(extra));
}

function arrayDifference(
  expected: readonly unknown[],
  got: unknown,
  lenient: Leniency,
  path: string,
): string | undefined {
  if (!Array.isArray(got) || got.length !== expected.length) return differs(path, expected, got);
  for (const [index, item] of expected.entries()) {
    const found = difference(item, got[index], lenient, `${path}/${index}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** AWS spaced JSON in text in two ways over the years. */
function sameText(expected: string, got: unknown, lenient: Leniency): boolean {
  if (typeof got !== "string") return false;
  const squeeze = (text: string) => text.replace(/([,:])\s+/g, "$1");
  return (
    squeeze(expected) === squeeze(got) ||
    (parsed(got) !== got &&
      difference(parsed(expected), parsed(got), { ...lenient, masked: STRICT.masked }) === undefined)
  );
}

function differs(path: string, expected: unknown, got: unknown): string {
  return `${path}: expected ${JSON.stringify(expected)} got ${JSON.stringify(got)}`;
}
