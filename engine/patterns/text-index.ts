/**
 * Sub-rules by a piece of text that a value has to start with, end with or contain.
 *
 * A value is read once, letter by letter, with a running hash which a filter knows where a filed piece ends; only then is
 * the piece cut out and looked up.
 */
import { BitFilter } from "./bit-filter.ts";
import type { Holder, Search } from "./bucket.ts";
import type { EventLeaves } from "./event-leaves.ts";
import { GRAM_LETTERS, type TextPart } from "./index-key.ts";

const SEED = 0x11c9dc5;
const FACTOR = 0x1000193;

export class TextIndex<Name> {
  readonly #isGram: boolean;
  readonly #isFolded: boolean;
  readonly #fromEnd: boolean;
  readonly #byText = new Map<string, Holder<Name>>();
  readonly #filter = new BitFilter();
  /** The lengths of pieces there are, the shortest first, each with how many. */
  readonly #lengths: { readonly length: number; pieces: number }[] = [];

  constructor(part: TextPart) {
    this.#isGram = part === "gram";
    this.#isFolded = part === "folded-prefix" || part === "folded-suffix";
    this.#fromEnd = part === "suffix" || part === "folded-suffix";
  }

  get(text: string): Holder<Name> | undefined {
    return this.#byText.get(text);
  }

  /** Files `holder` under a piece of text, or nothing (undefined) any more. */
  set(text: string, holder: Holder<Name> | undefined): void {
    if (holder === undefined) {
      if (this.#byText.delete(text)) this.#count(text.length, -1);
      return;
    }
    const isNew = !this.#byText.has(text);
    this.#byText.set(text, holder);
    if (!isNew) return;
    this.#count(text.length, 1);
    if (!this.#filter.add(this.#hash(text))) {
      this.#filter.refill([...this.#byText.keys()].map((known) => this.#hash(known)));
    }
  }

  /** Visits what is filed under any piece at the place in `value` this index is about. */
  visit(value: string, leaves: EventLeaves, search: Search<Name>): void {
    if (this.#isGram) this.#visitGrams(value, leaves, search);
    else this.#visitEnd(value, leaves, search);
  }

  #visitEnd(value: string, leaves: EventLeaves, search: Search<Name>): void {
    const step = this.#fromEnd ? -1 : 1;
    let at = this.#fromEnd ? value.length - 1 : 0;
    let hash = SEED;
    let read = 0;
    for (const { length } of this.#lengths) {
      if (length > value.length) return;
      for (; read < length; read++, at += step) {
        const code = value.charCodeAt(at);
        hash = Math.imul(hash ^ (this.#isFolded ? folded(code) : code), FACTOR);
      }
      if (this.#filter.mayHave(hash)) this.#endOf(value, length)?.visit(leaves, search);
    }
  }

  #endOf(value: string, length: number): Holder<Name> | undefined {
    const text = this.#fromEnd ? value.slice(value.length - length) : value.slice(0, length);
    return this.#byText.get(this.#isFolded ? text.toLowerCase() : text);
  }

  #visitGrams(value: string, leaves: EventLeaves, search: Search<Name>): void {
    for (let from = 0; from + GRAM_LETTERS <= value.length; from++) {
      let hash = SEED;
      for (let at = from; at < from + GRAM_LETTERS; at++) hash = Math.imul(hash ^ value.charCodeAt(at), FACTOR);
      if (this.#filter.mayHave(hash)) this.#byText.get(value.slice(from, from + GRAM_LETTERS))?.visit(leaves, search);
    }
  }

  #hash(text: string): number {
    let hash = SEED;
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(this.#fromEnd ? text.length - 1 - at : at), FACTOR);
    }
    return hash;
  }

  #count(length: number, by: number): void {
    const known = this.#lengths.find((one) => one.length === length);
    if (known === undefined) {
      this.#lengths.push({ length, pieces: by });
      this.#lengths.sort((a, b) => a.length - b.length);
      return;
    }
    known.pieces += by;
    if (known.pieces === 0) this.#lengths.splice(this.#lengths.indexOf(known), 1);
  }
}

function folded(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
