/**
 * Large values of a checkpoint, kept by the host beside it. A Parallel or a Map may hold hundreds of megabytes in its branches,
 * and a checkpoint comes with every input: so the host writes a value once and the checkpoint names it.
 *
 *   C1. A value is named by `{"\0part": id}` in its place. One that looks like such a name itself is kept apart too, so that none
 *       is mistaken for it.
 *   C2. States share their data: the branches of a Parallel all name the one value that is their input.
 */
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import { leastExceeds } from "../least-size.ts";

/** The host's side while a checkpoint is written. */
export interface PartsWriter {
  /** Keeps a value; the same value, which is never changed, has the same id. */
  put(value: JsonValue): number;
}

/** The host's side while an execution is restored: gives what `put` kept under the id. */
export interface PartsReader {
  get(id: number): JsonValue;
}

/** Puts values aside or back in their places. */
export type Packing = (value: JsonValue) => JsonValue;

const NAME = "\0part";
/** In bytes; smaller values cost less in the checkpoint than apart. */
const LARGE = 2_048;

/** For a host that keeps no parts: every value stays in the checkpoint. */
export const unpacked: Packing = (value) => value;

export function packTo(parts: PartsWriter): Packing {
  return (value) => (leastExceeds(value, LARGE) || idOf(value) !== undefined ? { [NAME]: parts.put(value) } : value);
}

export function unpackFrom(parts: PartsReader): Packing {
  return (value) => {
    const id = idOf(value);
    return id === undefined ? value : parts.get(id);
  };
}

/** The same for each member. */
export function packMembers(values: JsonObject, packing: Packing): JsonObject {
  if (packing === unpacked) return values;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, packing(value)]));
}

function idOf(value: JsonValue): number | undefined {
  const id = isObject(value) ? value[NAME] : undefined;
  return typeof id === "number" ? id : undefined;
}
