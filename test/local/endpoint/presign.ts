/** Presigned URLs and forms as the SDKs make them, written out from AWS's documentation: the other side of the endpoint's verification. */
import { createHash, createHmac } from "node:crypto";

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

interface Asked {
  endpoint: string;
  method: string;
  /** Path-style, encoded. */
  path: string;
  query?: Record<string, string>;
  contentType?: string;
}

/** A URL of signature version 2, as boto3 makes it: what would be headers stands in the query. */
export function presignVersion2(
  keys: Keys,
  { endpoint, method, path, query = {}, contentType = "" }: Asked,
  expires: number,
): string {
  const amz = Object.entries(query)
    .filter(([name]) => name.startsWith("x-amz-"))
    .map(([name, value]) => `${name}:${value}\n`);
  const resource = Object.entries(query).filter(([name]) => name.startsWith("response-"));
  const suffix = resource.length === 0 ? "" : `?${resource.map((pair) => pair.join("=")).join("&")}`;
  const text = `${method}\n\n${contentType}\n${expires}\n${amz.join("")}${path}${suffix}`;
  const type = contentType === "" ? {} : { "content-type": contentType };
  const signed = {
    AWSAccessKeyId: keys.accessKeyId,
    Signature: sha1(keys.secretAccessKey, text),
    Expires: String(expires),
  };
  return `${endpoint}${path}?${new URLSearchParams({ ...signed, ...query, ...type })}`;
}

/** A URL of signature version 4, as the SDK for JavaScript makes it: x-amz-* headers are moved into the query. */
export function presignVersion4(keys: Keys, { endpoint, method, path, query = {} }: Asked, now: Date): string {
  const { scope, timestamp, key } = scopeOf(keys, now);
  const all: Record<string, string> = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${keys.accessKeyId}/${scope}`,
    "X-Amz-Date": timestamp,
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host",
    ...query,
  };
  const names = Object.keys(all).sort();
  const canonical = names.map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(all[name] ?? "")}`).join("&");
  const request = `${method}\n${path}\n${canonical}\nhost:${new URL(endpoint).host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const hash = createHash("sha256").update(request).digest("hex");
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash}`).toString("hex");
  return `${endpoint}${path}?${canonical}&X-Amz-Signature=${signature}`;
}

/** The signed fields of a form whose policy has `conditions`; `version` 2 or 4. */
export function signForm(keys: Keys, version: 2 | 4, conditions: unknown[], expiration: Date): Record<string, string> {
  const { scope, timestamp, key } = scopeOf(keys, new Date());
  const named = {
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${keys.accessKeyId}/${scope}`,
    "x-amz-date": timestamp,
  };
  const all =
    version === 2 ? conditions : [...conditions, ...Object.entries(named).map(([name, value]) => ({ [name]: value }))];
  const policy = Buffer.from(JSON.stringify({ expiration: expiration.toISOString(), conditions: all })).toString(
    "base64",
  );
  return version === 2
    ? { AWSAccessKeyId: keys.accessKeyId, policy, signature: sha1(keys.secretAccessKey, policy) }
    : { ...named, policy, "x-amz-signature": hmac(key, policy).toString("hex") };
}

function scopeOf({ secretAccessKey }: Keys, now: Date) {
  const timestamp = now.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const scope = `${timestamp.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const key = scope.split("/").reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  return { scope, timestamp, key };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha1(secret: string, text: string): string {
  return createHmac("sha1", secret).update(text).digest("base64");
}
