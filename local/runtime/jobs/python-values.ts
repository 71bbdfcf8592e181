/**
 * JSON as Python reads and writes it: whole numbers of any size, `1.0` no whole number, `True` on a command line.
 *
 * SageMaker's training toolkit reads hyperparameters with json.loads and hands them on with str and json.dumps:
 * https://github.com/aws/sagemaker-training-toolkit/blob/master/src/sagemaker_training/mapping.py
 */

/** A number as it was written. */
export class PythonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** Python's repr: a whole number's digits, or the shortest that reads back as the same floating number. */
  get text(): string {
    if (/^-?\d+$/.test(this.source)) return this.source === "-0" ? "0" : this.source;
    const value = Number(this.source);
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    const [digits = "", power = "0"] = value.toExponential().split("e");
    const exponent = Number(power);
    if (exponent < -4 || exponent >= 16)
      return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
    const plain = Object.is(value, -0) ? "-0" : String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }

  /** json.dumps says what JSON has no word for as JavaScript does. */
  get json(): string {
    const { text } = this;
    return { nan: "NaN", inf: "Infinity", "-inf": "-Infinity" }[text] ?? text;
  }
}

export type PythonValue = string | boolean | null | PythonNumber | PythonValue[] | { [key: string]: PythonValue };

const CONSTANTS: ReadonlySet<string> = new Set(["NaN", "Infinity", "-Infinity"]);

/** json.loads; undefined where that raises. */
export function loads(text: string): PythonValue | undefined {
  if (CONSTANTS.has(text.trim())) return new PythonNumber(text.trim());
  try {
    return pythonValue(JSON.parse(text, asWritten));
  } catch {
    return undefined;
  }
}

/** What JavaScript holds, as Python would. */
export function pythonValue(value: unknown): PythonValue {
  if (typeof value === "number") return new PythonNumber(String(value));
  if (typeof value === "string" || typeof value === "boolean" || value instanceof PythonNumber) return value;
  if (Array.isArray(value)) return value.map(pythonValue);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, pythonValue(member)]));
}

/** `json.dumps(value, sort_keys=True, separators=(",", ":"))`. */
export function dumps(value: PythonValue): string {
  if (value instanceof PythonNumber) return value.json;
  if (Array.isArray(value)) return `[${value.map(dumps).join(",")}]`;
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  return `{${entries(value)
    .map(([key, member]) => `${ascii(JSON.stringify(key))}:${dumps(member)}`)
    .join(",")}}`;
}

/** `str(value)`, but nothing for None. */
export function str(value: PythonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : repr(value);
}

/** Members in the order of their names. */
export function entries(value: { [key: string]: PythonValue }): [string, PythonValue][] {
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** `repr(value)`. */
export function repr(value: PythonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof PythonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value === "string") return quoted(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${quoted(key)}: ${repr(member)}`)
    .join(", ")}}`;
}

/** JSON.parse's reviver; its third argument, unknown to the language's older types, has the number's own text. */
function asWritten(_key: string, value: unknown, ...[context]: unknown[]): unknown {
  if (typeof value !== "number") return value;
  const source: unknown = typeof context === "object" && context !== null ? Reflect.get(context, "source") : undefined;
  return new PythonNumber(typeof source === "string" ? source : String(value));
}

function ascii(json: string): string {
  return json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replaceAll(/[\\\n\r\t]|[\p{Cc}]/gu, (sign) => {
    return ESCAPES[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `${quote}${quote === "'" ? inside.replaceAll("'", "\\'") : inside}${quote}`;
}
