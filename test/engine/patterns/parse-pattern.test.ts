import { describe, expect, it } from "vitest";
import { InvalidEventPatternError, parsePattern } from "../../../engine/patterns/index.ts";

describe("parsePattern", () => {
  it.each([
    { pattern: '{"a": "b"}', reason: '"a" must be an object or an array', column: 8 },
    { pattern: '{"a": []}', reason: "Empty arrays are not allowed", column: 9 },
    { pattern: '{"a": {}}', reason: "Empty objects are not allowed", column: 9 },
    { pattern: '{"a": [[1]]}', reason: "Match value must be String, number, true, false, or null", column: 9 },
    {
      pattern: '{"a": [1] "b"}',
      reason: "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
      column: 12,
    },
    { pattern: '{"a": [{"EXISTS": true}]}', reason: "Unrecognized match type EXISTS", column: 23 },
    { pattern: '{"a": [{"prefixx": "b"}]}', reason: "Unrecognized match type prefixx", column: 21 },
    {
      pattern: '{"a": [{"prefix": "b", "suffix": 10}]}',
      reason: "Only one key allowed in match expression",
      column: 36,
    },
    { pattern: '{"a": }', reason: "Unexpected character ('}' (code 125)): expected a value", column: 8 },
    {
      pattern: '{"a": [1], }',
      reason: "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
      column: 13,
    },
    {
      pattern: "{'a': [1]}",
      reason: "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
      column: 3,
    },
    {
      pattern: "{\u201ca\u201d: [1]}",
      reason: "Unexpected character ('\u201c' (code 8220 / 0x201c)): was expecting double-quote to start field name",
      column: 3,
    },
    {
      pattern: '{"a": [1] // one',
      reason:
        "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)",
      column: 12,
    },
    {
      pattern: '{"a": [-x]}',
      reason:
        "Unexpected character ('x' (code 120)) in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value",
      column: 10,
    },
    {
      pattern: '{"a": [1.]}',
      reason: "Unexpected character (']' (code 93)) in numeric value: Decimal point not followed by a digit",
      column: 11,
    },
    {
      pattern: '{"a": [1e+]}',
      reason: "Unexpected character (']' (code 93)) in numeric value: Exponent indicator not followed by a digit",
      column: 12,
    },
    {
      pattern: '{"a":\f[1]}',
      reason:
        "Illegal character ((CTRL-CHAR, code 12)): only regular white space (\\r, \\n, \\t) is allowed between tokens",
      column: 7,
    },
    {
      pattern: '{"a\tb": [1]}',
      reason:
        "Illegal unquoted character ((CTRL-CHAR, code 9)): has to be escaped using backslash to be included in name",
      column: 5,
    },
    { pattern: '{"a": [01]}', reason: "Invalid numeric value: Leading zeroes not allowed", column: 9 },
    { pattern: '{"a": [{"numeric": [">", 5, "<", 5]}]}', reason: "Bottom must be less than top", column: 36 },
    { pattern: '{"a": [{"wildcard": "a\\\\b"}]}', reason: "Invalid escape character at pos 2", column: 27 },
  ])("refuses $pattern with the reason and place AWS gives", ({ pattern, reason, column }) => {
    const place = `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`;
    expect(() => parsePattern(pattern)).toThrow(`Event pattern is not valid. Reason: ${reason}${place}`);
  });

  it("counts lines, and shows no more than 500 characters of the source", () => {
    const pattern = `{\n"a": [${'"x",'.repeat(200)}{}]}`;
    expect(() => parsePattern(pattern)).toThrow(
      /Match expression name not found\n at \[Source: .*"\[truncated \d+ chars\]; line: 2, column: \d+\]$/s,
    );
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/4294967296", "10.0.0.0/x", "a/8"])(
    "refuses the block %s without a place, as AWS does",
    (cidr) => {
      const refuse = () => parsePattern(JSON.stringify({ a: [{ cidr }] }));
      expect(refuse).toThrow(InvalidEventPatternError);
      expect(refuse).not.toThrow("[Source");
    },
  );

  it("P1: multiplies what comes before and after $or with each of its branches", () => {
    const subRules = parsePattern('{"a":[1],"$or":[{"b":[2]},{"c":[3],"$or":[{"d":[4]},{"e":[5]}]}],"f":[6]}');
    expect(subRules.map(({ fields }) => fields.map(({ path }) => path).join(""))).toEqual(["abf", "acdf", "acef"]);
  });

  it("P4: takes 1,000 combinations of $or and no more, however short their pattern is", () => {
    const pattern = (...counts: number[]) =>
      `{${counts.map((count, at) => `"$or":[${Array(count).fill(`{"f${at}":[1]}`)}]`)}}`;
    expect(parsePattern(pattern(10, 10, 10))).toHaveLength(1_000);
    expect(() => parsePattern(pattern(10, 10, 10, 2))).toThrow("more than 1000 combinations");
    expect(() => parsePattern(pattern(...Array<number>(80).fill(2)))).toThrow("more than 1000 combinations");
  });

  it("takes 1,000 levels and no more", () => {
    const pattern = (levels: number) => `${'{"a":'.repeat(levels - 1)}[1]${"}".repeat(levels - 1)}`;
    expect(parsePattern(pattern(1_000))).toHaveLength(1);
    expect(() => parsePattern(pattern(1_001))).toThrow("nesting depth (1001) exceeds the maximum allowed (1000)");
  });

  it("P2: lets the later of two equal names win, and joins two objects of one name", () => {
    const [subRule] = parsePattern('{"a":[1],"d":{"x":[1]},"a":[2],"d":{"y":[2]}}');
    expect(subRule?.fields.map(({ path }) => path)).toEqual(["a", "d.x", "d.y"]);
    expect(subRule?.fields[0]?.predicates).toEqual([{ kind: "number", value: 2, digits: "2" }]);
  });

  it.each([
    { wildcards: ["*.bif", "*.tiff", "*.tif", "*.svs"], refused: false },
    { wildcards: ["*/datasync/*.bif", "*/datasync/*.tif"], refused: false },
    { wildcards: ["*/datasync/*.bif", "*/datasync/*.tiff", "*/datasync/*.tif", "*/datasync/*.svs"], refused: true },
    { wildcards: ["*:*:*:*:*:event-bus/*"], refused: true },
    { wildcards: ["/Users/*/dir/dir/dir/dir/dir/doc.txt"], refused: false },
  ])("weighs the wildcards $wildcards as AWS does", ({ wildcards, refused }) => {
    const parse = () => parsePattern(JSON.stringify({ key: wildcards.map((wildcard) => ({ wildcard })) }));
    if (refused) expect(parse).toThrow("Rule is too complex");
    else expect(parse).not.toThrow();
  });
});
