/** Pages of Scheduler's lists. A page begins after the last item of the one before, so that what is deleted between skips nothing. */
import { AwsError } from "../../aws-error.ts";

const LARGEST_PAGE = 100;

/**
 * @param all in the order of their ARNs
 * @throws AwsError ValidationException: a page size that is none
 */
export function pageOf<T extends { arn: string }>(
  all: readonly T[],
  size = LARGEST_PAGE,
  token?: string,
): { page: T[]; NextToken?: string } {
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
    const bound = size < 1 ? "greater than or equal to 1" : `less than or equal to ${LARGEST_PAGE}`;
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const after = token === undefined ? "" : Buffer.from(token, "base64url").toString();
  const rest = all.toSorted((a, b) => (a.arn < b.arn ? -1 : 1)).filter(({ arn }) => arn > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return last === undefined || rest.length === page.length
    ? { page }
    : { page, NextToken: Buffer.from(last.arn).toString("base64url") };
}
