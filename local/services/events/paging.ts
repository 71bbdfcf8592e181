/** Pages of a list, with a token that says where the next begins. */
import { AwsError } from "../../aws-error.ts";
import { pageByOffset } from "../../page-by-offset.ts";

const LARGEST_PAGE = 100;

/** @throws AwsError ValidationException: a token this service did not give */
export function paged<T>(all: readonly T[], limit = LARGEST_PAGE, token?: string): { page: T[]; NextToken?: string } {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    const bound = limit < 1 ? "greater than or equal to 1" : `less than or equal to ${LARGEST_PAGE}`;
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  const found = pageByOffset(all, limit, token);
  if (found === undefined) throw new AwsError("ValidationException", "Parameter NextToken is not valid.");
  const { items, nextToken } = found;
  return nextToken === undefined ? { page: items } : { page: items, NextToken: nextToken };
}
