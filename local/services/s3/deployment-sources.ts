/** Where a BucketDeployment's files come from: a folder of the assembly, or an archive in a bucket. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fromBufferPromise } from "yauzl";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";

export interface DeployedFile {
  /** Below the destination's prefix, with slashes. */
  path: string;
  read(): Buffer;
}

const Fetched = z.object({ Body: z.instanceof(Readable) });

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
  const bytes = await buffer(Fetched.parse(fetched).Body);
  return extract ? archiveFiles(bytes) : [{ path: basename(source.Key), read: () => bytes }];
}

function folderFiles(folder: string): DeployedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: relative(folder, file).split(sep).join("/"), read: () => readFileSync(file) }));
}

async function archiveFiles(bytes: Buffer): Promise<DeployedFile[]> {
  const archive = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
  const files: DeployedFile[] = [];
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName.endsWith("/")) continue;
    const content = await buffer(await archive.openReadStreamPromise(entry));
    files.push({ path: entry.fileName, read: () => content });
  }
  return files;
}
