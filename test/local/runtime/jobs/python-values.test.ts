import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPython } from "../../../../local/runtime/jobs/find-python.ts";
import { dumps, loads, repr } from "../../../../local/runtime/jobs/python-values.ts";

/** What Python itself makes of these texts. */
const ASK = `import json, sys
for text in json.load(sys.stdin):
    value = json.loads(text)
    print(json.dumps([repr(value), json.dumps(value, sort_keys=True, separators=(",", ":"))]))
`;

async function python(texts: readonly string[]): Promise<string[][]> {
  const { executable } = await findPython();
  const told = execFileSync(executable, ["-I", "-c", ASK], { input: JSON.stringify(texts), encoding: "utf8" });
  return told
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function ours(text: string): string[] {
  const value = loads(text);
  return value === undefined ? [] : [repr(value), dumps(value)];
}

describe("a hyperparameter", () => {
  it("is read and written as Python does", async () => {
    const texts = [
      ...[
        "1",
        "1.0",
        "-0",
        "-0.0",
        "1e5",
        "1E+16",
        "1e15",
        "0.0001",
        "0.00001",
        "1e-7",
        "123456789012345678901234567890",
      ],
      ...["1e400", "NaN", "-Infinity", "true", "null", '"it\'s"', '"\\"it\'s\\""', '"\\u00e9\\n\\u0007\\ud83d\\ude00"'],
      ...['[1, 2.50, "a", [true, null]]', '{"b": 1.0, "a": {"c": "d\\\\e"}}', "{}", "[]"],
    ];
    expect(texts.map(ours)).toEqual(await python(texts));
  });

  it("is read and written as Python does, whatever it is", async () => {
    // Names that look like whole numbers change places in a JavaScript object.
    const keys = fc.stringMatching(/^[a-z_]{1,8}$/);
    const text = fc.string({ unit: fc.constantFrom(..."ab'\"\\\n\té ü€😀") });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        text,
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keys, tie("value"), { maxKeys: 3 }),
      ),
    }));
    const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    const texts = [
      ...fc.sample(value, 300).map((sampled) => JSON.stringify(sampled)),
      ...fc.sample(whole, 30).map(String),
    ];
    expect(texts.map(ours)).toEqual(await python(texts));
  });

  it.each(["", "abc", "1.", "01", "{'a': 1}", "nan"])("is text where it is no JSON: %s", (text) => {
    expect(loads(text)).toBeUndefined();
  });
});
