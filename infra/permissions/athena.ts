/** Querying through Athena, which acts with its caller's own permissions on catalog, data and results. */
import type { Arns } from "../arns.ts";
import type { Permission } from "../constructs/service-role.ts";
import { BECAUSE } from "./reasons.ts";

const READ_TABLES = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"];

/** Run a query in the workgroup on the rows of a kept version: catalog, its objects, results. */
export function queryVersions(arns: Arns): Permission[] {
  return [
    {
      actions: ["StartQueryExecution", "StopQueryExecution", "GetQueryExecution", "GetQueryResults"].map(
        (action) => `athena:${action}`,
      ),
      resources: [arns.workgroup],
    },
    { actions: ["athena:GetDataCatalog"], resources: [arns.ownDataCatalog] },
    { actions: READ_TABLES, resources: arns.versionCatalog, wildcard: BECAUSE.versionDatabases },
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [arns.athenaBucket] },
    {
      actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      resources: [arns.athenaObjects],
      wildcard: BECAUSE.objects,
    },
  ];
}

/** What a model's query may join the version's rows with: other products, as they are. */
export function joinProducts(arns: Arns): Permission[] {
  return [
    { actions: ["athena:GetDataCatalog"], resources: [arns.dataCatalog] },
    { actions: READ_TABLES, resources: arns.catalog },
    { actions: ["s3:GetObject"], resources: arns.productObjects, wildcard: BECAUSE.objects },
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: arns.productBuckets },
  ];
}
