/**
 * Values as JSON text that is never longer than what it is for. Values share structure: a few bytes of an expression can say
 * gigabytes, and a text of them must not be begun for a cause that has place for 32,768 characters.
 *
 *   S1. A text that fits is the one JSON.stringify gives.
 *   S2. Work and memory are those of the text that is given, not of the value.
 */
import { isArray, type JsonValue } from "./json.ts";
import { leastExceeds } from "./least-size.ts";

/** Characters of a cause. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html */
export const MAX_CAUSE = 32_768;

/** The value as a cause shows it: its JSON text, or as much of it as there is place for. */
export function shownJson(value: JsonValue, most = MAX_CAUSE): string {
  const text = leastExceeds(value, most) ? new Printer(most).print(value) : JSON.stringify(value);
  return text.length > most ? text.slice(0, most) : text;
}

/** The value's JSON text, or undefined if it is longer than `most` characters. */
export function jsonWithin(value: JsonValue, most: number): string | undefined {
  if (leastExceeds(value, most)) return undefined;
  const text = JSON.stringify(value);
  return text.length > most ? undefined : text;
}

/** An array or object that is being printed. */
type Open = { first: boolean } & (
  | { readonly close: "]"; readonly rest: Iterator<JsonValue> }
  | { readonly close: "}"; readonly rest: Iterator<readonly [string, JsonValue]> }
);

/** Prints until the text is longer than `most`. A stack instead of recursion, because hostile data nest deeply. */
class Printer {
  readonly #most: number;
  readonly #parts: string[] = [];
  readonly #open: Open[] = [];
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  print(value: JsonValue): string {
    this.#begin(value);
    for (let open = this.#open.at(-1); open !== undefined && this.#length <= this.#most; open = this.#open.at(-1)) {
      if (this.#next(open)) continue;
      this.#add(open.close);
      this.#open.pop();
    }
    return this.#parts.join("");
  }

  /** @returns whether there was one more */
  #next(open: Open): boolean {
    const comma = open.first ? "" : ",";
    open.first = false;
    if (open.close === "]") {
      const { done, value } = open.rest.next();
      if (done) return false;
      this.#add(comma);
      this.#begin(value);
    } else {
      const { done, value } = open.rest.next();
      if (done) return false;
      this.#add(comma);
      this.#string(value[0]);
      this.#add(":");
      this.#begin(value[1]);
    }
    return true;
  }

  #begin(value: JsonValue): void {
    if (typeof value === "string") this.#string(value);
    else if (typeof value !== "object" || value === null) this.#add(JSON.stringify(value));
    else if (isArray(value)) this.#enter("[", { rest: value.values(), close: "]", first: true });
    else this.#enter("{", { rest: Object.entries(value).values(), close: "}", first: true });
  }

  #enter(bracket: "[" | "{", open: Open): void {
    this.#add(bracket);
    this.#open.push(open);
  }

  /** Each character is at least one of the text, so more of them than there is place for are not looked at. */
  #string(text: string): void {
    this.#add(JSON.stringify(text.length > this.#most ? text.slice(0, this.#most) : text));
  }

  #add(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }
}
