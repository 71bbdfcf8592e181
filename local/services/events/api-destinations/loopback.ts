/** Where a home may send requests: to this machine's loopback and nowhere else, so that a laptop calls nobody by accident. */
import { AwsError } from "../../../aws-error.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** @throws AwsError EndpointNotReachable, which no retry helps */
export function requireLoopback(url: string, what: string): URL {
  if (isLoopback(url)) return new URL(url);
  throw new AwsError(
    "EndpointNotReachable",
    `${what} is at ${url}, and a home calls loopback hosts only (localhost, 127.0.0.0/8, [::1]); run a stand-in there, or deploy to AWS`,
    { status: 400 },
  );
}
