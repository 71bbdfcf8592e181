/** Whether a product still holds the data version that is worked on: its table is one object, and an update takes its place. */
import * as z from "zod/mini";
import { type ProductObjects, productState } from "./data-version.ts";

/** What was worked on, and where it lay. */
export const WorkedOn = z.strictObject({
  product: z.string(),
  bucket: z.string(),
  prefix: z.string(),
  dataVersion: z.string(),
});
export type WorkedOn = z.infer<typeof WorkedOn>;

/** An update came while a data version was worked on, so what was read may be of either. Final: the update has its own lifecycle. */
export class DataReplacedError extends Error {
  override readonly name = "DataReplacedError";
  readonly code = "DataReplaced";

  constructor({ product, dataVersion }: WorkedOn, found: string | undefined) {
    super(
      `${product} holds ${found === undefined ? "no data" : `data version ${found}`} by now, expected ${dataVersion}: it was published anew meanwhile, so what was read may be of either; the newer has its own lifecycle`,
    );
  }
}

/** @throws {@link DataReplacedError} where the product holds something else by now */
export async function requireUnreplaced(data: WorkedOn, objects: ProductObjects): Promise<void> {
  const state = await productState(data, objects);
  if (state?.dataVersion !== data.dataVersion) throw new DataReplacedError(data, state?.dataVersion);
}
