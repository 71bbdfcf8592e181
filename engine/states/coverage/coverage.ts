/**
 * Which parts of a definition runs have used. Mergeable: the coverage of a suite is that of its cases, added up.
 *
 *   C1. A state counts when it is entered; a branch when its rule is the one taken; a retrier when it decides a retry (a retrier
 *       used up decides none); a catcher when it is the one that catches.
 *   C2. State names are unique over a whole definition, nested states included, so a name says which state is meant.
 */
import type { Decision, Definition } from "../engine.ts";
import type { HistoryEvent } from "../history.ts";
import { type Part, type PartKind, partsOf } from "./parts.ts";

/** A part with what runs made of it. */
export type CoveredPart = Part & Readonly<{ /** How often it was used. */ count: number }>;
/** Of one kind of part. */
export type CoverageCount = Readonly<{
  covered: number;
  total: number;
  /** 100 where there is nothing to cover. */
  percent: number;
}>;
/** The counts by kind of part. */
export type CoverageSummary = Readonly<Record<"states" | "branches" | "retriers" | "catchers", CoverageCount>>;

const PLURALS = { state: "states", branch: "branches", retrier: "retriers", catcher: "catchers" } as const;

/** The counts of one definition's parts; `happened` and `decided` add to it as a run goes on. */
export class Coverage {
  readonly #parts: readonly Part[];
  /** By kind and location. */
  readonly #counts = new Map<string, number>();
  /** By state: the location of the state. */
  readonly #states = new Map<string, string>();

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
    for (const part of parts) {
      this.#counts.set(part.location, 0);
      if (part.kind === "state") this.#states.set(part.state, part.location);
    }
  }

  /** Nothing covered yet. */
  static of({ source }: Definition): Coverage {
    return new Coverage(partsOf(source));
  }

  /**
   * The coverages of one definition, added up.
   * @throws {RangeError} for none, or for coverages of different definitions
   */
  static merge(coverages: readonly Coverage[]): Coverage {
    const [first] = coverages;
    if (first === undefined) throw new RangeError("expected at least one coverage to merge, found none");
    const merged = new Coverage(first.#parts);
    for (const coverage of coverages) {
      for (const [location, count] of coverage.#counts) {
        const sum = merged.#counts.get(location);
        if (sum === undefined)
          throw new RangeError(`these coverages are of different definitions: only one has ${location}`);
        merged.#counts.set(location, sum + count);
      }
    }
    return merged;
  }

  /** In the order of the text. */
  get parts(): readonly CoveredPart[] {
    return this.#parts.map((part) => ({ ...part, count: this.#counts.get(part.location) ?? 0 }));
  }

  /** The parts no run has used. */
  get missing(): readonly CoveredPart[] {
    return this.parts.filter(({ count }) => count === 0);
  }

  get summary(): CoverageSummary {
    const count = (kind: PartKind): CoverageCount => {
      const parts = this.parts.filter((part) => part.kind === kind);
      const covered = parts.filter((part) => part.count > 0).length;
      return { covered, total: parts.length, percent: parts.length === 0 ? 100 : (covered / parts.length) * 100 };
    };
    return {
      states: count("state"),
      branches: count("branch"),
      retriers: count("retrier"),
      catchers: count("catcher"),
    };
  }

  /** The summary in one line, and a line for each part not reached. */
  report(): string {
    const { summary } = this;
    const kinds = Object.values(PLURALS).map((kind) => `${kind} ${summary[kind].covered}/${summary[kind].total}`);
    const missing = this.missing.map(({ kind, label }) => `  not reached: ${kind} ${label}`);
    return [kinds.join(", "), ...missing].join("\n");
  }

  toJSON(): CoverageSummary & Readonly<{ missing: readonly Part[] }> {
    return { ...this.summary, missing: this.missing.map(({ count: _none, ...part }) => part) };
  }

  /** Takes in history. */
  happened(events: readonly HistoryEvent[]): void {
    for (const { type, details } of events) {
      if (type.endsWith("StateEntered")) this.#add(this.#states.get(String(details?.name)));
    }
  }

  /** Takes in a decision. */
  decided({ kind, state, index }: Decision): void {
    const location = this.#states.get(state);
    if (kind !== "branch") this.#add(`${location}/${kind === "retrier" ? "Retry" : "Catch"}[${index}]`);
    else if (!this.#add(`${location}/Choices[${index}]`)) this.#add(`${location}/Default`);
  }

  #add(location: string | undefined): boolean {
    const count = location === undefined ? undefined : this.#counts.get(location);
    if (location === undefined || count === undefined) return false;
    this.#counts.set(location, count + 1);
    return true;
  }
}
