/** Uploads in progress and their parts. */
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";
import { noSuchUpload } from "./errors.ts";
import type { ObjectFiles } from "./object-files.ts";
import type { ObjectAttributes } from "./object-store.ts";
import type { ChecksumAlgorithm } from "./running-checksum.ts";

export interface Upload {
  uploadId: string;
  bucket: string;
  key: string;
  initiatedMs: number;
  attributes: ObjectAttributes & { algorithm: ChecksumAlgorithm; checksumType: "FULL_OBJECT" | "COMPOSITE" };
}

export interface Part {
  number: number;
  size: number;
  etag: string;
  modifiedMs: number;
  file: string;
  checksum: string;
}

export class MultipartStore {
  readonly #home: HomePorts;
  readonly #files: ObjectFiles;

  constructor(home: HomePorts, files: ObjectFiles) {
    this.#home = home;
    this.#files = files;
  }

  create(bucket: string, key: string, attributes: Upload["attributes"]): string {
    const uploadId = this.#home.uuid().replaceAll("-", "");
    this.#home.store
      .prepare("INSERT INTO s3_uploads VALUES (?, ?, ?, ?, ?)")
      .run(uploadId, bucket, key, this.#home.clock.now(), JSON.stringify(attributes));
    return uploadId;
  }

  /** @throws AwsError NoSuchUpload */
  get(bucket: string, key: string, uploadId: string): Upload {
    const row = this.#home.store
      .prepare("SELECT * FROM s3_uploads WHERE upload_id = ? AND bucket = ? AND key = ?")
      .get(uploadId, bucket, key);
    if (row === undefined) throw noSuchUpload(uploadId);
    return uploadFromRow(row);
  }

  list(bucket: string): Upload[] {
    return this.#home.store
      .prepare("SELECT * FROM s3_uploads WHERE bucket = ? ORDER BY key, initiated_ms")
      .all(bucket)
      .map(uploadFromRow);
  }

  parts(uploadId: string): Part[] {
    return this.#home.store
      .prepare("SELECT * FROM s3_parts WHERE upload_id = ? ORDER BY part_number")
      .all(uploadId)
      .map(partFromRow);
  }

  /** Adds a part, in place of an earlier one of the same number; within a transaction. */
  putPart(uploadId: string, part: Omit<Part, "modifiedMs">): void {
    const { store, clock } = this.#home;
    const before = store
      .prepare("SELECT file FROM s3_parts WHERE upload_id = ? AND part_number = ?")
      .get(uploadId, part.number);
    if (before !== undefined) this.#files.discard(String(before.file));
    store
      .prepare("INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(uploadId, part.number, part.size, part.etag, clock.now(), part.file, part.checksum);
  }

  /** Forgets an upload and its parts; within a transaction. */
  remove(uploadId: string): void {
    for (const part of this.parts(uploadId)) this.#files.discard(part.file);
    this.#home.store.prepare("DELETE FROM s3_parts WHERE upload_id = ?").run(uploadId);
    this.#home.store.prepare("DELETE FROM s3_uploads WHERE upload_id = ?").run(uploadId);
  }
}

function uploadFromRow(row: Row): Upload {
  return {
    uploadId: String(row.upload_id),
    bucket: String(row.bucket),
    key: String(row.key),
    initiatedMs: Number(row.initiated_ms),
    attributes: JSON.parse(String(row.attributes)),
  };
}

function partFromRow(row: Row): Part {
  return {
    number: Number(row.part_number),
    size: Number(row.size),
    etag: String(row.etag),
    modifiedMs: Number(row.modified_ms),
    file: String(row.file),
    checksum: String(row.checksum),
  };
}
