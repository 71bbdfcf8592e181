/** What `/tidemill/products/<product>` holds: where a data product lies and who uses it. */
import * as z from "zod/mini";
import { S3Uri } from "../aws/s3-uri.ts";
import { UnreadableDocumentError } from "../step/errors.ts";

/** One parameter below it a product. */
export const PRODUCTS_PATH = "/tidemill/products";

/** Also the name of the product's database, its bucket and its crawler. */
export const ProductName = z.string().check(z.regex(/^[a-z0-9](-?[a-z0-9_])*$/), z.maxLength(60));

/** `curation` is the URI of its rules; `models` are those that are trained on it. */
export const Product = z.object({
  product: ProductName,
  database: z.string().check(z.minLength(1)),
  table: z.string().check(z.minLength(1)),
  bucket: z.string().check(z.minLength(3)),
  prefix: z.string().check(z.regex(/\/$/)),
  crawler: z.string().check(z.minLength(1)),
  curation: S3Uri,
  minRows: z.optional(z.int().check(z.positive())),
  models: z.array(z.string()),
});
export type Product = z.infer<typeof Product>;

/**
 * Reads a product's configuration from the parameter's text.
 *
 * @throws {@link UnreadableDocumentError} when it is not what {@link Product} says
 */
export function parseProduct(text: string, name: string): Product {
  try {
    return Product.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableDocumentError(name, "a data product's configuration", { cause });
  }
}
