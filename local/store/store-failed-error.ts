/** The home's store cannot be read or written; final for this process. */
export class StoreFailedError extends Error {
  override readonly name = "StoreFailedError";
  readonly code = "StoreFailed";
}
