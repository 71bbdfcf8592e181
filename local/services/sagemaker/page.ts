/** Sorting, filtering by time and paging, as all List operations of SageMaker share them. */
import { pageByOffset } from "../../page-by-offset.ts";
import { validation } from "./errors.ts";

export interface PageRequest {
  NextToken?: string | undefined;
  MaxResults?: number | undefined;
  NameContains?: string | undefined;
  CreationTimeAfter?: Date | undefined;
  CreationTimeBefore?: Date | undefined;
  SortOrder?: string | undefined;
}

export interface Listed {
  name: string;
  createdAt: Date;
}

const LARGEST_PAGE = 100;
const DEFAULT_PAGE = 10;

/**
 * One page of `items` (oldest first), newest first unless asked otherwise.
 * @throws ValidationException for a size that is none, or a token this service did not give
 */
export function page<T extends Listed>(
  items: readonly T[],
  request: PageRequest,
  defaultOrder: "Ascending" | "Descending" = "Descending",
): { items: T[]; NextToken?: string } {
  const { NameContains, CreationTimeAfter, CreationTimeBefore } = request;
  const wanted = items.filter(
    ({ name, createdAt }) =>
      (NameContains === undefined || name.toLowerCase().includes(NameContains.toLowerCase())) &&
      (CreationTimeAfter === undefined || createdAt > CreationTimeAfter) &&
      (CreationTimeBefore === undefined || createdAt < CreationTimeBefore),
  );
  if ((request.SortOrder ?? defaultOrder) === "Descending") wanted.reverse();
  const size = request.MaxResults ?? DEFAULT_PAGE;
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE)
    throw validation(`Value '${size}' at 'maxResults' must be from 1 to ${LARGEST_PAGE}`);
  const found = pageByOffset(wanted, size, request.NextToken);
  if (found === undefined) throw validation("Invalid pagination token");
  const { items: page, nextToken } = found;
  return { items: page, ...(nextToken !== undefined && { NextToken: nextToken }) };
}
