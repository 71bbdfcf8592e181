/** The central catalog: one Glue database a data product, with its crawler where the producer has another account. */
import { CfnOutput, RemovalPolicy, type StackProps } from "aws-cdk-lib";
import { CfnDatabase } from "aws-cdk-lib/aws-glue";
import type { Construct } from "constructs";
import { CrawlerControl } from "../constructs/crawler-control.ts";
import { EventForwarding } from "../constructs/event-forwarding.ts";
import { addCrawler } from "../constructs/product-crawler.ts";
import { notForwardedQueue } from "../names.ts";
import { catalogEvents } from "../product-events.ts";
import { type AppInputs, BoundedContextStack, pascalCase } from "./bounded-context.ts";

export class GovernanceStack extends BoundedContextStack {
  constructor(scope: Construct, inputs: AppInputs, props: StackProps) {
    super(scope, "governance", inputs, props);
    for (const { name } of inputs.products) {
      const database = new CfnDatabase(this, `${pascalCase(name)}Database`, {
        catalogId: this.account,
        databaseInput: { name, description: `Data product ${name}` },
      });
      database.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
    if (!inputs.names.share("governance", "producer")) {
      for (const product of inputs.products) addCrawler(this, product, inputs.names);
    }
    if (!inputs.names.share("governance", "ml")) this.#openToMl();
  }

  /** Lets the ML account read the catalog, start the crawlers and hear of both. */
  #openToMl(): void {
    const { names, products } = this.inputs;
    new CrawlerControl(this, "CrawlerControl", names, this.arns.crawlers);
    new EventForwarding(this, {
      busArn: this.arns.defaultBus,
      queueName: notForwardedQueue("governance"),
      patterns: catalogEvents(products, names),
    });
    const statement = {
      Sid: "TidemillReadsProducts",
      Effect: "Allow",
      Principal: { AWS: `arn:${this.partition}:iam::${names.account("ml")}:root` },
      Action: ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"],
      Resource: this.arns.catalog,
    };
    // CloudFormation has no resource for it, and an account has one policy for all who share its catalog.
    new CfnOutput(this, "CatalogPolicy", {
      description: "For aws glue put-resource-policy: lets the ML account read the data products' tables",
      value: this.toJsonString({ Version: "2012-10-17", Statement: [statement] }),
    });
  }
}
