/** A data product's crawler, in the account of the catalog it writes: Glue has no crawl into another account's database. */
import { Aws, Validations } from "aws-cdk-lib";
import { CfnCrawler } from "aws-cdk-lib/aws-glue";
import type { Construct } from "constructs";
import { arnFor, type Names, s3Arn } from "../names.ts";
import { BECAUSE } from "../permissions/reasons.ts";
import type { Product } from "../products.ts";
import { pascalCase } from "../stacks/bounded-context.ts";
import { type Permission, ServiceRole } from "./service-role.ts";

/** Construct id of the crawler's role, by which the product's bucket knows it from another account. */
export function crawlerAccessId(product: string): string {
  return `${pascalCase(product)}CrawlerAccess`;
}

/** Adds role and crawler to a stack. */
export function addCrawler(stack: Construct, product: Product, names: Names): void {
  const bucketName = names.productBucket(product.name);
  const role = new ServiceRole(stack, crawlerAccessId(product.name), {
    service: "glue.amazonaws.com",
    description: `Crawler ${names.crawler(product.name)}`,
    permissions: crawlerPermissions(product, bucketName, names),
  });
  const crawler = new CfnCrawler(stack, `${pascalCase(product.name)}Crawler`, {
    name: names.crawler(product.name),
    description: `Keeps the catalog's table of data product ${product.name} as its files are`,
    role: role.arn,
    databaseName: product.name,
    targets: { s3Targets: [{ path: `s3://${bucketName}/${product.table}/` }] },
    recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
    schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
    // One table however many files, named by the folder.
    configuration: JSON.stringify({ Version: 1, Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" } }),
  });
  Validations.of(crawler).acknowledge({
    id: "AwsSolutions-GL1",
    reason: "The crawler's log names tables and files, not data; CloudWatch Logs encrypts it at rest with its own key.",
  });
}

function crawlerPermissions({ name, table }: Product, bucketName: string, names: Names): Permission[] {
  const catalog = ["catalog", `database/${name}`, `table/${name}/*`];
  return [
    { actions: ["s3:GetObject"], resources: [s3Arn(bucketName, `${table}/*`)], wildcard: BECAUSE.objects },
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [s3Arn(bucketName)] },
    {
      actions: [
        "glue:GetDatabase",
        "glue:GetTable",
        "glue:GetTables",
        "glue:CreateTable",
        "glue:UpdateTable",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:BatchGetPartition",
        "glue:BatchCreatePartition",
        "glue:UpdatePartition",
      ],
      resources: catalog.map((resource) => arnFor("glue", resource, names.account("governance"))),
      wildcard: "A crawler names its tables by the folders it finds, in the one database named.",
    },
    {
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      resources: ["", ":*"].map((streams) => arnFor("logs", `log-group:/aws-glue/crawlers${streams}`, Aws.ACCOUNT_ID)),
      wildcard: BECAUSE.logStreams,
    },
  ];
}
