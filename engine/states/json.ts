/** JSON values as the engine passes them around. They are never mutated once produced: states share them. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
/** A JSON object; what is being built is a `Record` until it is handed out. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** True for a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a JSON array (readonly, which `Array.isArray` alone loses). */
export function isArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Sets a member of an object being built: `__proto__` becomes a member like any other, as in JSON. */
export function setMember(built: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key !== "__proto__") built[key] = value;
  else Object.defineProperty(built, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Length of `text` in UTF-8 bytes, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code <= 0xdbff) {
      bytes += 2;
      index += 1;
    } else bytes += 2;
  }
  return bytes;
}
