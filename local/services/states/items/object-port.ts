/** Where a distributed map's objects lie: S3 for the service, a table for a test. */
import type { JsonObject } from "../../../../engine/states/index.ts";

export interface ObjectLocation {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
}

export interface ObjectPort {
  /** The object's bytes. @throws ItemReaderError when it cannot be had */
  read(location: ObjectLocation): Promise<AsyncIterable<Uint8Array>>;
  /** One item an object, as S3 lists them: `{Etag, Key, LastModified, Size, StorageClass}`. @throws ItemReaderError */
  list(parameters: JsonObject): AsyncIterable<JsonObject>;
}
