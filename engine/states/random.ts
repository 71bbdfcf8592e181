import { uuidText } from "./uuid.ts";

/** The execution's own random numbers: seeded, with the state in the checkpoint, so a replay draws the same. */
export class SeededRandom {
  readonly #seed: string | readonly number[];
  /** Made with the first draw: most executions draw nothing. */
  #state: Uint32Array | undefined;

  /** @param seed any text, or the state that `save` gave */
  constructor(seed: string | readonly number[]) {
    this.#seed = seed;
  }

  /** Uniform in [0, 1), 53 bits. */
  next(): number {
    return (this.#word() * 2 ** 21 + (this.#word() >>> 11)) / 2 ** 53;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.#word().toString(16).padStart(8, "0")).join("");
    return uuidText(hex, 4);
  }

  save(): number[] {
    return [...this.#words()];
  }

  /** One step of sfc32. */
  #word(): number {
    const state = this.#words();
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  }

  #words(): Uint32Array {
    this.#state ??= typeof this.#seed === "string" ? seeded(this.#seed) : Uint32Array.from(this.#seed);
    return this.#state;
  }
}

function seeded(seed: string): Uint32Array {
  const state = Uint32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 1);
  for (let index = 0; index < seed.length; index += 1) {
    const slot = index % 3;
    state[slot] =
      Math.imul((state[slot] ?? 0) ^ seed.charCodeAt(index), 0x01000193) ^ ((state[(slot + 1) % 3] ?? 0) >>> 7);
  }
  const random = new SeededRandom([...state]);
  for (let round = 0; round < 12; round += 1) random.next();
  return Uint32Array.from(random.save());
}

/** One draw of java.util.Random.nextDouble for a whole seed: what AWS answers where a seed is given. */
export function javaRandomDouble(seed: number): number {
  const mask = (1n << 48n) - 1n;
  let state = (BigInt(seed) ^ 0x5deece66dn) & mask;
  const next = (bits: bigint) => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return state >> (48n - bits);
  };
  return Number((next(26n) << 27n) + next(27n)) / 2 ** 53;
}
