/** The line of business that makes the data: where files land, are curated and become data products. */
import type { StackProps } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { EventForwarding } from "../constructs/event-forwarding.ts";
import { HandlerFunction } from "../constructs/handler-function.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { addCrawler, crawlerAccessId } from "../constructs/product-crawler.ts";
import { addProductSettings } from "../constructs/product-settings.ts";
import { type Context, notForwardedQueue, stackName } from "../names.ts";
import { functionSpecs } from "../permissions/functions.ts";
import { PRODUCT_READERS, readStatements } from "../permissions/product-readers.ts";
import { fileEvents } from "../product-events.ts";
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
    if (!inputs.names.share("producer", "ml")) {
      new EventForwarding(this, {
        busArn: this.arns.defaultBus,
        queueName: notForwardedQueue("producer"),
        patterns: fileEvents(inputs.products, inputs.names),
      });
    }
  }

  #dataProduct(product: Product): void {
    const { names } = this.inputs;
    const id = pascalCase(product.name);
    const bucketName = names.productBucket(product.name);
    const { bucket } = new PrivateBucket(this, `${id}Product`, { bucketName, emitsEvents: true });
    this.#letIn(bucket, product);
    if (names.share("producer", "governance")) addCrawler(this, product, names);
    if (!names.share("producer", "ml")) addProductSettings(this, product, names);
  }

  /** Readers of other accounts: the ML account's, and the catalog's crawler. */
  #letIn(bucket: Bucket, { name, table }: Product): void {
    const { names } = this.inputs;
    const readers: [Context, readonly string[]][] = [
      ["ml", PRODUCT_READERS],
      ["governance", [crawlerAccessId(name)]],
    ];
    for (const [context, ids] of readers.filter(([context]) => !names.share("producer", context))) {
      const roles = { account: names.account(context), stack: stackName(context), ids };
      for (const statement of readStatements(bucket.bucketArn, table, roles)) bucket.addToResourcePolicy(statement);
    }
  }
}
