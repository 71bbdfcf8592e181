/**
 * Object data as files under `<home>/s3/objects`. A file is written once, under a name nobody else has, and never changed:
 * the row that names it makes it an object. So a crash leaves at worst a file without a row, which `sweep` removes, and a
 * reader in the middle of a file is not disturbed by an overwrite (the old file goes after a grace period).
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { HomePorts } from "../../define-service.ts";
import { type ChecksumAlgorithm, startChecksum } from "./checksums.ts";
import { FileWriter } from "./file-writer.ts";
import { readsOf } from "./object-body.ts";

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
  /** Files made since the start, which may not have their row yet; kept until the sweep is done. */
  #young: Set<string> | undefined = new Set();

  constructor(home: HomePorts) {
    this.#home = home;
    this.#root = join(home.directory, "s3");
  }

  /** Absolute path of a stored file. */
  path(file: string): string {
    return join(this.#root, file);
  }

  /** Writes a body to a new file, durable when this resolves. @throws what the body's stream throws */
  async receive(body: unknown, key: string, algorithm: ChecksumAlgorithm): Promise<ReceivedFile> {
    const file = await this.#newName(key);
    const handle = await open(this.path(file), "wx");
    try {
      const received = await copyInto(handle, body, algorithm);
      await handle.sync();
      await handle.close();
      await syncFolder(dirname(this.path(file)));
      return { file, ...received };
    } catch (thrown) {
      await handle.close().catch(() => undefined);
      await rm(this.path(file), { force: true });
      throw thrown;
    }
  }

  /** A second name for a file's bytes: costs no copy, since files never change. */
  async duplicate(file: string, key: string): Promise<string> {
    const name = await this.#newName(key);
    await link(this.path(file), this.path(name));
    await syncFolder(dirname(this.path(name)));
    return name;
  }

  /** Joins files into one stream. */
  concatenated(files: readonly string[]): Readable {
    const paths = files.map((file) => this.path(file));
    async function* chunks() {
      for (const path of paths) yield* createReadStream(path);
    }
    return Readable.from(chunks(), { objectMode: false });
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

  async #newName(key: string): Promise<string> {
    const id = this.#home.uuid();
    const folder = createHash("md5").update(id).digest("hex").slice(0, 2);
    await mkdir(join(this.#root, "objects", folder), { recursive: true });
    // The extension stays: engines that read the file in place tell its format and compression by it.
    const file = `objects/${folder}/${id}${EXTENSION.exec(key.slice(key.lastIndexOf("/") + 1))?.[0] ?? ""}`;
    this.#young?.add(file);
    return file;
  }
}

async function copyInto(
  handle: FileHandle,
  body: unknown,
  algorithm: ChecksumAlgorithm,
): Promise<Omit<ReceivedFile, "file">> {
  const md5 = createHash("md5");
  const checksum = startChecksum(algorithm);
  const source = readsOf(body);
  const writer = new FileWriter(handle);
  let size = 0;
  for await (const bytes of source.chunks) {
    md5.update(bytes);
    checksum.update(bytes);
    size += bytes.length;
    await writer.write(bytes);
  }
  await writer.end();
  return { size, md5: md5.digest(), checksum: await checksum.digest(), trailers: source.trailers() };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
