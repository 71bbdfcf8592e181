/** Pages of a list, with a token that says where the next begins. */
import { AwsError } from "../../aws-error.ts";

const LARGEST_PAGE = 100;

/** @throws AwsError ValidationException: a token this service did not give */
export function paged<T>(all: readonly T[], limit = LARGEST_PAGE, token?: string): { page: T[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString() || Number.NaN);
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError("ValidationException", "Parameter NextToken is not valid.");
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    const bound = limit < 1 ? "greater than or equal to 1" : `less than or equal to ${LARGEST_PAGE}`;
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const page = all.slice(from, from + limit);
  const next = from + page.length;
  return next < all.length ? { page, NextToken: Buffer.from(String(next)).toString("base64url") } : { page };
}
