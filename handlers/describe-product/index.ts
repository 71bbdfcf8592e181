/** Says which data version a product holds now. */
import * as z from "zod/mini";
import { Product } from "../products/config.ts";
import { type ProductObjects, productState } from "../products/data-version.ts";
import { soon } from "../step/soon.ts";
import { step } from "../step/step.ts";
import { EmptyProductError } from "./errors.ts";

const Input = z.strictObject({ product: Product });
const Output = z.strictObject({
  dataVersion: z.string(),
  header: z.array(z.string()),
  objects: z.int(),
  bytes: z.int(),
  changedAt: z.string(),
});

/** The handler on given adapters; throws {@link EmptyProductError} where the product holds no data. */
export const createHandler = (store: ProductObjects) =>
  step<z.infer<typeof Input>, z.infer<typeof Output>>({
    name: "describe-product",
    input: Input,
    output: Output,
    work: async ({ product }) => {
      const state = await productState(product, store);
      if (state === undefined) throw new EmptyProductError(product.product, `s3://${product.bucket}/${product.prefix}`);
      const { dataVersion, header, objects, changedAt } = state;
      const bytes = objects.reduce((sum, { size }) => sum + size, 0);
      return { dataVersion, header: [...header], objects: objects.length, bytes, changedAt };
    },
  });

const s3 = soon(() => import("../aws/s3.ts"));
export const handler = createHandler({
  listObjects: async (...at) => (await s3()).listObjects(...at),
  readText: async (...at) => (await s3()).readText(...at),
});
