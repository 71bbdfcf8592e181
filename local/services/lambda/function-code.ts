/** Where a function's code lies: an asset of the assembly, or inline source written once under the home. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { StoredFunction } from "./function-store.ts";

export interface CodeLocation {
  ZipFile?: string | undefined;
  S3Bucket?: string | undefined;
  S3Key?: string | undefined;
}

/** @throws AwsError InvalidParameterValueException when the code is nowhere */
export function locateCode(home: HomePorts, code: CodeLocation): StoredFunction["code"] {
  if (code.ZipFile !== undefined) return inlineCode(home, code.ZipFile);
  const { S3Bucket: bucket = "", S3Key: key = "" } = code;
  const folder = home.assets.locate(bucket, key);
  if (folder === undefined || !statSync(folder).isDirectory()) {
    throw new AwsError(
      "InvalidParameterValueException",
      `Error occurred while GetObject. S3 Error Code: NoSuchKey. s3://${bucket}/${key} is not a zip asset of the assembly; functions run from the assembly's assets or from inline code`,
    );
  }
  // An asset's key is its content's hash.
  return { folder, sha256: createHash("sha256").update(key).digest("base64"), bytes: folderSize(folder) };
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
  return { folder, sha256, bytes: Buffer.byteLength(source) };
}

function folderSize(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
}
