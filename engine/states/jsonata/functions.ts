/** What AWS adds to JSONata: $partition, $range, $hash, $random, $uuid, $parse; and takes away: $eval. */
import type { Evaluation } from "../evaluation.ts";
import { HASH_ALGORITHMS, hashHex, isHashAlgorithm } from "../hash.ts";
import { SeededRandom } from "../random.ts";

type JsonataFunction = (...args: unknown[]) => unknown;

const MAX_RANGE = 1000;

/** A function was called with arguments it does not take. */
class JsonataArgumentError extends Error {
  override readonly name = "JsonataArgumentError";
  readonly code = "T0410";
}

/** The functions, bound to one evaluation's randomness. */
export function awsFunctions(evaluation: Evaluation): Record<string, JsonataFunction | undefined> {
  return {
    partition,
    range,
    hash,
    parse: (text) => (text === undefined ? undefined : JSON.parse(stringOf("parse", text))),
    random: (seed) => (seed === undefined ? evaluation.random() : new SeededRandom(String(seed)).next()),
    uuid: () => evaluation.uuid(),
    eval: undefined,
  };
}

function stringOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new JsonataArgumentError(`The function $${name} needs a string but got ${JSON.stringify(value)}`);
}

function numberOf(name: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw new JsonataArgumentError(`The function $${name} needs a number but got ${JSON.stringify(value)}`);
}

function partition(list: unknown, size: unknown): unknown {
  if (list === undefined || size === undefined) return undefined;
  const items: unknown[] = Array.isArray(list) ? list : [list];
  const chunk = Math.floor(numberOf("partition", size));
  if (chunk <= 0)
    throw new JsonataArgumentError(`The function $partition needs a positive chunk size but got ${chunk}`);
  return Array.from({ length: Math.ceil(items.length / chunk) }, (_, at) => items.slice(at * chunk, (at + 1) * chunk));
}

function range(first: unknown, last: unknown, step: unknown): unknown {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const [from, to, by] = [numberOf("range", first), numberOf("range", last), numberOf("range", step)];
  const length = by === 0 ? Number.NaN : Math.max(0, Math.floor((to - from) / by) + 1);
  if (Number.isNaN(length) || length > MAX_RANGE) {
    throw new JsonataArgumentError(
      `The function $range gives at most ${MAX_RANGE} elements and needs a step other than 0`,
    );
  }
  if (length === 0) return undefined;
  // A JSONata sequence: one value stands for itself.
  return length === 1 ? from : Array.from({ length }, (_, index) => from + index * by);
}

function hash(text: unknown, algorithm: unknown): unknown {
  if (text === undefined) return undefined;
  if (!isHashAlgorithm(algorithm)) {
    throw new JsonataArgumentError(
      `The function $hash knows ${HASH_ALGORITHMS.join(", ")}, not ${JSON.stringify(algorithm)}`,
    );
  }
  return hashHex(algorithm, stringOf("hash", text));
}
