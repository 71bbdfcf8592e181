/** Where a function's code lies: an asset of the assembly, an uploaded zip, or inline source written once under the home. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import type { StoredFunction } from "./function-store.ts";
import { zipCode } from "./zip-code.ts";

/** As a template says it. */
export interface CodeLocation {
  /** Source text. */
  ZipFile?: string | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
}

/** As a client says it. */
export interface UploadedCode {
  ZipFile?: Uint8Array | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
  S3ObjectVersion?: string | undefined;
}

const Fetched = z.object({ Body: z.instanceof(Readable) });

/** @throws AwsError InvalidParameterValueException when the code is nowhere */
export function locateCode(home: HomePorts, code: CodeLocation): StoredFunction["code"] {
  if (code.ZipFile !== undefined) return inlineCode(home, code.ZipFile);
  const found = assetCode(home, code.S3Bucket, code.S3Key);
  if (found !== undefined) return found;
  throw new AwsError(
    "InvalidParameterValueException",
    `Error occurred while GetObject. S3 Error Code: NoSuchKey. s3://${code.S3Bucket}/${code.S3Key} is not a zip asset of the assembly; functions run from the assembly's assets or from inline code`,
  );
}

/**
 * The code of CreateFunction and UpdateFunctionCode: a zip, or an object of the home's S3 read as the caller.
 * @throws AwsError InvalidParameterValueException
 */
export async function uploadedCode(
  home: HomePorts,
  code: UploadedCode,
  principal: Principal,
): Promise<StoredFunction["code"]> {
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion } = code;
  if (ZipFile !== undefined) return zipCode(home, ZipFile);
  if (S3Bucket === undefined || S3Key === undefined) {
    throw new AwsError("InvalidParameterValueException", "Please provide a source for function code.");
  }
  const request = { Bucket: S3Bucket, Key: S3Key, VersionId: S3ObjectVersion };
  return assetCode(home, S3Bucket, S3Key) ?? zipCode(home, await fetched(home, request, principal));
}

async function fetched(home: HomePorts, request: object, principal: Principal): Promise<Uint8Array> {
  try {
    return await buffer(Fetched.parse(await home.call("s3", "GetObject", request, principal)).Body);
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    const message = `Error occurred while GetObject. S3 Error Code: ${thrown.code}. S3 Error Message: ${thrown.message}`;
    throw new AwsError("InvalidParameterValueException", message, { cause: thrown });
  }
}

function assetCode(home: HomePorts, bucket = "", key = ""): StoredFunction["code"] | undefined {
  const folder = home.assets.locate(bucket, key);
  if (folder === undefined || !statSync(folder).isDirectory()) return undefined;
  // An asset's key is its content's hash.
  const sha256 = createHash("sha256").update(key).digest("base64");
  return { folder: relative(home.directory, folder), sha256, bytes: folderSize(folder) };
}

// CloudFormation writes inline source to a file named index; CommonJS or ESM is told by its syntax.
function inlineCode(home: HomePorts, source: string): StoredFunction["code"] {
  const hash = createHash("sha256").update(source);
  const sha256 = hash.copy().digest("base64");
  const folder = join(home.directory, "lambda", "inline", hash.digest("hex"));
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, "index.js"), source);
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
  return { folder: relative(home.directory, folder), sha256, bytes: Buffer.byteLength(source) };
}

/** Where a function's code lies now: a home may have been moved since it was put there. */
export function codeFolder(home: Pick<HomePorts, "directory">, { code }: Pick<StoredFunction, "code">): string {
  return resolve(home.directory, code.folder);
}

function folderSize(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
}
