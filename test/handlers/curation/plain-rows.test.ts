import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curateFiles } from "../../../handlers/curation/curate-files.ts";
import { type Curation, parseCuration } from "../../../handlers/curation/curation.ts";
import { RefusedFileError } from "../../../handlers/curation/refused.ts";
import { published } from "../sample.ts";

const curation = parseCuration(
  JSON.stringify({
    format: 1,
    columns: [
      { name: "grade", type: "categorical", values: { "1": "gut", "2": "größer, älter", "3": "none" } },
      { name: "age", type: "integer", min: 0, max: 99_999, missing: ["?"] },
      { name: "income", type: "number", min: -1e9, max: 1e9, missing: ["-"] },
      { name: "town", type: "text", missing: ["n/a"] },
    ],
    quality: {
      minRows: 1,
      maxRows: 50_000,
      maxBytes: 10_000_000,
      maxFieldLength: 20,
      minKnownColumns: 0.5,
      maxUnreadableRows: 0.4,
      minShareOfCurrentRows: 0,
    },
  }),
  "curation.json",
);

/** What becomes of a file that arrives in chunks of `size` bytes; only what comes after the first of them is read as plain rows. */
async function outcome(file: string, size: number, by: Curation = curation) {
  try {
    const { csv, ...rest } = await curateFiles([published(file, size)], by);
    return { csv: csv.toString(), ...rest };
  } catch (error) {
    if (!(error instanceof RefusedFileError)) throw error;
    return { refused: error.message, ...error.position };
  }
}

/** Mostly what a row can be read with: a line of another number of fields ends the reading. */
const mostly = (usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>) =>
  fc.oneof({ arbitrary: usual, weight: 40 }, { arbitrary: odd, weight: 1 });
const field = {
  grade: mostly(fc.constantFrom("1", "2", "3", "gut", "1.0"), fc.constantFrom("größer, älter", "9", "")),
  age: mostly(
    fc.oneof(fc.nat(120).map(String), fc.constantFrom("?", "", "07", "+5", "12.0")),
    fc.constantFrom("1e3", "100000", "x"),
  ),
  income: mostly(
    fc.oneof(
      fc.integer().map((cents) => String(cents / 100)),
      fc.constantFrom("-", "5", "5.", ".5", ""),
    ),
    fc.constantFrom("1e400", '"7"', "0x1F", "NaN"),
  ),
  town: mostly(
    fc.constantFrom("Ulm", " Hof ", "Bad-Tölz", "n/a", "Köln", "", '"x"', "\u007f"),
    fc.oneof(
      fc.constantFrom(" ", "a\tb", 'the "Hof"', "a,b", "12345678901234567890+"),
      fc.string({ maxLength: 22 }).filter((text) => !/[\r\n\0]/.test(text)),
    ),
  ),
};
const fields = fc.tuple(field.grade, field.age, field.income, field.town);
const line = fc.tuple(fields, fc.constantFrom("\n", "\n", "\n", "\r\n", "\n\n", " \n"));

function written(rows: readonly (readonly [readonly string[], string])[], delimiter: string): string {
  return (
    `grade age income town\n`.replaceAll(" ", delimiter) + rows.map(([row, end]) => row.join(delimiter) + end).join("")
  );
}

describe("plain rows", () => {
  it("are what the other rows are, with the same refusals in the same places", async () => {
    const file = fc.tuple(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom(";", "|", "\t", ",", " "));
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 90 }), async ([rows, delimiter], size) => {
        const text = written(rows, delimiter);
        expect(await outcome(text, size)).toEqual(await outcome(text, text.length * 4));
      }),
      { numRuns: 400 },
    );
  });

  it("leave a row to the others whose values are all missing", async () => {
    const rows = [
      ["1", "5", "2.5", "Ulm"],
      ["", "?", "-", "n/a"],
      ["2", "6", "2.5", "Ulm"],
    ] as const;
    const missing = parseCuration(JSON.stringify(curation).replace('"type":"categorical"', '$&,"missing":[""]'), "x");
    const text = written(
      rows.map((row) => [row, "\n"] as const),
      ";",
    );
    expect(await outcome(text, 20, missing)).toMatchObject({
      rows: 2,
      firstUnreadable: { reason: "every value is missing, expected some", position: { line: 3, column: 1 } },
    });
  });

  it("keep to commas until a value that is taken holds one, and then to tabs from the first row on", async () => {
    const row = (town: string, age = "5") => [["1", age, "2.5", town], "\n"] as const;
    const plain = await outcome(written([row("Ulm"), row("Ulm"), row("a,b", "x"), row("Ulm")], ";"), 30);
    expect(plain).toMatchObject({ csv: "grade,age,income,town\ngut,5,2.5,Ulm\ngut,5,2.5,Ulm\ngut,5,2.5,Ulm\n" });
    const comma = await outcome(written([row("Ulm"), row("Ulm"), row("a,b"), row("Ulm")], ";"), 30);
    expect(comma).toMatchObject({
      csv: "grade\tage\tincome\ttown\ngut\t5\t2.5\tUlm\ngut\t5\t2.5\tUlm\ngut\t5\t2.5\ta,b\ngut\t5\t2.5\tUlm\n",
    });
  });

  it("may have ever new values, which come again much later", async () => {
    const rows = Array.from(
      { length: 40_000 },
      (_, index) => [["1", String(index % 20_000), "1.5", `t${index}`], "\n"] as const,
    );
    const text = written(rows, ",");
    expect(await outcome(text, 10_000)).toEqual(await outcome(text, text.length));
  });

  it("end where the product's most rows are reached", async () => {
    const few = { ...curation, quality: { ...curation.quality, maxRows: 3 } };
    const text = written(
      Array.from({ length: 5 }, () => [["1", "5", "1.5", "Ulm"], "\n"] as const),
      ",",
    );
    expect(await outcome(text, 30, few)).toEqual({
      refused: expect.stringMatching(/more than 3 rows/),
      file: "published.csv",
      line: 5,
    });
  });
});
