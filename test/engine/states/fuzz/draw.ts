/** Random choices that follow from a seed alone. */
import { SeededRandom } from "../../../../engine/states/random.ts";

export class Draw {
  readonly #random: SeededRandom;

  constructor(seed: string) {
    this.#random = new SeededRandom(seed);
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random.next() * limit);
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  pick<const L extends readonly [unknown, ...unknown[]]>(from: L): L[number] {
    return from[this.below(from.length)] ?? from[0];
  }

  /** One of a list that may be empty. */
  pickAny<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)];
  }

  /** `make` called `least` to `most` times. */
  several<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => make(index));
  }
}
