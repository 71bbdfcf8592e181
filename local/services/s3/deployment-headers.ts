/** What a BucketDeployment's objects say of themselves. */
import { extname } from "node:path";

/** As the CLI guesses them, of what ML projects deploy; for any other it says nothing. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".csv": "text/csv",
  ".gz": "application/gzip",
  ".htm": "text/html",
  ".html": "text/html",
  ".ipynb": "application/x-ipynb+json",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".py": "text/x-python",
  ".sh": "application/x-sh",
  ".sql": "application/sql",
  ".svg": "image/svg+xml",
  ".tar": "application/x-tar",
  ".tsv": "text/tab-separated-values",
  ".txt": "text/plain",
  ".xml": "text/xml",
  ".zip": "application/zip",
};

/** The CLI's options, in lower case, as PutObject has them. */
const OPTIONS: Readonly<Record<string, string>> = {
  "cache-control": "CacheControl",
  "content-disposition": "ContentDisposition",
  "content-encoding": "ContentEncoding",
  "content-language": "ContentLanguage",
  "content-type": "ContentType",
  "storage-class": "StorageClass",
  sse: "ServerSideEncryption",
  "sse-kms-key-id": "SSEKMSKeyId",
  "website-redirect": "WebsiteRedirectLocation",
  acl: "ACL",
};

/** PutObject's members for a file with this system metadata. */
export function headersOf(path: string, metadata: Readonly<Record<string, string>>): Record<string, string> {
  const guessed = TYPES[extname(path).toLowerCase()];
  const said = Object.entries(metadata).flatMap(([name, value]) => {
    const member = OPTIONS[name.toLowerCase()];
    return member === undefined ? [] : [[member, value]];
  });
  return { ...(guessed === undefined ? {} : { ContentType: guessed }), ...Object.fromEntries(said) };
}
