/** The line of business that makes the data: where files land, are curated and become data products. */
import { Aws, type StackProps, Validations } from "aws-cdk-lib";
import { CfnCrawler } from "aws-cdk-lib/aws-glue";
import type { Construct } from "constructs";
import { HandlerFunction } from "../constructs/handler-function.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { type Permission, ServiceRole } from "../constructs/service-role.ts";
import { arnFor, s3Arn } from "../names.ts";
import { functionSpecs } from "../permissions/functions.ts";
import { BECAUSE } from "../permissions/reasons.ts";
import type { Product } from "../products.ts";
import { type AppInputs, BoundedContextStack, pascalCase } from "./bounded-context.ts";

export class ProducerStack extends BoundedContextStack {
  constructor(scope: Construct, inputs: AppInputs, props: StackProps) {
    super(scope, "producer", inputs, props);
    new PrivateBucket(this, "Landing", {
      bucketName: inputs.names.landingBucket(),
      expireDays: { "incoming/": 30, "quarantine/": 90 },
    });
    for (const product of inputs.products) this.#dataProduct(product);
    const specs = Object.entries(functionSpecs(this.arns, inputs.names));
    for (const [handler, spec] of specs.filter(([, { context }]) => context === "producer")) {
      new HandlerFunction(this, pascalCase(handler), { handler, spec, arns: this.arns, bundles: inputs.bundles });
    }
  }

  #dataProduct(product: Product): void {
    const { names } = this.inputs;
    const id = pascalCase(product.name);
    const bucketName = names.productBucket(product.name);
    new PrivateBucket(this, `${id}Product`, { bucketName, emitsEvents: true });
    const role = new ServiceRole(this, `${id}CrawlerAccess`, {
      service: "glue.amazonaws.com",
      description: `Crawler ${names.crawler(product.name)}`,
      permissions: this.#crawlerPermissions(product, bucketName),
    });
    const crawler = new CfnCrawler(this, `${id}Crawler`, {
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
      reason:
        "The crawler's log names tables and files, not data; CloudWatch Logs encrypts it at rest with its own key.",
    });
  }

  #crawlerPermissions({ name, table }: Product, bucketName: string): Permission[] {
    const { names } = this.inputs;
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
        resources: ["", ":*"].map((streams) =>
          arnFor("logs", `log-group:/aws-glue/crawlers${streams}`, Aws.ACCOUNT_ID),
        ),
        wildcard: BECAUSE.logStreams,
      },
    ];
  }
}
