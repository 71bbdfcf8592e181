/**
 * What AWS adds to JSONata: $partition, $range, $hash, $random, $uuid, $parse; and takes away: $eval. $now and $millis tell
 * the execution's time, and $pad adds no more than AWS lets it.
 *
 * They carry signatures as JSONata's own functions do, so that a wrong argument is refused in the same words. A missing
 * value gives a missing result.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import type jsonata from "jsonata";
import type { Evaluation } from "../evaluation.ts";
import { HASH_ALGORITHMS, hashHex, isHashAlgorithm } from "../hash.ts";
import { javaRandomDouble } from "../random.ts";

/** The name the evaluation is bound to; no expression can write it. */
const EVALUATION = "the evaluation";

const REGISTER: Readonly<Record<string, (expression: jsonata.Expression) => void>> = {
  partition: (expression) => expression.registerFunction("partition", partition, "<an:a>"),
  range: (expression) => expression.registerFunction("range", range, "<nnn:a>"),
  hash: (expression) => expression.registerFunction("hash", hash, "<ss:s>"),
  parse: (expression) => expression.registerFunction("parse", parse, "<s:x>"),
  random: (expression) => expression.registerFunction("random", random, "<n?:n>"),
  uuid: (expression) => expression.registerFunction("uuid", uuid, "<:s>"),
  now: (expression) => expression.registerFunction("now", now, "<s?s?:s>"),
  millis: (expression) => expression.registerFunction("millis", millis, "<:n>"),
  pad: (expression) => expression.registerFunction("pad", pad, "<s-ns?:s>"),
};

/** Registers those of the functions that the expression names. */
export function registerAwsFunctions(expression: jsonata.Expression, names: readonly string[]): void {
  for (const name of names) if (Object.hasOwn(REGISTER, name)) REGISTER[name]?.(expression);
}

/** What the functions need of one evaluation, as bindings; `$eval` is bound to nothing. */
export function awsBindings(evaluation: Evaluation): Record<string, unknown> {
  return { [EVALUATION]: evaluation, eval: undefined };
}

type Sources = Pick<Evaluation, "random" | "uuid" | "nowMs">;

function isEvaluation(value: unknown): value is Sources {
  return typeof value === "object" && value !== null && "random" in value && "uuid" in value && "nowMs" in value;
}

function evaluationOf({ environment }: jsonata.Focus): Sources {
  const evaluation: unknown = environment.lookup(EVALUATION);
  if (isEvaluation(evaluation)) return evaluation;
  throw new Error("an expression ran without its evaluation");
}

function random(this: jsonata.Focus, seed?: number): number {
  return seed === undefined ? evaluationOf(this).random() : javaRandomDouble(Math.trunc(seed));
}

function uuid(this: jsonata.Focus): string {
  return evaluationOf(this).uuid();
}

function millis(this: jsonata.Focus): number {
  return evaluationOf(this).nowMs;
}

/** JSONata's own reads the host's clock; in an execution under a virtual clock, time is that clock's. */
function now(this: jsonata.Focus, picture?: string, timezone?: string): unknown {
  const fromMillis: unknown = this.environment.lookup("fromMillis");
  const format: unknown = Reflect.get(Object(fromMillis), "implementation");
  if (typeof format !== "function") throw new Error("JSONata has no function fromMillis");
  return Reflect.apply(format, this, [evaluationOf(this).nowMs, picture, timezone]);
}

function parse(text?: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`The argument of the parse function is not valid JSON: ${JSON.stringify(text.slice(0, 100))}`);
  }
}

function partition(items?: readonly unknown[], size?: number): unknown {
  if (items === undefined || size === undefined) return undefined;
  const chunk = Math.trunc(size);
  if (chunk < 0) throw new Error(`The chunk size of the partition function must not be negative: ${chunk}`);
  if (chunk === 0) return undefined;
  return Array.from({ length: Math.ceil(items.length / chunk) }, (_, at) => items.slice(at * chunk, (at + 1) * chunk));
}

/** Arguments are cut to whole numbers; the end is included if a step lands on it. */
function range(first?: number, last?: number, step?: number): unknown {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step)];
  const length = by === 0 ? 0 : Math.max(0, Math.floor((to - from) / by) + 1);
  if (length === 0) return undefined;
  if (length > MAX_SEQUENCE) throw { code: "D2015", value: length };
  // A JSONata sequence: one value stands for itself.
  return length === 1 ? from : Array.from({ length }, (_, index) => from + index * by);
}

/** How many numbers one evaluation may hold at AWS: 7 MB at 8 bytes each. */
export const MAX_SEQUENCE = 873_782;

/** How many characters one call of $pad may add at AWS, however long the text is then. */
const MAX_PADDING = 262_144;

/** JSONata's own, whose width counts characters and is negative to add them in front, within AWS's bound. */
function pad(text?: string, width = 0, fill = ""): string | undefined {
  if (text === undefined) return undefined;
  const added = Math.abs(Math.trunc(width)) - [...text].length;
  if (added <= 0) return text;
  if (added > MAX_PADDING) throw { code: "D2015", value: added };
  const pattern = [...(fill === "" ? " " : fill)];
  const padding = pattern.join("").repeat(Math.floor(added / pattern.length));
  const rest = pattern.slice(0, added % pattern.length).join("");
  return width > 0 ? text + padding + rest : padding + rest + text;
}

function hash(text?: string, algorithm?: string): unknown {
  if (text === undefined || algorithm === undefined) return undefined;
  if (isHashAlgorithm(algorithm)) return hashHex(algorithm, text);
  const known = HASH_ALGORITHMS.join(", ");
  throw new Error(`The hash function knows the algorithms ${known}, not ${JSON.stringify(algorithm)}`);
}
