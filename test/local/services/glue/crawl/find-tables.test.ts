import { describe, expect, it } from "vitest";
import type { FileSchema } from "../../../../../local/services/glue/crawl/file-schema.ts";
import { findTables } from "../../../../../local/services/glue/crawl/find-tables.ts";

const schema = (...names: string[]): FileSchema => ({
  classification: "json",
  columns: names.map((Name) => ({ Name, Type: "int" })),
  records: 1,
  bytes: 10,
});
const file = (key: string, one: FileSchema) => ({ file: { bucket: "b", key, size: 10 }, schema: one });
const target = { bucket: "b", prefix: "data/" };

describe("findTables", () => {
  it("makes one table of files that look alike", () => {
    const found = findTables(target, [file("data/a", schema("x", "y")), file("data/b", schema("x", "y"))]);
    expect(found.map(({ prefix, partitionKeys }) => [prefix, partitionKeys])).toEqual([["data/", []]]);
  });

  it("makes a table of each folder that differs", () => {
    const found = findTables(target, [file("data/a/1", schema("x", "y")), file("data/b/1", schema("p", "q"))]);
    expect(found.map(({ prefix }) => prefix)).toEqual(["data/a/", "data/b/"]);
  });

  it("names partitions by key=value folders, or by number", () => {
    const found = findTables(target, [file("data/year=1/de/f", schema("x")), file("data/year=2/fr/f", schema("x"))]);
    expect(found[0]?.partitionKeys).toEqual(["year", "partition_1"]);
    expect(found[0]?.partitions.map(({ values }) => values)).toEqual([
      ["1", "de"],
      ["2", "fr"],
    ]);
  });

  it("reads a partition's value percent-encoded, and as it stands where it is not", () => {
    const found = findTables(target, [file("data/rate=5%25/f", schema("x")), file("data/rate=10%/f", schema("x"))]);
    expect(found[0]?.partitions.map(({ values }) => values)).toEqual([["5%"], ["10%"]]);
  });

  it("makes a table at the table level without partitions where its files are at different depths", () => {
    const found = findTables(target, [file("data/year=1/f", schema("x")), file("data/f", schema("x"))], 2);
    expect(found.map(({ prefix, partitionKeys, partitions }) => [prefix, partitionKeys, partitions])).toEqual([
      ["data/", [], []],
    ]);
  });

  it("takes the folder at the table level as the table, whatever is in it", () => {
    const files = [file("data/a/1", schema("x", "y")), file("data/b/1", schema("p", "q"))];
    expect(findTables(target, files, 2).map(({ prefix }) => prefix)).toEqual(["data/"]);
  });
});
