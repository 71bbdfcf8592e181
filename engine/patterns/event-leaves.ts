/**
 * The leaves of one event, by the slots of the paths that rules ask about.
 *
 * A leaf knows in which element of which array it stands, so that a rule's fields can be held to one element: in
 * `[{a:1,b:2},{a:3,b:4}]`, `{a:[1],b:[4]}` does not match. Only elements that are objects or arrays are told apart.
 */
import type { PathNode, PathTrie } from "./path-trie.ts";
import type { Scalar } from "./predicate.ts";

/** Pairs of array number and element index, from the outermost array inwards. */
export type ArrayPlaces = readonly number[];

export interface Leaf {
  value: Scalar;
  places: ArrayPlaces;
}

export const NOWHERE: ArrayPlaces = [];

/** Reused from event to event; holds the leaves of the event read last. */
export class EventLeaves {
  readonly #trie: PathTrie;
  readonly #bySlot: (Leaf[] | undefined)[] = [];
  #arrays = 0;
  /** Slots with leaves, each once. */
  readonly touched: number[] = [];

  constructor(trie: PathTrie) {
    this.#trie = trie;
  }

  read(event: object): void {
    for (const slot of this.touched) this.#bySlot[slot] = undefined;
    this.touched.length = 0;
    this.#arrays = 0;
    this.#object(event, this.#trie.root, NOWHERE);
  }

  at(slot: number): readonly Leaf[] | undefined {
    return this.#bySlot[slot];
  }

  #object(object: object, node: PathNode, places: ArrayPlaces): void {
    // Entries are not listed first: most values of an event are skipped, and listing them costs more than the walk.
    const values = object as Readonly<Record<string, unknown>>;
    for (const name in values) {
      const child = node.children.get(name) ?? (name.includes(".") ? descend(node, name) : undefined);
      if (child !== undefined) this.#value(values[name], child, places);
    }
  }

  #value(value: unknown, node: PathNode, places: ArrayPlaces): void {
    if (typeof value !== "object" || value === null) {
      if (node.slot >= 0 && value !== undefined) this.#add(node.slot, value as Scalar, places);
    } else if (Array.isArray(value)) {
      this.#array(value, node, places);
    } else if (node.children.size > 0) {
      this.#object(value, node, places);
    }
  }

  #array(array: readonly unknown[], node: PathNode, places: ArrayPlaces): void {
    const number = this.#arrays++;
    for (let index = 0; index < array.length; index++) {
      const element = array[index];
      const inside = typeof element === "object" && element !== null;
      this.#value(element, node, inside ? [...places, number, index] : places);
    }
  }

  #add(slot: number, value: Scalar, places: ArrayPlaces): void {
    const leaves = this.#bySlot[slot];
    if (leaves) {
      leaves.push({ value, places });
    } else {
      this.#bySlot[slot] = [{ value, places }];
      this.touched.push(slot);
    }
  }
}

function descend(node: PathNode, name: string): PathNode | undefined {
  let at: PathNode | undefined = node;
  for (const step of name.split(".")) at = at?.children.get(step);
  return at;
}
