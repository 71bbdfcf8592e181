/** What an event has where: every path in it, to say what a pattern may have meant by a path that is not there. */
import { closestName } from "./closest-name.ts";

/** What stands at a path. An array of values counts as its values, as a pattern sees it. */
export type PathKind = "value" | "object" | "empty array";

// An event has at most 256 KB; beyond this many paths nobody looks for the one they meant.
const MOST_PATHS = 5_000;

export class EventShape {
  readonly #kinds = new Map<string, PathKind>();
  readonly #arrays = new Set<string>();

  constructor(event: object) {
    this.#object(event, "");
  }

  at(path: string): PathKind | undefined {
    return this.#kinds.get(path);
  }

  /** Arrays of objects on the way to both paths: where their fields can fall into different elements. */
  sharedArrays(first: string, second: string): string[] {
    return [...this.#arrays].filter((array) => first.startsWith(`${array}.`) && second.startsWith(`${array}.`));
  }

  /** The path of a value which is most likely meant by `path`: the same name elsewhere, or another spelling. */
  likely(path: string): string | undefined {
    const values = [...this.#kinds].filter(([, kind]) => kind === "value").map(([known]) => known);
    const ending = values.filter((known) => known.endsWith(`.${path}`) || path.endsWith(`.${known}`));
    const [only] = ending;
    if (ending.length === 1 && only !== undefined) return only;
    const name = path.slice(path.lastIndexOf("."));
    const moved = values.filter((known) => known.endsWith(name) && name.length > 1 && name.startsWith("."));
    return moved.length === 1 ? moved[0] : closestName(path, values);
  }

  #object(object: object, prefix: string): void {
    for (const [name, value] of Object.entries(object)) {
      if (this.#kinds.size >= MOST_PATHS) return;
      this.#value(value, `${prefix}${name}`);
    }
  }

  #value(value: unknown, path: string): void {
    if (typeof value !== "object" || value === null) {
      this.#kinds.set(path, "value");
    } else if (Array.isArray(value)) {
      if (value.length === 0 && !this.#kinds.has(path)) this.#kinds.set(path, "empty array");
      if (value.some((element) => typeof element === "object" && element !== null)) this.#arrays.add(path);
      for (const element of value) this.#value(element, path);
    } else {
      if (this.#kinds.get(path) !== "value") this.#kinds.set(path, "object");
      this.#object(value, `${path}.`);
    }
  }
}
