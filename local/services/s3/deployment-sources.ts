/** Where a BucketDeployment's files come from: a folder of the assembly, or an archive in a bucket. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";

export interface DeployedFile {
  /** Below the destination's prefix, with slashes. */
  path: string;
  read(): Buffer | Promise<Buffer>;
}

/** What the deployment's function has room for on its disk, unless the app gives it more (`ephemeralStorageSize`). */
const ROOM_BYTES = 512 * 1024 * 1024;

const Fetched = z.object({ Body: z.instanceof(Readable), ContentLength: z.number() });

/** @throws AwsError ValidationError for what cannot be unpacked, and S3's own where there is no such object */
export async function sourceFiles(
  home: HomePorts,
  source: { Bucket: string; Key: string },
  extract: boolean,
): Promise<DeployedFile[]> {
  const asset = home.assets.locate(source.Bucket, source.Key);
  const isFolder = asset !== undefined && statSync(asset).isDirectory();
  if (isFolder && extract) return folderFiles(asset);
  if (isFolder)
    throw new AwsError(
      "ValidationError",
      `Extract: false is not supported for ${source.Key}: a folder of the assembly is not zipped here; give the archive as a file`,
    );
  const fetched = await home.call("s3", "GetObject", source, { kind: "home", accountId: home.accountId });
  const { Body, ContentLength } = Fetched.parse(fetched);
  const name = `s3://${source.Bucket}/${source.Key}`;
  if (ContentLength > ROOM_BYTES) {
    Body.destroy();
    throw tooLarge(name, `has ${ContentLength} bytes`);
  }
  const bytes = await buffer(Body);
  return extract ? archiveFiles(bytes, name) : [{ path: basename(source.Key), read: () => bytes }];
}

function folderFiles(folder: string): DeployedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: relative(folder, file).split(sep).join("/"), read: () => readFileSync(file) }));
}

/** Each file is unpacked when it is read: what an archive unpacks to is never in memory whole. */
async function archiveFiles(bytes: Buffer, name: string): Promise<DeployedFile[]> {
  try {
    // Yauzl refuses names that lead out of the folder, and entries larger than they say.
    const archive = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
    const files: DeployedFile[] = [];
    let unpacked = 0;
    for await (const entry of archive.eachEntry()) {
      unpacked += entry.uncompressedSize;
      if (unpacked > ROOM_BYTES) throw tooLarge(name, "unpacks to more");
      if (!entry.fileName.endsWith("/"))
        files.push({ path: entry.fileName, read: () => unpackedFile(archive, entry, name) });
    }
    return files;
  } catch (thrown) {
    throw thrown instanceof AwsError ? thrown : unreadable(name, thrown);
  }
}

async function unpackedFile(archive: ZipFile, entry: Entry, name: string): Promise<Buffer> {
  try {
    return await buffer(await archive.openReadStreamPromise(entry));
  } catch (thrown) {
    throw unreadable(`${entry.fileName} of ${name}`, thrown);
  }
}

function tooLarge(name: string, what: string): AwsError {
  return new AwsError(
    "ValidationError",
    `${name} ${what}, and a deployment's function has room for ${ROOM_BYTES} bytes: deploy it in parts, or put it there by other means`,
  );
}

function unreadable(name: string, cause: unknown): AwsError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AwsError("ValidationError", `${name} cannot be unpacked as a zip archive: ${why}`, { cause });
}
