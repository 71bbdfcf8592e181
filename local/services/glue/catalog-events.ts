/**
 * The catalog's own events. They carry names only; who wants the schema asks GetTable.
 * https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
 */
import type { HomePorts } from "../../define-service.ts";
import { glueArns } from "./authorizations.ts";

export interface CatalogEvents {
  databaseChanged(databaseName: string, typeOfChange: string, changedTables: readonly string[]): void;
  /** `changedPartitions`: the values of each, written by AWS as one text such as "[2024, de]". */
  tableChanged(
    databaseName: string,
    tableName: string,
    typeOfChange: string,
    changedPartitions: readonly (readonly string[])[],
  ): void;
}

export function catalogEvents(home: HomePorts): CatalogEvents {
  const { tableArn } = glueArns(home);
  return {
    databaseChanged(databaseName, typeOfChange, changedTables) {
      home.emit({
        source: "aws.glue",
        "detail-type": "Glue Data Catalog Database State Change",
        resources: changedTables.map((table) => tableArn(databaseName, table)),
        detail: { databaseName, typeOfChange, changedTables },
      });
    },
    tableChanged(databaseName, tableName, typeOfChange, changedPartitions) {
      const written = changedPartitions.map((values) => `[${values.join(", ")}]`);
      home.emit({
        source: "aws.glue",
        "detail-type": "Glue Data Catalog Table State Change",
        resources: [tableArn(databaseName, tableName)],
        detail: { databaseName, changedPartitions: written, typeOfChange, tableName },
      });
    },
  };
}
