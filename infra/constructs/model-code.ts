/**
 * A model's folder as assets under their own names.
 *
 * A processing job lays an S3 prefix under LocalPath and runs a script in it by name, so the files must keep their names
 * in the assets bucket: `models/<model>/<hash>/<file>`. A CDK file asset is named by its source hash and extension; a
 * source hash that is a path therefore publishes a file where a job finds it, with no custom resource copying anything.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { FileAssetPackaging, Stack, Stage } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { DiscoveredModel } from "../discover-models.ts";
import { type ArchivedFile, tarball } from "../tarball.ts";

const SOURCE_DIR = "sourcedir.tar.gz";
/** For the reader and the publisher, not for a job. */
const NOT_CODE = new Set(["model.ts", "README.md", "data"]);

export class ModelCode extends Construct {
  /** `s3://…/models/<model>/<hash>/`, every file of the folder under its name. */
  readonly prefixUri: string;
  /** The scripts and requirements.txt as script mode takes them (`sagemaker_submit_directory`). */
  readonly sourceDirUri: string;
  /** Digest of the files' names and contents. */
  readonly digest: string;

  constructor(scope: Construct, id: string, { model, directory }: DiscoveredModel) {
    super(scope, id);
    const files = codeFiles(directory);
    this.digest = digestOf(files);
    const keyPrefix = `models/${model.name}/${this.digest}/`;
    for (const file of files) publishFile(this, keyPrefix, file);
    const source = files.filter(({ path }) => path.endsWith(".py") || path === "requirements.txt");
    const bucket = publishFile(this, keyPrefix, { path: SOURCE_DIR, content: tarball(source) });
    this.prefixUri = `s3://${bucket}/${keyPrefix}`;
    this.sourceDirUri = `${this.prefixUri}${SOURCE_DIR}`;
  }

  uriOf(file: string): string {
    return `${this.prefixUri}${file}`;
  }
}

/** Publishes a file under its name. @returns the bucket it goes to, that of the scope's account */
export function publishFile(scope: Construct, keyPrefix: string, { path, content }: ArchivedFile): string {
  const staged = `asset.${keyPrefix.replaceAll("/", ".")}${path.replaceAll("/", ".")}`;
  const assembly = Stage.of(scope)?.outdir ?? ".";
  mkdirSync(assembly, { recursive: true });
  writeFileSync(join(assembly, staged), content);
  const location = Stack.of(scope).synthesizer.addFileAsset({
    sourceHash: `${keyPrefix}${path.slice(0, path.length - extname(path).length)}`,
    fileName: staged,
    packaging: FileAssetPackaging.FILE,
  });
  return location.bucketName;
}

/** Every file of a model's folder that a job may need, sorted by path. */
function codeFiles(directory: string): ArchivedFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => !NOT_CODE.has(path.split("/")[0] ?? path) && !path.split("/").some(isHiddenOrCache))
    .sort()
    .map((path) => ({ path, content: readFileSync(join(directory, path)) }));
}

function isHiddenOrCache(name: string): boolean {
  return name.startsWith(".") || name === "__pycache__";
}

function digestOf(files: readonly ArchivedFile[]): string {
  const hash = createHash("sha256");
  for (const { path, content } of files) hash.update(`${path}\0${content.length}\0`).update(content);
  return hash.digest("hex").slice(0, 16);
}
