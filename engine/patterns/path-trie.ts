/**
 * The paths some rule asks about, as a tree of steps: an event is walked along it, and the rest of the event is skipped.
 * Each path has a slot, a small number, by which its leaves are kept while one event is matched.
 */

export interface PathNode {
  readonly children: Map<string, PathNode>;
  /** -1 where no rule asks about this very path. */
  slot: number;
  rules: number;
}

export class PathTrie {
  readonly root: PathNode = makeNode();
  readonly #slots = new Map<string, { node: PathNode; slot: number }>();
  readonly #free: number[] = [];

  /** How many slots there are; every slot is below it. */
  size = 0;

  /** The slot of `path`, kept until it was released as often as acquired. */
  acquire(path: string): number {
    const known = this.#slots.get(path);
    if (known) {
      known.node.rules++;
      return known.slot;
    }
    let node = this.root;
    for (const step of path.split(".")) {
      let child = node.children.get(step);
      if (child === undefined) {
        child = makeNode();
        node.children.set(step, child);
      }
      node = child;
    }
    const slot = this.#free.pop() ?? this.size++;
    node.slot = slot;
    node.rules = 1;
    this.#slots.set(path, { node, slot });
    return slot;
  }

  release(path: string): void {
    const known = this.#slots.get(path);
    if (known === undefined || --known.node.rules > 0) return;
    known.node.slot = -1;
    this.#free.push(known.slot);
    this.#slots.delete(path);
    this.#prune(path.split("."));
  }

  #prune(steps: readonly string[]): void {
    const parents: { node: PathNode; step: string }[] = [];
    let node = this.root;
    for (const step of steps) {
      parents.push({ node, step });
      const child = node.children.get(step);
      if (child === undefined) return;
      node = child;
    }
    for (const { node: parent, step } of parents.reverse()) {
      const child = parent.children.get(step);
      if (child === undefined || child.slot >= 0 || child.children.size > 0) return;
      parent.children.delete(step);
    }
  }
}

function makeNode(): PathNode {
  return { children: new Map(), slot: -1, rules: 0 };
}
