/** Moves data between S3 and a job's folders, as the job's role. */
import { mkdirSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import { StoredBody, saveBody } from "../../stored-body.ts";
import { storedObjects } from "../../stored-objects.ts";
import { JobFailure } from "./job-failure.ts";
import { manifestUris } from "./s3-manifest.ts";
import { sideBySide } from "./side-by-side.ts";

const Fetched = z.looseObject({ Body: z.unknown() });

export interface S3Transfer {
  /** Lays all objects that start with `uri` under `folder`. @throws JobFailure when there is none */
  download(uri: string, folder: string): Promise<void>;
  /** Lays the objects that the manifest at `uri` lists under `folder`, each by its whole key. @throws JobFailure when one is missing */
  downloadListed(uri: string, folder: string): Promise<void>;
  /** One object to one file. */
  downloadFile(uri: string, file: string): Promise<void>;
  uploadFile(file: string, uri: string): Promise<void>;
}

export function s3Transfer(home: HomePorts, principal: Principal): S3Transfer {
  const listKeys = async (bucket: string, prefix: string) => {
    const keys: string[] = [];
    for await (const { Key } of storedObjects(home, principal, { bucket, prefix })) keys.push(Key);
    return keys;
  };
  const fetch = async (bucket: string, key: string, file: string) => {
    const { Body } = Fetched.parse(await home.call("s3", "GetObject", { Bucket: bucket, Key: key }, principal));
    try {
      mkdirSync(dirname(file), { recursive: true });
      await saveBody(Body, file);
    } catch (thrown) {
      throw noFile(`s3://${bucket}/${key}`, thrown);
    }
  };
  const fetchListed = async (uri: string, file: string) => {
    const { bucket, key } = parseS3Uri(uri);
    await fetch(bucket, key, file).catch((thrown: unknown) => {
      throw thrown instanceof AwsError && thrown.code === "NoSuchKey" ? nothingThere(uri) : thrown;
    });
  };
  const uploadFile = async (file: string, uri: string) => {
    const { bucket, key } = parseS3Uri(uri);
    const { size } = await stat(file);
    // Opened when it is read: a put that is refused before leaves nothing open, and nothing to fail unheard.
    const Body = new StoredBody(file, 0, size);
    const request = { Bucket: bucket, Key: key, Body, ContentLength: size, ChecksumAlgorithm: "CRC32" };
    await home.call("s3", "PutObject", request, principal);
  };
  return {
    uploadFile,
    async download(uri, folder) {
      const { bucket, key: prefix } = parseS3Uri(uri);
      const keys = (await listKeys(bucket, prefix)).filter((key) => !key.endsWith("/"));
      if (keys.length === 0) {
        throw nothingThere(uri);
      }
      mkdirSync(folder, { recursive: true });
      await sideBySide(keys, async (key) => await fetch(bucket, key, join(folder, localName(key, prefix))));
    },
    async downloadListed(uri, folder) {
      const manifest = `${folder}.manifest`;
      await fetchListed(uri, manifest);
      const uris = manifestUris(uri, await readFile(manifest, "utf8"));
      await rm(manifest);
      mkdirSync(folder, { recursive: true });
      await sideBySide(uris, async (listed) => {
        const { key } = parseS3Uri(listed);
        await fetchListed(listed, join(folder, localName(key, "")));
      });
    },
    async downloadFile(uri, file) {
      const { bucket, key } = parseS3Uri(uri);
      await fetch(bucket, key, file);
    },
  };
}

function nothingThere(uri: string): JobFailure {
  return new JobFailure("ClientError", `Data download failed:S3 key: ${uri} matches no files on s3`);
}

/** A key may be what no file's name is: too long, or a folder to another key. */
function noFile(uri: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  if (!/^(ENOTDIR|EISDIR|EEXIST|ENAMETOOLONG)$/.test(code)) return thrown;
  const shown = uri.length > 300 ? `${uri.slice(0, 300)}…` : uri;
  return new JobFailure(
    "ClientError",
    `Data download failed: ${shown} cannot be a file (${code}): a name is too long, or another key has it as a folder`,
    { cause: thrown },
  );
}

/** @throws JobFailure when it is no `s3://bucket/key` */
function parseS3Uri(uri: string): { bucket: string; key: string } {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri);
  if (match === null)
    throw new JobFailure("ClientError", `expected an S3 URI such as s3://bucket/prefix, found ${uri}`);
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** A key's path below the prefix; the prefix may be a folder, the object itself, or the start of a name. */
function localName(key: string, prefix: string): string {
  if (key === prefix) return basename(key);
  const rest = key.slice(prefix.length);
  const whole = prefix === "" || prefix.endsWith("/") || rest.startsWith("/");
  const name = whole ? rest.replace(/^\/+/, "") : key.slice(prefix.lastIndexOf("/") + 1);
  if (name.split("/").includes("..")) throw new JobFailure("ClientError", `key ${key} would leave the job's folder`);
  return name;
}
