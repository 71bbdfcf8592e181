/** What a step came to, in a few words: from the result that Step Functions' history keeps of its task. */

const MAX_LENGTH = 120;
const WORDS = ["reason", "verdict", "outcome"];
/** What an integration tells of the call itself, not of its result. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  "SdkHttpMetadata",
  "SdkResponseMetadata",
  "ExecutedVersion",
  "StatusCode",
]);

/**
 * The result of a task in a line: its reason, its status, the resource it made, how many it found, or its own few values.
 *
 * @param output the task's result as JSON text
 * @returns "" where there is nothing to say
 */
export function stepResult(output: string | undefined): string {
  const text = roundedIn(describe(parsed(output)).replaceAll(/\s+/g, " "));
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const entries = Object.entries(value).filter(([name]) => !OF_THE_CALL.has(name));
  const field = (name: string): unknown => entries.find(([key]) => key === name)?.[1];
  // A function's answer, a child execution's output.
  const inner = field("Payload") ?? field("Output");
  if (inner !== undefined) return describe(typeof inner === "string" ? parsed(inner) : inner);
  const word = WORDS.map(field).find((found) => typeof found === "string" && found !== "");
  if (word !== undefined) return String(word);
  const status = entries.find(([name, found]) => name.endsWith("JobStatus") && typeof found === "string");
  if (status !== undefined) return String(status[1]).toLowerCase();
  const arn = entries.find(([name, found]) => name.endsWith("Arn") && typeof found === "string");
  if (arn !== undefined) return String(arn[1]).split(":").slice(5).join(":");
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0) return describeOnly(only[1]);
  const counts = entries.filter(([, found]) => typeof found === "number");
  return counts.map(([name, count]) => `${name} ${String(count)}`).join(", ");
}

/** One member says most by itself: a list by its length, a thing by its name. */
function describeOnly(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : `${value.length} found`;
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  const name: unknown = Reflect.get(value, "Name");
  return typeof name === "string" ? name : "";
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

/** The text with its long decimal numbers as a person reads them. */
export function roundedIn(text: string): string {
  return text.replaceAll(/\d+\.\d{5,}/g, (number) => Number(number).toFixed(4));
}
