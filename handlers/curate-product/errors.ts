/** There is no data product of this name. Final. */
export class UnknownProductError extends Error {
  override readonly name = "UnknownProductError";
  readonly code = "UnknownProduct";

  constructor(product: string, parameter: string) {
    super(
      `no data product "${product}": parameter ${parameter} does not exist; check the name, or deploy the model that uses it`,
    );
  }
}

/** An object this handler was told of is not there. Final. */
export class MissingObjectError extends Error {
  override readonly name = "MissingObjectError";
  readonly code = "MissingObject";

  constructor(uri: string) {
    super(`${uri} does not exist; upload it, then ask again`);
  }
}

/** An object is shorter than the files that should lie in it. Final. */
export class CutShortError extends Error {
  override readonly name = "CutShortError";
  readonly code = "CutShort";

  constructor(key: string, lacking: number) {
    super(`${key} ends before the files it holds, ${lacking} bytes of one are lacking; upload it again`);
  }
}
