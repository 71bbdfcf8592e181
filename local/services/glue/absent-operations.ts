/**
 * What a catalog may have besides databases, tables and crawlers, and this one never has: said as Glue says it of an account
 * without it, for clients that look before they read.
 */
import type { Operations } from "../../define-service.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";
import { entityNotFound } from "./errors.ts";

export function absentOperations({ home, catalog }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  return {
    GetConnections: { handle: () => ({ ConnectionList: [] }) },
    GetConnection: {
      handle({ Name }) {
        throw entityNotFound(`Connection ${Name} not found.`);
      },
    },
    GetPartitionIndexes: {
      authorize: ({ DatabaseName, TableName }) => arns.table(DatabaseName, TableName),
      handle({ DatabaseName = "", TableName = "" }) {
        catalog.table(DatabaseName, TableName);
        return { PartitionIndexDescriptorList: [] };
      },
    },
    GetUserDefinedFunctions: { handle: () => ({ UserDefinedFunctions: [] }) },
    GetClassifiers: { handle: () => ({ Classifiers: [] }) },
    GetTriggers: { handle: () => ({ Triggers: [] }) },
    GetJobs: { handle: () => ({ Jobs: [] }) },
    ListJobs: { handle: () => ({ JobNames: [] }) },
    GetResourcePolicy: {
      handle() {
        throw entityNotFound("Policy not found");
      },
    },
    GetDataCatalogEncryptionSettings: {
      handle: () => ({
        DataCatalogEncryptionSettings: {
          EncryptionAtRest: { CatalogEncryptionMode: "DISABLED" },
          ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: false },
        },
      }),
    },
  };
}
