/**
 * The fields of all rules, each kept once however many rules share it: "source is shop" of a thousand rules is one field,
 * which takes the memory of one and stays in the processor's cache while many rules are checked.
 */
import { PathTrie } from "./path-trie.ts";
import { describePredicate, type Field, type Predicate, type Scalar } from "./predicate.ts";
import { compilePredicate, type Test } from "./test-predicate.ts";

const MOST_LISTS = 10_000;

export class CompiledField {
  readonly field: Field;
  readonly slot: number;
  /** One of the predicates is `exists: false`. */
  readonly mayBeAbsent: boolean;
  /** Made when first needed: most of a selective field's work is done by the index. */
  #test: Test | undefined;
  /** Never given to another. */
  readonly id: number;
  /** How many sub-rules have it. */
  uses = 0;

  constructor(field: Field, slot: number, id: number) {
    this.field = field;
    this.slot = slot;
    this.id = id;
    this.mayBeAbsent = field.predicates.some((predicate) => predicate.kind === "exists" && !predicate.present);
  }

  /** Whether a leaf satisfies one of the predicates. */
  accepts(value: Scalar): boolean {
    this.#test ??= anyOf(this.field.predicates);
    return this.#test(value);
  }

  /** The same, of an event that has this one leaf, or none (undefined). */
  acceptsSingle(value: Scalar | undefined): boolean {
    return value === undefined ? this.mayBeAbsent : this.accepts(value);
  }
}

export class FieldTable {
  readonly trie = new PathTrie();
  readonly #byPath = new Map<string, Map<string, CompiledField>>();
  /** By the ids of their fields; forgotten now and then, which costs no more than some memory. */
  readonly #lists = new Map<string, readonly CompiledField[]>();
  #lastId = 0;

  /** The compiled form of `field`, kept until it was released as often as acquired. */
  acquire(field: Field): CompiledField {
    const known = this.#byPath.get(field.path) ?? new Map<string, CompiledField>();
    if (known.size === 0) this.#byPath.set(field.path, known);
    const key = keyOf(field);
    let compiled = known.get(key);
    if (compiled === undefined) {
      compiled = new CompiledField(field, this.trie.acquire(field.path), ++this.#lastId);
      known.set(key, compiled);
    }
    compiled.uses++;
    return compiled;
  }

  /** The same list, as the one object that all who have this list share. */
  shared(list: readonly CompiledField[]): readonly CompiledField[] {
    if (list.some(({ uses }) => uses === 1)) return list;
    const key = list.map(({ id }) => id).join();
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    if (this.#lists.size === MOST_LISTS) this.#lists.clear();
    this.#lists.set(key, list);
    return list;
  }

  release(compiled: CompiledField): void {
    const { field } = compiled;
    if (--compiled.uses > 0) return;
    const known = this.#byPath.get(field.path);
    known?.delete(keyOf(field));
    if (known?.size === 0) this.#byPath.delete(field.path);
    this.trie.release(field.path);
  }
}

function keyOf({ predicates }: Field): string {
  // What is written alike is alike, but for an address, which is written as a string is.
  return predicates.map((one) => (one.kind === "address" ? `@${one.text}` : describePredicate(one))).join();
}

function anyOf(predicates: readonly Predicate[]): Test {
  const tests = predicates.map(compilePredicate);
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (value: Scalar) => tests.some((test) => test(value));
}
