/** Sub-rules by the very value of a field. */
import { BitFilter } from "./bit-filter.ts";
import type { Holder } from "./bucket.ts";
import type { Scalar } from "./predicate.ts";

const SAMPLED_END = 6;

export class ExactIndex<Name> {
  readonly #byValue = new Map<Scalar, Holder<Name>>();
  readonly #texts = new BitFilter();

  get(value: Scalar): Holder<Name> | undefined {
    if (typeof value === "string" && !this.#texts.mayHave(sampleHash(value))) return undefined;
    return this.#byValue.get(value);
  }

  /** Files `holder` under a value, or nothing (undefined) any more. */
  set(value: Scalar, holder: Holder<Name> | undefined): void {
    if (holder === undefined) {
      this.#byValue.delete(value);
      return;
    }
    const isNew = !this.#byValue.has(value);
    this.#byValue.set(value, holder);
    if (!isNew || typeof value !== "string" || this.#texts.add(sampleHash(value))) return;
    this.#texts.refill([...this.#byValue.keys()].filter((one) => typeof one === "string").map(sampleHash));
  }
}

/** Of the length and a few letters, most of them from the end, where names differ. */
function sampleHash(text: string): number {
  const { length } = text;
  let hash = length;
  for (let at = Math.max(0, length - SAMPLED_END); at < length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x1000193);
  }
  return length > SAMPLED_END ? Math.imul(hash ^ text.charCodeAt(length >> 1), 0x1000193) : hash;
}
