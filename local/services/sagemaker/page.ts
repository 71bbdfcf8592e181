/** Sorting, filtering by time and paging, as all List operations of SageMaker share them. */
import { pageByOffset } from "../../page-by-offset.ts";
import { validation } from "./errors.ts";

export interface PageRequest {
  NextToken?: string | undefined;
  MaxResults?: number | undefined;
  NameContains?: string | undefined;
  CreationTimeAfter?: Date | undefined;
  CreationTimeBefore?: Date | undefined;
  LastModifiedTimeAfter?: Date | undefined;
  LastModifiedTimeBefore?: Date | undefined;
  SortBy?: string | undefined;
  SortOrder?: string | undefined;
}

export interface Listed {
  name: string;
  createdAt: Date;
  /** Of resources that change; the others are found by no time of change. */
  modifiedAt?: Date | undefined;
  /** Of resources that have one. */
  status?: string | undefined;
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
  const { NameContains, CreationTimeAfter, CreationTimeBefore, LastModifiedTimeAfter, LastModifiedTimeBefore } =
    request;
  const wanted = items.filter(
    ({ name, createdAt, modifiedAt }) =>
      (NameContains === undefined || name.toLowerCase().includes(NameContains.toLowerCase())) &&
      within(createdAt, CreationTimeAfter, CreationTimeBefore) &&
      within(modifiedAt, LastModifiedTimeAfter, LastModifiedTimeBefore),
  );
  const sorted = sortedBy(wanted, request.SortBy ?? "CreationTime");
  if ((request.SortOrder ?? defaultOrder) === "Descending") sorted.reverse();
  const size = request.MaxResults ?? DEFAULT_PAGE;
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_PAGE)
    throw validation(`Value '${size}' at 'maxResults' must be from 1 to ${LARGEST_PAGE}`);
  const found = pageByOffset(sorted, size, request.NextToken);
  if (found === undefined) throw validation("Invalid pagination token");
  const { items: page, nextToken } = found;
  return { items: page, ...(nextToken !== undefined && { NextToken: nextToken }) };
}

function within(at: Date | undefined, after: Date | undefined, before: Date | undefined): boolean {
  if (after === undefined && before === undefined) return true;
  return at !== undefined && (after === undefined || at > after) && (before === undefined || at < before);
}

/** Of equal ones the older stays first. */
function sortedBy<T extends Listed>(items: readonly T[], key: string): T[] {
  switch (key) {
    case "CreationTime":
      return items.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    case "Name":
      return items.toSorted((a, b) => compare(a.name, b.name));
    case "Status":
      return items.toSorted((a, b) => compare(a.status ?? "", b.status ?? ""));
    default:
      throw validation(`Value '${key}' at 'sortBy' must be one of CreationTime, Name, Status`);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
