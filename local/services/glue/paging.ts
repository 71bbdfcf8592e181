/** Pages of a list that is already whole: the token is the offset, as opaque to callers as AWS's. */
import { invalidInput } from "./errors.ts";

export interface Page<T> {
  items: T[];
  nextToken: string | undefined;
}

/** @throws AwsError InvalidInputException for a token this home did not make */
export function pageOf<T>(all: readonly T[], token: string | undefined, size: number): Page<T> {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8"));
  if (!Number.isInteger(from) || from < 0) throw invalidInput(`NextToken ${JSON.stringify(token)} is not valid`);
  const end = from + size;
  return {
    items: all.slice(from, end),
    nextToken: end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
