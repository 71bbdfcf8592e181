/** A distributed map's items cannot be read: the map run fails with States.ItemReaderFailed and this message as its cause. */
export class ItemReaderError extends Error {
  override readonly name = "ItemReaderError";
}
