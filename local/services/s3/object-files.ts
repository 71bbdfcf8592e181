/**
 * Object data as files under `<home>/s3/objects`. A file is written once, under a name nobody else has, and never changed:
 * the row that names it makes it an object. So a crash leaves at worst a file without a row, which `sweep` removes, and a
 * reader in the middle of a file is not disturbed by an overwrite (the old file goes after a grace period).
 */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { link, mkdir, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { RoomCheck } from "../../disk-room.ts";
import { Digester, type FileDigest } from "./digester.ts";
import { FileWriter } from "./file-writer.ts";
import { type BodyReads, readsOf, readsOfFiles } from "./object-body.ts";
import type { ChecksumAlgorithm } from "./running-checksum.ts";

export interface ReceivedFile {
  /** Relative to the service's folder, with "/". */
  file: string;
  size: number;
  md5: Buffer;
  /** base64, of the algorithm asked for. */
  checksum: string;
  /** What followed the body (aws-chunked). */
  trailers: Readonly<Record<string, string>>;
}

// Long enough for a query engine that reads the file in place.
const GRACE_MS = 15 * 60_000;
const EXTENSION = /(\.[A-Za-z0-9]{1,10}){1,2}$/;

export class ObjectFiles {
  readonly #home: HomePorts;
  readonly #root: string;
  readonly #digester: Digester;
  /** Those below `objects` that are known to be on the disk. */
  readonly #folders = new Set<string>();
  /** Files made since the start, which may not have their row yet; kept until the sweep is done. */
  #young: Set<string> | undefined = new Set();

  constructor(home: HomePorts) {
    this.#home = home;
    this.#root = join(home.directory, "s3");
    this.#digester = new Digester(home.clock);
  }

  /** Absolute path of a stored file. */
  path(file: string): string {
    return join(this.#root, file);
  }

  /** The same of an object's, which has all of its bytes. @throws AwsError InternalError where it has not */
  whole(file: string, { bucket, key, size }: { bucket: string; key: string; size: number }): string {
    const path = this.path(file);
    const found = statSync(path, { throwIfNoEntry: false })?.size;
    if (found === size) return path;
    const message = `${path}, which holds s3://${bucket}/${key}, ${found === undefined ? "is missing" : `has ${found} bytes`}; expected ${size} bytes: write the object again, or put back a copy of the home's folder`;
    this.#home.log("error", message);
    throw new AwsError("InternalError", message, { status: 500 });
  }

  /**
   * Writes a body to a new file, durable when this resolves.
   * @param expectedBytes about how many will come, where it is known
   * @throws what the body's stream throws
   */
  async receive(
    body: unknown,
    key: string,
    algorithm: ChecksumAlgorithm,
    expectedBytes: number | undefined,
  ): Promise<ReceivedFile> {
    const reads = readsOf(body, expectedBytes);
    const { file, size, checksums } = await this.#write(key, reads, ["MD5", algorithm]);
    const [md5 = "", checksum = ""] = checksums;
    return { file, size, md5: Buffer.from(md5, "base64"), checksum, trailers: reads.trailers() };
  }

  /** Joins files into a new one, durable when this resolves; the checksum is of the whole, in base64. */
  async join(
    files: readonly Readonly<{ file: string; size: number }>[],
    key: string,
    algorithm: ChecksumAlgorithm | undefined,
  ): Promise<{ file: string; size: number; checksum: string | undefined }> {
    const reads = readsOfFiles(files.map(({ file, size }) => ({ path: this.path(file), size })));
    const { checksums, ...written } = await this.#write(key, reads, algorithm === undefined ? [] : [algorithm]);
    return { ...written, checksum: checksums[0] };
  }

  /** A second name for a file's bytes: costs no copy, since files never change. */
  async duplicate(file: string, key: string): Promise<string> {
    const name = await this.#newName(key);
    await link(this.path(file), this.path(name));
    await this.#syncNames(this.path(name));
    return name;
  }

  /** Marks a file for removal in the open batch; it stays readable for the grace period. */
  discard(file: string | undefined): void {
    if (file === undefined) return;
    this.#home.store
      .prepare("INSERT OR IGNORE INTO s3_garbage VALUES (?, ?)")
      .run(file, this.#home.clock.now() + GRACE_MS);
  }

  /** Removes a file that never got a row. */
  async abandon(file: string): Promise<void> {
    await rm(this.path(file), { force: true });
  }

  /** Removes discarded files whose grace has passed. */
  async collect(): Promise<void> {
    const due = this.#home.store
      .prepare("SELECT file FROM s3_garbage WHERE delete_at_ms <= ?")
      .all(this.#home.clock.now());
    const forget = this.#home.store.prepare("DELETE FROM s3_garbage WHERE file = ?");
    for (const row of due) {
      await rm(this.path(String(row.file)), { force: true });
      forget.run(String(row.file));
    }
  }

  /** Removes files without a row: what a crash left behind. Once, at the start. */
  async sweep(): Promise<void> {
    const { store } = this.#home;
    const known = new Set(
      store
        .prepare(
          "SELECT file FROM s3_objects WHERE file IS NOT NULL UNION ALL SELECT file FROM s3_parts UNION ALL SELECT file FROM s3_garbage",
        )
        .all()
        .map((row) => String(row.file)),
    );
    const folders = await readdir(join(this.#root, "objects")).catch(() => []);
    for (const folder of folders) {
      for (const name of await readdir(join(this.#root, "objects", folder))) {
        const file = `objects/${folder}/${name}`;
        if (!known.has(file) && !this.#young?.has(file)) await this.abandon(file);
      }
    }
    this.#young = undefined;
  }

  /** Lets go of what computes checksums. */
  close(): void {
    this.#digester.close();
  }

  async #write(key: string, reads: BodyReads, algorithms: readonly ChecksumAlgorithm[]) {
    const file = await this.#newName(key);
    const path = this.path(file);
    const handle = await open(path, "wx");
    let digest: FileDigest | undefined;
    try {
      const room = new RoomCheck(this.#root);
      // Known to be too large, it is refused before it is sent.
      if (reads.expectedBytes !== undefined) new RoomCheck(this.#root).take(reads.expectedBytes);
      digest = await this.#digester.start(path, algorithms, reads.expectedBytes);
      const writer = new FileWriter(handle, digest.written);
      let size = 0;
      for await (const bytes of reads.chunks) {
        room.take(bytes.length);
        digest.update(bytes);
        size += bytes.length;
        await writer.write(bytes);
        if (reads.reused) await writer.written();
      }
      await writer.written();
      const [checksums] = await Promise.all([digest.end(), writer.synced(), this.#syncNames(path)]);
      await handle.close();
      return { file, size, checksums };
    } catch (thrown) {
      digest?.drop();
      await handle.close().catch(() => undefined);
      await rm(path, { force: true });
      throw thrown;
    }
  }

  async #newName(key: string): Promise<string> {
    const id = this.#home.uuid();
    const folder = createHash("md5").update(id).digest("hex").slice(0, 2);
    const path = join(this.#root, "objects", folder);
    if (!this.#folders.has(path)) await mkdir(path, { recursive: true });
    // The extension stays: engines that read the file in place tell its format and compression by it.
    const file = `objects/${folder}/${id}${EXTENSION.exec(key.slice(key.lastIndexOf("/") + 1))?.[0] ?? ""}`;
    this.#young?.add(file);
    return file;
  }

  /** Has a file's name on the disk, and with a folder's first file those of the folders it lies in. */
  async #syncNames(path: string): Promise<void> {
    const folder = dirname(path);
    const above = this.#folders.size === 0 ? [this.#root, this.#home.directory] : [];
    const unsure = this.#folders.has(folder) ? [] : [dirname(folder), ...above];
    await Promise.all([folder, ...unsure].map(syncFolder));
    this.#folders.add(folder);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
