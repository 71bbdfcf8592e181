/**
 * Request compression: SDKs gzip bodies over 10 KiB of some operations (CloudWatch's PutMetricData).
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html
 */
import type { IncomingHttpHeaders } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AwsError } from "../aws-error.ts";
import { tooLarge } from "./read-body.ts";

const unzip = promisify(gunzip);

/** The body as it was before compression. @throws AwsError RequestEntityTooLargeException past `limitBytes`, SerializationException */
export async function unpackBody(
  body: Uint8Array,
  headers: IncomingHttpHeaders,
  limitBytes: number,
): Promise<Uint8Array> {
  if (headers["content-encoding"] !== "gzip" || body.length === 0) return body;
  try {
    return await unzip(body, { maxOutputLength: limitBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(limitBytes);
    throw new AwsError("SerializationException", "the request body is not the gzip that Content-Encoding says", {
      cause,
    });
  }
}
