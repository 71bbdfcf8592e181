/** The least JSON text a value can have, counted without writing it. */
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";

/** What counting has yet to visit; kept so that counting makes no garbage. Never longer than the bytes counted. */
const open: (readonly JsonValue[] | JsonObject)[] = [];

/**
 * Whether even the least JSON text such a value can have is longer than `limit` bytes: a string counts as if none of its
 * characters were escaped or took more than one byte, a number as one digit.
 * @param known members the value has of it, under their own names, are passed over: they are within the limit together
 */
export function leastExceeds(value: JsonValue, limit: number, known?: JsonValue): boolean {
  if (typeof value === "string") return value.length + 2 > limit;
  if (typeof value !== "object" || value === null) return false;
  let bytes = 0;
  let next: readonly JsonValue[] | JsonObject | undefined = value;
  if (isObject(value) && isObject(known)) {
    bytes = leastOfObject(value, known);
    next = open.pop();
  }
  while (next !== undefined && bytes <= limit) {
    bytes += isArray(next) ? leastOfArray(next, limit) : leastOfObject(next);
    next = open.pop();
  }
  open.length = 0;
  return bytes > limit;
}

/** Brackets, commas and members but for arrays and objects, which are left `open`. */
function leastOfArray(items: readonly JsonValue[], limit: number): number {
  let bytes = Math.max(2, items.length + 1);
  if (bytes > limit) return bytes;
  for (const item of items) {
    if (typeof item === "object" && item !== null) open.push(item);
    else bytes += leastOfScalar(item);
  }
  return bytes;
}

function leastOfObject(members: JsonObject, known?: JsonObject): number {
  // An object without members has two braces and no comma less.
  let bytes = 1;
  for (const name in members) {
    const member = members[name] ?? null;
    // Quotes, colon, and a comma or the closing brace.
    bytes += name.length + 4;
    if (typeof member !== "object" || member === null) bytes += leastOfScalar(member);
    else if (known === undefined || known[name] !== member) open.push(member);
  }
  return bytes;
}

function leastOfScalar(value: JsonValue): number {
  if (typeof value === "string") return value.length + 2;
  return typeof value === "number" ? 1 : 4;
}
