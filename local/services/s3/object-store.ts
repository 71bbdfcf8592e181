/**
 * Object versions: one row each, the newest of a key marked latest.
 *
 *   V1. In a bucket that was never versioned, or whose versioning is suspended, a write replaces the version "null".
 *   V2. In a versioned bucket a write adds a version; what was there stays.
 *   V3. The latest version of a key is the one with the highest sequence; when it goes, the one before is latest again.
 */
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";
import type { Bucket } from "./bucket-store.ts";
import type { StoredChecksum } from "./checksums.ts";
import type { ObjectEncryption } from "./object-encryption.ts";
import type { ObjectFiles } from "./object-files.ts";

/** The headers stored with an object and given back with it. */
export interface StoredHeaders {
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  ContentType?: string | undefined;
  /** Milliseconds since the epoch. */
  expiresMs?: number | undefined;
  WebsiteRedirectLocation?: string | undefined;
  StorageClass?: string | undefined;
}

export interface ObjectAttributes {
  headers: StoredHeaders;
  metadata: Record<string, string>;
  tags: Record<string, string>;
  checksum?: StoredChecksum | undefined;
  encryption?: ObjectEncryption | undefined;
  /** Of an object uploaded in parts. */
  parts?: { number: number; size: number; checksum?: string }[] | undefined;
}

export interface ObjectVersion {
  sequence: number;
  bucket: string;
  key: string;
  versionId: string;
  isLatest: boolean;
  deleteMarker: boolean;
  size: number;
  /** Without quotes; empty for a delete marker. */
  etag: string;
  modifiedMs: number;
  file: string | undefined;
  attributes: ObjectAttributes;
}

export type NewObject = Pick<ObjectVersion, "key" | "size" | "etag" | "file" | "attributes">;

const NULL_VERSION = "null";
const NO_ATTRIBUTES: ObjectAttributes = { headers: {}, metadata: {}, tags: {} };

export class ObjectStore {
  readonly #home: HomePorts;
  readonly #files: ObjectFiles;

  constructor(home: HomePorts, files: ObjectFiles) {
    this.#home = home;
    this.#files = files;
  }

  latest(bucket: string, key: string): ObjectVersion | undefined {
    const row = this.#home.store
      .prepare("SELECT * FROM s3_objects WHERE bucket = ? AND key = ? AND is_latest = 1")
      .get(bucket, key);
    return row && versionFromRow(row);
  }

  version(bucket: string, key: string, versionId: string): ObjectVersion | undefined {
    const row = this.#home.store
      .prepare("SELECT * FROM s3_objects WHERE bucket = ? AND key = ? AND version_id = ?")
      .get(bucket, key, versionId);
    return row && versionFromRow(row);
  }

  /** Makes `object` the key's latest version (V1, V2); within a transaction. */
  put(bucket: Bucket, object: NewObject): ObjectVersion {
    return this.#insert(bucket, object, false);
  }

  /** Adds a delete marker (V1, V2); within a transaction. */
  mark(bucket: Bucket, key: string): ObjectVersion {
    return this.#insert(bucket, { key, size: 0, etag: "", file: undefined, attributes: NO_ATTRIBUTES }, true);
  }

  /** Removes one version for good (V3); within a transaction. */
  remove(version: ObjectVersion): void {
    const { store } = this.#home;
    store.prepare("DELETE FROM s3_objects WHERE sequence = ?").run(version.sequence);
    this.#files.discard(version.file);
    if (!version.isLatest) return;
    store
      .prepare(
        "UPDATE s3_objects SET is_latest = 1 WHERE sequence = (SELECT max(sequence) FROM s3_objects WHERE bucket = ? AND key = ?)",
      )
      .run(version.bucket, version.key);
  }

  setAttributes(version: ObjectVersion, attributes: ObjectAttributes): void {
    this.#home.store
      .prepare("UPDATE s3_objects SET attributes = ? WHERE sequence = ?")
      .run(JSON.stringify(attributes), version.sequence);
  }

  /** A number higher than any before: orders versions and the events of a key. */
  nextSequence(): number {
    this.#home.store.prepare("UPDATE s3_sequence SET value = value + 1").run();
    return Number(this.#home.store.prepare("SELECT value FROM s3_sequence").get()?.value);
  }

  #insert(bucket: Bucket, object: NewObject, deleteMarker: boolean): ObjectVersion {
    const { store, clock } = this.#home;
    const versioned = bucket.configuration.versioning === "Enabled";
    const versionId = versioned ? this.#home.uuid().replaceAll("-", "") : NULL_VERSION;
    if (!versioned) {
      const replaced = this.version(bucket.name, object.key, NULL_VERSION);
      if (replaced !== undefined) this.remove(replaced);
    }
    store
      .prepare("UPDATE s3_objects SET is_latest = 0 WHERE bucket = ? AND key = ? AND is_latest = 1")
      .run(bucket.name, object.key);
    const version: ObjectVersion = {
      ...object,
      sequence: this.nextSequence(),
      bucket: bucket.name,
      versionId,
      isLatest: true,
      deleteMarker,
      modifiedMs: clock.now(),
    };
    store
      .prepare("INSERT INTO s3_objects VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)")
      .run(
        version.sequence,
        version.bucket,
        version.key,
        versionId,
        deleteMarker ? 1 : 0,
        version.size,
        version.etag,
        version.modifiedMs,
        version.file ?? null,
        JSON.stringify(version.attributes),
      );
    return version;
  }
}

/** A row of s3_objects. */
export function versionFromRow(row: Row): ObjectVersion {
  return {
    sequence: Number(row.sequence),
    bucket: String(row.bucket),
    key: String(row.key),
    versionId: String(row.version_id),
    isLatest: row.is_latest === 1,
    deleteMarker: row.delete_marker === 1,
    size: Number(row.size),
    etag: String(row.etag),
    modifiedMs: Number(row.modified_ms),
    file: typeof row.file === "string" ? row.file : undefined,
    attributes: JSON.parse(String(row.attributes)),
  };
}
