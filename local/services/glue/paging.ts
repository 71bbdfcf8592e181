/** Pages of Glue's lists. */
import { type Page, pageByOffset } from "../../page-by-offset.ts";
import { invalidInput } from "./errors.ts";

/** @throws AwsError InvalidInputException for a size that is none, or a token this home did not make */
export function pageOf<T>(all: readonly T[], token: string | undefined, size: number): Page<T> {
  if (!Number.isInteger(size) || size < 1) throw invalidInput(`MaxResults must be 1 or more, found ${size}`);
  const page = pageByOffset(all, size, token);
  if (page === undefined) throw invalidInput(`NextToken ${JSON.stringify(token)} is not valid`);
  return page;
}
