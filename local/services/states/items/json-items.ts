/** Items of a JSON array: its elements one by one, so that a large file is never held whole. */
import { isArray, isObject, type JsonValue } from "../../../../engine/states/json.ts";
import { ItemReaderError } from "./item-reader-error.ts";
import { textOf } from "./text-chunks.ts";

// Of a document that must be parsed whole (one that is no array, or with an ItemsPointer) and of one element.
const MAX_WHOLE_CHARACTERS = 64 * 1024 * 1024;
const NOT_ITERABLE = "Attempting to map over non-iterable node.";

/** @throws ItemReaderError */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  pointer: string | undefined,
): AsyncGenerator<JsonValue, void> {
  const text = textOf(chunks)[Symbol.asyncIterator]();
  let head = "";
  for (let next = await text.next(); !next.done; next = await text.next()) {
    head += next.value;
    if (head.trimStart() !== "") break;
  }
  if ((pointer === undefined || pointer === "") && head.trimStart().startsWith("[")) {
    yield* elements(head.trimStart(), text);
  } else yield* pointed(await whole(head, text), pointer ?? "");
}

async function whole(head: string, rest: AsyncIterator<string>): Promise<JsonValue> {
  let text = head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    text += next.value;
    checkLength(text);
  }
  return parse(text);
}

/** RFC 6901. */
function pointed(document: JsonValue, pointer: string): readonly JsonValue[] {
  let at: JsonValue | undefined = document;
  for (const raw of pointer.split("/").slice(1)) {
    const token = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isArray(at)) at = at[Number(token)];
    else at = isObject(at) && Object.hasOwn(at, token) ? at[token] : undefined;
  }
  if (!isArray(at)) throw new ItemReaderError(NOT_ITERABLE);
  return at;
}

/** Cuts the array's text at its top-level commas; each element is then parsed by itself. */
async function* elements(head: string, rest: AsyncIterator<string>): AsyncGenerator<JsonValue, void> {
  const cutter = new ElementCutter();
  yield* cutter.take(head).map(parse);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield* cutter.take(next.value).map(parse);
  cutter.end();
}

class ElementCutter {
  #open = "";
  #depth = 0;
  #inString = false;
  #escaped = false;
  #elements = 0;
  #closed = false;

  /** The texts of the elements that `text` completes. */
  take(text: string): string[] {
    const cut: string[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const ends = this.#step(text.charAt(at));
      if (ends === "opens") start = at + 1;
      if (ends === "comma" || ends === "closes") {
        const element = this.#open + text.slice(start, at);
        this.#open = "";
        start = at + 1;
        // `[]` has no element; `[1,]` has an empty one, which parse refuses.
        if (ends === "comma" || this.#elements > 0 || element.trim() !== "") cut.push(element);
        this.#elements += 1;
      }
    }
    this.#open += text.slice(start);
    checkLength(this.#open);
    return cut;
  }

  end(): void {
    if (!this.#closed || this.#open.trim() !== "") parse(this.#closed ? `[]${this.#open}` : "[");
  }

  #step(char: string): "opens" | "comma" | "closes" | undefined {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (char === "\\") this.#escaped = true;
      else if (char === '"') this.#inString = false;
      return undefined;
    }
    if (this.#closed) return undefined;
    if (char === '"') this.#inString = true;
    else if (char === "[" || char === "{") {
      this.#depth += 1;
      if (this.#depth === 1) return "opens";
    } else if (char === "]" || char === "}") {
      this.#depth -= 1;
      this.#closed = this.#depth === 0;
      if (this.#closed) return "closes";
    } else if (char === "," && this.#depth === 1) return "comma";
    return undefined;
  }
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ItemReaderError(`Unable to parse the JSON file: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function checkLength(text: string): void {
  if (text.length > MAX_WHOLE_CHARACTERS)
    throw new ItemReaderError(`The JSON document is larger than ${MAX_WHOLE_CHARACTERS} characters.`);
}
