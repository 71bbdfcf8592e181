/**
 * Disturbances of a bus's deliveries, for tests: what at-least-once delivery without order may do, and a loss it may not.
 *
 * They are switched per bus by its tag `tidemill:chaos`, such as `seed=7 duplicate=0.2 reorder=0.5`; on AWS the tag does
 * nothing. The n-th delivery since the switch always meets the same fate for the same seed.
 */
import { AwsError } from "../../aws-error.ts";

export const CHAOS_TAG = "tidemill:chaos";

export interface ChaosSettings {
  readonly seed: number;
  /** Chances, 0 to 1, that a delivery is made twice, late, after later ones, or never. */
  readonly duplicate: number;
  readonly delay: number;
  readonly reorder: number;
  readonly drop: number;
  /** How late a delayed delivery is. Milliseconds. */
  readonly delayMs: number;
  /** Within what time deliveries may overtake each other. Milliseconds. */
  readonly reorderMs: number;
}

/** When each copy of a delivery is made, in milliseconds from now; none when it is dropped. */
export type Fate = readonly number[];

const DEFAULTS: ChaosSettings = {
  seed: 1,
  duplicate: 0,
  delay: 0,
  reorder: 0,
  drop: 0,
  delayMs: 5_000,
  reorderMs: 500,
};
const CHANCES: ReadonlySet<string> = new Set(["duplicate", "delay", "reorder", "drop"]);

/** @throws AwsError ValidationException: names what the tag cannot mean */
export function parseChaos(text: string): ChaosSettings {
  const settings = { ...DEFAULTS };
  for (const part of text.split(/[\s,]+/).filter((found) => found !== "")) {
    const [name = "", value = ""] = part.split("=");
    const number = value === "" ? Number.NaN : Number(value);
    if (!isSetting(name)) throw refused(part, `expected one of ${Object.keys(DEFAULTS).join(", ")}`);
    if (!(number >= 0 && (!CHANCES.has(name) || number <= 1)))
      throw refused(part, CHANCES.has(name) ? "expected a chance from 0 to 1" : "expected a number from 0");
    settings[name] = number;
  }
  return settings;
}

/** Decides the fates of one bus's deliveries, in order. */
export function createChaos(settings: ChaosSettings): () => Fate {
  const random = seededRandom(settings.seed);
  return () => {
    // Always the same number of draws, so that one chance does not shift the others.
    const [drop, duplicate, delay, reorder, place, copyPlace] = [
      random(),
      random(),
      random(),
      random(),
      random(),
      random(),
    ];
    if (drop < settings.drop) return [];
    const lateMs = delay < settings.delay ? settings.delayMs : 0;
    const moved = reorder < settings.reorder ? settings.reorderMs : 0;
    const first = lateMs + Math.floor(place * moved);
    return duplicate < settings.duplicate ? [first, lateMs + Math.floor(copyPlace * moved)] : [first];
  };
}

function isSetting(name: string): name is keyof ChaosSettings {
  return name in DEFAULTS;
}

function refused(part: string, expected: string): AwsError {
  return new AwsError(
    "ValidationException",
    `"${part}" is no setting of ${CHAOS_TAG}; ${expected}, such as seed=7 duplicate=0.2`,
  );
}

/** mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
