import { describe, expect, it } from "vitest";
import { classifyCsv } from "../../../../../local/services/glue/crawl/csv.ts";

describe("classifyCsv", () => {
  it.each([
    { delimiter: ",", text: "a,b\n1,x\n" },
    { delimiter: "|", text: "a|b\n1|x\n" },
    { delimiter: "\t", text: "a\tb\n1\tx\n" },
    { delimiter: ";", text: "a;b\n1;x,y\n" },
  ])("finds the delimiter $delimiter", ({ delimiter, text }) => {
    expect(classifyCsv(text)?.csv).toMatchObject({ delimiter, hasHeader: true });
  });

  it("names columns col0, col1 when no row differs from the first", () => {
    expect(classifyCsv("x,y\nz,w\n")).toMatchObject({
      csv: { hasHeader: false },
      columns: [
        { Name: "col0", Type: "string" },
        { Name: "col1", Type: "string" },
      ],
    });
  });

  it.each([
    { type: "bigint", values: ["1", "", "-20"] },
    { type: "double", values: ["1", "2.5", "1e3"] },
    { type: "string", values: ["1", "n/a"] },
    { type: "double", values: ["9999999999999999999", "99999999999999999999"] },
    { type: "boolean", values: ["true", "FALSE"] },
    { type: "string", values: ["2024-01-01"] },
  ])("types $values as $type", ({ type, values }) => {
    const text = `id,v\n${values.map((value, index) => `${index},${value}`).join("\n")}\n`;
    expect(classifyCsv(text)?.columns[1]).toEqual({ Name: "v", Type: type });
  });

  it("keeps a quoted delimiter inside its field", () => {
    expect(classifyCsv('id,v\n1,"a, ""b"""\n')).toMatchObject({
      csv: { quoted: true },
      columns: [{}, { Type: "string" }],
    });
  });

  it("ends a quoted field at its quote, not at a doubled one", () => {
    expect(classifyCsv('id,v,n\n1,"a, ""b"", c",5\n2,"d",6\n')?.columns[2]).toEqual({ Name: "n", Type: "bigint" });
  });

  it.each(["", "one line", "a\nb\n", "a,b\u0000\n1,2\n"])("does not take %j for a CSV", (text) => {
    expect(classifyCsv(text)).toBeUndefined();
  });
});
