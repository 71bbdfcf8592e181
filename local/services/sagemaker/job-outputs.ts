/** Delivers what a job left in its folders to S3, as the job's role: file by file, or packed. */
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { leftFiles, packFolder } from "../../runtime/jobs/index.ts";
import type { Context } from "./context.ts";
import type { JobPlace } from "./job-kind.ts";
import { s3Transfer } from "./s3-transfer.ts";
import { sideBySide } from "./side-by-side.ts";

const MOST_NAMED = 5;

/** Uploads each file of `folder` to `uri`/<path>. @throws LeftFilesError, AwsError */
export async function uploadFolder(context: Context, place: JobPlace, folder: string, uri: string): Promise<void> {
  const transfer = s3Transfer(context.home, place.principal);
  const { files, others } = await leftFiles(place.root, folder);
  const base = uri.replace(/\/$/, "");
  await sideBySide(files, (file) => transfer.uploadFile(join(folder, file), `${base}/${file}`));
  if (others.length === 0) return;
  const names = others.slice(0, MOST_NAMED).map((path) => JSON.stringify(path));
  const more = others.length > names.length ? ` and ${others.length - names.length} more` : "";
  context.home.log("warn", `${uri} has only files: links, pipes and sockets were left out: ${names.join(", ")}${more}`);
}

/**
 * Packs `folder` into an archive and uploads that; an empty folder only when `evenEmpty`.
 * @returns whether there was something
 * @throws LeftFilesError, AwsError
 */
export async function uploadPacked(
  context: Context,
  place: JobPlace,
  folder: string,
  uri: string,
  evenEmpty: boolean,
): Promise<boolean> {
  const { files, others } = await leftFiles(place.root, folder);
  if (files.length + others.length === 0 && !evenEmpty) return false;
  await mkdir(folder, { recursive: true });
  // Beside the job's /opt/ml: in it, the job may have put something of this name.
  const archive = join(dirname(place.root), `packed-${basename(uri)}`);
  try {
    await packFolder(folder, archive);
    await s3Transfer(context.home, place.principal).uploadFile(archive, uri);
  } finally {
    await rm(archive, { force: true });
  }
  return true;
}
