/**
 * Which of many rules match an event.
 *
 *   M1. The answer is that of checking every rule in turn.
 *   M2. Rules come and go one by one; neither rebuilds the rest.
 * Each sub-rule is indexed by its most selective field; the other fields are checked when it is found.
 */
import { Entry, type Search } from "./bucket.ts";
import { compileSubRule, satisfies } from "./compiled-sub-rule.ts";
import { EventLeaves } from "./event-leaves.ts";
import { FieldTable } from "./field-table.ts";
import { IndexNode } from "./index-node.ts";
import { parsePattern } from "./parse-pattern.ts";

/** Many rules at once. A pattern is JSON text, or the value it stands for. */
export interface Matcher<Name> {
  readonly size: number;
  /** Adds a rule, or replaces the one of this name. @throws InvalidEventPatternError */
  add(name: Name, pattern: string | object): void;
  /** False when there is no such rule. */
  remove(name: Name): boolean;
  /** Names of the matching rules, in no order one may rely on. */
  match(event: object): Name[];
}

/** A matcher over rules, given as name and pattern: JSON text, or the value it stands for. @throws InvalidEventPatternError */
export function compile<Name>(rules: Iterable<readonly [Name, string | object]> = []): Matcher<Name> {
  const matcher = new IndexedMatcher<Name>();
  for (const [name, pattern] of rules) matcher.add(name, pattern);
  return matcher;
}

/** Whether one pattern matches one event; for many patterns or events use `compile`. @throws InvalidEventPatternError */
export function matches(pattern: string | object, event: object): boolean {
  const table = new FieldTable();
  const subRules = parsePattern(pattern).map((subRule) => compileSubRule(subRule, table));
  const leaves = new EventLeaves(table.trie);
  leaves.read(event);
  return subRules.some((subRule) => satisfies(subRule, leaves));
}

class IndexedMatcher<Name> implements Matcher<Name>, Search<Name> {
  readonly #fields = new FieldTable();
  readonly #leaves = new EventLeaves(this.#fields.trie);
  readonly #index = new IndexNode<Name>();
  /** Sub-rules that no value finds, as they may be satisfied by absence alone: checked with every event. */
  readonly #everywhere = new Set<Entry<Name>>();
  readonly #rules = new Map<Name, readonly Entry<Name>[]>();
  #event = 0;
  #found: Name[] = [];

  get size(): number {
    return this.#rules.size;
  }

  add(name: Name, pattern: string | object): void {
    const subRules = parsePattern(pattern);
    this.remove(name);
    const entries = subRules.map((subRule) => new Entry(name, compileSubRule(subRule, this.#fields)));
    for (const entry of entries) {
      if (entries.length > 1) entry.siblings = entries;
      if (!this.#index.add(entry)) this.#everywhere.add(entry);
      entry.rest = this.#fields.shared(entry.rest);
    }
    this.#rules.set(name, entries);
  }

  remove(name: Name): boolean {
    const entries = this.#rules.get(name);
    if (entries === undefined) return false;
    for (const entry of entries) {
      if (!this.#everywhere.delete(entry)) this.#index.remove(entry);
      for (const field of entry.fields) this.#fields.release(field);
    }
    return this.#rules.delete(name);
  }

  match(event: object): Name[] {
    this.#event++;
    this.#found = [];
    this.#leaves.read(event);
    this.#index.visit(this.#leaves, this);
    for (const entry of this.#everywhere) this.check(entry);
    return this.#found;
  }

  check(entry: Entry<Name>): void {
    if (entry.checked === this.#event) return;
    entry.checked = this.#event;
    if (!(this.#leaves.flat ? this.#holdsFlat(entry) : satisfies(entry.fields, this.#leaves))) return;
    this.#found.push(entry.name);
    // A rule is found once, by whichever of its sub-rules comes first.
    if (entry.siblings !== undefined) for (const sibling of entry.siblings) sibling.checked = this.#event;
  }

  #holdsFlat({ rest }: Entry<Name>): boolean {
    for (const field of rest) {
      if (!field.acceptsSingle(this.#leaves.single(field.slot))) return false;
    }
    return true;
  }
}
