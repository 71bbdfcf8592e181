/**
 * Which of many rules match an event.
 *
 *   M1. The answer is that of checking every rule in turn.
 *   M2. Rules come and go one by one; neither rebuilds the rest.
 * Each sub-rule is indexed by its most selective field and verified in full when found.
 */
import type { Entry } from "./bucket.ts";
import { compileSubRule, satisfies } from "./compiled-sub-rule.ts";
import { EventLeaves } from "./event-leaves.ts";
import { IndexNode } from "./index-node.ts";
import { parsePattern } from "./parse-pattern.ts";
import { PathTrie } from "./path-trie.ts";

interface Rule<Name> {
  readonly name: Name;
  readonly entries: readonly Entry[];
  /** The number of the event it was last found to match. */
  matched: number;
}

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
  const trie = new PathTrie();
  const subRules = parsePattern(pattern).map((subRule) => compileSubRule(subRule, trie));
  const leaves = new EventLeaves(trie);
  leaves.read(event);
  return subRules.some((subRule) => satisfies(subRule, leaves));
}

class IndexedMatcher<Name> implements Matcher<Name> {
  readonly #trie = new PathTrie();
  readonly #leaves = new EventLeaves(this.#trie);
  readonly #index = new IndexNode();
  /** Sub-rules that ask for nothing but absence: checked with every event. */
  readonly #everywhere = new Set<Entry>();
  readonly #rules = new Map<Name, number>();
  readonly #byId = new Map<number, Rule<Name>>();
  #lastId = 0;
  #events = 0;

  get size(): number {
    return this.#rules.size;
  }

  add(name: Name, pattern: string | object): void {
    const subRules = parsePattern(pattern);
    this.remove(name);
    const ruleId = ++this.#lastId;
    const entries = subRules.map((subRule): Entry => {
      const compiled = compileSubRule(subRule, this.#trie);
      return { ruleId, subRule: compiled, places: [], checked: 0 };
    });
    for (const entry of entries) {
      if (!this.#index.add(entry)) this.#everywhere.add(entry);
    }
    this.#rules.set(name, ruleId);
    this.#byId.set(ruleId, { name, entries, matched: 0 });
  }

  remove(name: Name): boolean {
    const ruleId = this.#rules.get(name);
    const rule = ruleId === undefined ? undefined : this.#byId.get(ruleId);
    if (ruleId === undefined || rule === undefined) return false;
    for (const entry of rule.entries) {
      this.#everywhere.delete(entry);
      for (const place of entry.places.splice(0)) place.remove(entry);
      for (const { field } of entry.subRule.fields) this.#trie.release(field.path);
    }
    this.#rules.delete(name);
    return this.#byId.delete(ruleId);
  }

  match(event: object): Name[] {
    const now = ++this.#events;
    const leaves = this.#leaves;
    leaves.read(event);
    const found: Name[] = [];
    const check = (entry: Entry) => {
      if (entry.checked === now) return;
      entry.checked = now;
      const rule = this.#byId.get(entry.ruleId);
      if (rule === undefined || rule.matched === now || !satisfies(entry.subRule, leaves)) return;
      rule.matched = now;
      found.push(rule.name);
    };
    this.#index.visit(leaves, check);
    for (const entry of this.#everywhere) check(entry);
    return found;
  }
}
