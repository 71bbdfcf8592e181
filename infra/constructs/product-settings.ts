/** A product's settings where its producer has an account of its own: the curation lies beside them, in that account. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CfnParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { productConfig } from "../model-config.ts";
import { type Names, PRODUCT_PARAMETERS } from "../names.ts";
import type { Product } from "../products.ts";
import { pascalCase } from "../stacks/bounded-context.ts";
import { publishFile } from "./model-code.ts";

export function addProductSettings(stack: Construct, product: Product, names: Names): void {
  const content = readFileSync(product.curation);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const keyPrefix = `products/${product.name}/${digest}/`;
  const bucket = publishFile(stack, keyPrefix, { path: "curation.json", content });
  new CfnParameter(stack, `${pascalCase(product.name)}ProductSettings`, {
    name: `${PRODUCT_PARAMETERS}/${product.name}`,
    description: `Settings of data product ${product.name}`,
    type: "String",
    value: productConfig(product, names, `s3://${bucket}/${keyPrefix}curation.json`),
  });
}
