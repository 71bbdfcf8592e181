/** The product holds no data yet. Final until something is published. */
export class EmptyProductError extends Error {
  override readonly name = "EmptyProductError";
  readonly code = "EmptyProduct";

  constructor(product: string, location: string) {
    super(`data product "${product}" holds no data under ${location}; publish a file first`);
  }
}
