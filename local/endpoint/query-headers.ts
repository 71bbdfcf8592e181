/**
 * Presigned URLs: SDKs move what a client would otherwise have to send as headers into the query, where the signature covers it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import type { SignedRequest } from "./sigv4.ts";

/** Speak of the signature, not of what is asked for. */
const OF_THE_SIGNATURE = new Set(
  ["algorithm", "credential", "date", "expires", "signedheaders", "signature", "security-token", "content-sha256"].map(
    (name) => `x-amz-${name}`,
  ),
);
/** Of version 2, which signs them by their values wherever they stand. */
const PLAIN = new Set(["content-type", "content-md5"]);

/** A presigned request with the headers its URL carries, as a client that signs headers would have sent it; a header that is sent wins. */
export function withQueryHeaders(request: SignedRequest): SignedRequest {
  const { query, headers } = request;
  if (!query.has("X-Amz-Signature") && !query.has("Signature")) return request;
  const carried = [...query]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => (name.startsWith("x-amz-") && !OF_THE_SIGNATURE.has(name)) || PLAIN.has(name));
  return { ...request, headers: { ...Object.fromEntries(carried), ...headers } };
}
