import { describe, expect, it } from "vitest";
import { repeatsRepetition } from "../../../engine/states/regex-safety.ts";

describe("repeatsRepetition", () => {
  it.each(["(a+)+", "(a*)*", "(?:x|(y+)z)*", "([a-z]+)*$", "(a{2,})+"])("finds %s", (source) => {
    expect(repeatsRepetition(source)).toBe(true);
  });

  it.each(["a+b+", "(foo|bar)+", "(a{2})+", "[+*]+", "\\(a+\\)+", "(a+)b"])("lets %s pass", (source) => {
    expect(repeatsRepetition(source)).toBe(false);
  });
});
