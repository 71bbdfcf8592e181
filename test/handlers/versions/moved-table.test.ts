import { describe, expect, it } from "vitest";
import { movedPartition, movedTable } from "../../../handlers/versions/moved-table.ts";

const MOVE = { from: "s3://products/loans/", to: "s3://rows/versions/loans/0123/" };
const table = {
  Name: "loans",
  DatabaseName: "bank",
  TableType: "EXTERNAL_TABLE",
  Parameters: { classification: "csv", "skip.header.line.count": "1" },
  PartitionKeys: [{ Name: "year", Type: "string" }],
  StorageDescriptor: {
    Location: "s3://products/loans/",
    Columns: [{ Name: "age", Type: "bigint" }],
    SerdeInfo: { SerializationLibrary: "lazy", Parameters: { "field.delim": "," } },
  },
};

describe("movedTable", () => {
  it("reads the same files, in the same way, at the other place", () => {
    expect(movedTable(table, MOVE)).toEqual({
      Name: "loans",
      TableType: "EXTERNAL_TABLE",
      Parameters: table.Parameters,
      PartitionKeys: table.PartitionKeys,
      StorageDescriptor: { ...table.StorageDescriptor, Location: "s3://rows/versions/loans/0123/" },
    });
  });

  it("takes a folder for one, however it ends", () => {
    const bare = { ...table, StorageDescriptor: { Location: "s3://products/loans" } };
    expect(movedTable(bare, MOVE).StorageDescriptor?.Location).toBe("s3://rows/versions/loans/0123/");
  });

  it("moves the places of projected partitions too", () => {
    const Parameters = { "storage.location.template": "s3://products/loans/year=${year}", comment: "of s3://products" };
    expect(movedTable({ ...table, Parameters }, MOVE).Parameters).toEqual({
      "storage.location.template": "s3://rows/versions/loans/0123/year=${year}",
      comment: "of s3://products",
    });
  });

  it.each([
    { what: "a view", change: { TableType: "VIRTUAL_VIEW" }, says: "is a VIRTUAL_VIEW, expected an EXTERNAL_TABLE" },
    { what: "Iceberg", change: { Parameters: { table_type: "ICEBERG" } }, says: "is of type ICEBERG, expected one of" },
    {
      what: "a table of another folder",
      change: { StorageDescriptor: { Location: "s3://products/loans2/" } },
      says: "lies at s3://products/loans2/, expected a place under s3://products/loans/",
    },
  ])("refuses $what, whose rows would not be those of the copied files", ({ change, says }) => {
    expect(() => movedTable({ ...table, ...change }, MOVE)).toThrow(says);
  });
});

describe("movedPartition", () => {
  it("reads its own folder at the other place", () => {
    const partition = {
      TableName: "loans",
      DatabaseName: "bank",
      Values: ["2026"],
      StorageDescriptor: { ...table.StorageDescriptor, Location: "s3://products/loans/year=2026/" },
    };
    expect(movedPartition(partition, MOVE)).toEqual({
      Values: ["2026"],
      StorageDescriptor: { ...table.StorageDescriptor, Location: "s3://rows/versions/loans/0123/year=2026/" },
    });
  });
});
