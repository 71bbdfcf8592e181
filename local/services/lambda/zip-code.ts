/** A function's code uploaded as a zip: unpacked once, under its digest, in the home's folder. */
import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { StoredFunction } from "./function-store.ts";

/** Lambda's quota of a package, unpacked. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_UNPACKED_BYTES = 262_144_000;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** @throws AwsError InvalidParameterValueException when it is no zip, holds paths that lead out of it, or is too large unpacked */
export async function zipCode(home: HomePorts, zip: Uint8Array): Promise<StoredFunction["code"]> {
  const hash = createHash("sha256").update(zip);
  const sha256 = hash.copy().digest("base64");
  const folder = join(home.directory, "lambda", "zip", hash.digest("hex"));
  if (!existsSync(folder)) {
    await unpack(Buffer.from(zip), folder, `${folder}.${home.uuid()}.part`);
    keep(zip, `${folder}.zip`, home.uuid());
  }
  return { folder: relative(home.directory, folder), sha256, bytes: zip.length };
}

/** As it came, for whoever asks for the code again. */
function keep(zip: Uint8Array, path: string, part: string): void {
  writeFileSync(`${path}.${part}`, zip);
  renameSync(`${path}.${part}`, path);
}

async function unpack(zip: Buffer, folder: string, part: string): Promise<void> {
  try {
    mkdirSync(part, { recursive: true });
    const file = await opened(zip);
    let bytes = 0;
    for await (const entry of file.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (bytes > MAX_UNPACKED_BYTES) throw invalid(`Unzipped size must be smaller than ${MAX_UNPACKED_BYTES} bytes`);
      await write(file, entry, part);
    }
    // Another request may have unpacked the same meanwhile.
    if (!existsSync(folder)) renameSync(part, folder);
  } catch (thrown) {
    throw thrown instanceof AwsError ? thrown : unreadable(thrown);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** Yauzl refuses names that lead out of the folder, and entries larger than they say. */
async function opened(zip: Buffer): Promise<ZipFile> {
  return await fromBufferPromise(zip, { lazyEntries: true, validateEntrySizes: true });
}

async function write(file: ZipFile, entry: Entry, folder: string): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & FILE_TYPE) === SYMBOLIC_LINK) {
    throw invalid(`${entry.fileName} is a symbolic link; this home unpacks files and folders only`);
  }
  const path = join(folder, entry.fileName);
  if (entry.fileName.endsWith("/")) {
    mkdirSync(path, { recursive: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  await pipeline(await file.openReadStreamPromise(entry), createWriteStream(path, { mode: 0o644 | (mode & 0o111) }));
}

function unreadable(cause: unknown): AwsError {
  const found = cause instanceof Error ? ` (${cause.message})` : "";
  return invalid(`Could not unzip uploaded file. Please check your file, then try to upload again.${found}`, cause);
}

function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError("InvalidParameterValueException", message, { cause, fields: { Type: "User" } });
}
