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
  readonly value: Scalar;
  readonly places: ArrayPlaces;
}

export const NOWHERE: ArrayPlaces = [];
const NONE: readonly Leaf[] = [];

/** Reused from event to event; holds the leaves of the event read last. */
export class EventLeaves {
  readonly #trie: PathTrie;
  /** By slot: the number of the event that had a leaf there. */
  readonly #seen: number[] = [];
  /** By slot: the one leaf outside of arrays, which is nearly every leaf. */
  readonly #values: Scalar[] = [];
  /** By slot: all leaves, where they are more than one or stand in arrays. */
  readonly #leaves: (Leaf[] | undefined)[] = [];
  #event = 0;
  #arrays = 0;
  /** Slots with leaves, each once. */
  readonly touched: number[] = [];
  /** Whether every slot that has a leaf has one, outside of arrays. */
  flat = true;

  constructor(trie: PathTrie) {
    this.#trie = trie;
  }

  read(event: object): void {
    this.#event++;
    this.#arrays = 0;
    this.touched.length = 0;
    this.flat = true;
    this.#object(event, this.#trie.root, NOWHERE);
  }

  /** Whether the slot has at most one leaf, and that outside of arrays. */
  isSingle(slot: number): boolean {
    return this.flat || this.#seen[slot] !== this.#event || this.#leaves[slot] === undefined;
  }

  /** The leaf of a slot that has at most one; undefined where it has none. */
  single(slot: number): Scalar | undefined {
    return this.#seen[slot] === this.#event ? this.#values[slot] : undefined;
  }

  at(slot: number): readonly Leaf[] {
    if (this.#seen[slot] !== this.#event) return NONE;
    return this.#leaves[slot] ?? [{ value: this.#values[slot] ?? null, places: NOWHERE }];
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
    if (this.#seen[slot] !== this.#event) {
      this.#seen[slot] = this.#event;
      this.#values[slot] = value;
      this.#leaves[slot] = undefined;
      this.touched.push(slot);
      if (places === NOWHERE) return;
      this.#leaves[slot] = [{ value, places }];
    } else {
      this.#leaves[slot] ??= [{ value: this.#values[slot] ?? null, places: NOWHERE }];
      this.#leaves[slot].push({ value, places });
    }
    this.flat = false;
  }
}

function descend(node: PathNode, name: string): PathNode | undefined {
  let at: PathNode | undefined = node;
  for (const step of name.split(".")) at = at?.children.get(step);
  return at;
}
