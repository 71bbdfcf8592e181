/** Sorting, filtering by time and paging, as all List operations of SageMaker share them. */
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
 * @throws ValidationException for a token this service did not give
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
  const start = request.NextToken === undefined ? 0 : Number(request.NextToken);
  if (!Number.isInteger(start) || start < 0) throw validation("Invalid pagination token");
  const end = start + Math.min(request.MaxResults ?? DEFAULT_PAGE, LARGEST_PAGE);
  return { items: wanted.slice(start, end), ...(end < wanted.length && { NextToken: String(end) }) };
}
