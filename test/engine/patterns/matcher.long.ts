/** 100,000 pairs of rules and events: the index answers what each rule by itself answers, while rules come and go. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { compile, matches } from "../../../engine/patterns/index.ts";
import { event, pattern } from "./arbitrary.ts";

const change = fc.record({
  id: fc.nat(9),
  rule: fc.option(pattern, { freq: 4 }),
  events: fc.array(event, { minLength: 5, maxLength: 5 }),
});

describe("compile", () => {
  test.prop([fc.array(change, { minLength: 50, maxLength: 50 })], { numRuns: 400 })(
    "M1, M2: after each of 20,000 changes the index answers five events as all rules in turn do",
    (changes) => {
      const matcher = compile<number>();
      const kept = new Map<number, string>();
      for (const { id, rule, events } of changes) {
        if (rule === null) {
          expect(matcher.remove(id)).toBe(kept.delete(id));
        } else {
          kept.set(id, JSON.stringify(rule));
          matcher.add(id, JSON.stringify(rule));
        }
        for (const one of events) {
          const naive = [...kept].filter(([, text]) => matches(text, one)).map(([name]) => name);
          expect(new Set(matcher.match(one))).toEqual(new Set(naive));
        }
      }
    },
    240_000,
  );
});
