/** Querying the products through Athena, which acts with its caller's own permissions on catalog, data and results. */
import type { Arns } from "../arns.ts";
import type { Permission } from "../constructs/service-role.ts";
import { BECAUSE } from "./reasons.ts";

/** Run a query in the workgroup: catalog, the products' objects, results. */
export function athenaQuery(arns: Arns): Permission[] {
  return [
    {
      actions: ["StartQueryExecution", "StopQueryExecution", "GetQueryExecution", "GetQueryResults"].map(
        (action) => `athena:${action}`,
      ),
      resources: [arns.workgroup],
    },
    { actions: ["athena:GetDataCatalog"], resources: [arns.dataCatalog] },
    {
      actions: ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"],
      resources: arns.catalog,
    },
    { actions: ["s3:GetObject"], resources: arns.productObjects, wildcard: BECAUSE.objects },
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [...arns.productBuckets, arns.athenaBucket] },
    {
      actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      resources: [arns.athenaObjects],
      wildcard: BECAUSE.objects,
    },
  ];
}
