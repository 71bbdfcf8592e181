/**
 * SearchTables: tables of all databases by text and by properties.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_SearchTables.html
 */
import type { PropertyPredicate, SortCriterion, Table } from "@aws-sdk/client-glue";
import type { Operations } from "../../define-service.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";
import { invalidInput } from "./errors.ts";
import { pageOf } from "./paging.ts";

const PAGE = 100;

export function searchOperations({ home, catalog }: Glue): Operations<Sdk> {
  return {
    SearchTables: {
      authorize: () => glueArns(home).table("*", "*"),
      handle({ SearchText, Filters = [], SortCriteria = [], NextToken, MaxResults }) {
        const all = catalog.databases().flatMap(({ Name }) => catalog.tables(Name ?? ""));
        const found = all.filter((table) => holds(table, SearchText) && Filters.every((one) => fits(table, one)));
        const page = pageOf(sorted(found, SortCriteria), NextToken, MaxResults ?? PAGE);
        return { TableList: page.items, NextToken: page.nextToken };
      },
    },
  };
}

/** In quotes a text must be a whole value, without them a part of one. */
function holds(table: Table, text = ""): boolean {
  const wanted = text.toLowerCase();
  const whole = /^"(.*)"$/.exec(wanted)?.[1];
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const values = [
    table.Name,
    table.DatabaseName,
    table.Description,
    ...columns.flatMap(({ Name, Comment }) => [Name, Comment]),
    ...Object.entries(table.Parameters ?? {}).flat(),
  ].map((value) => value?.toLowerCase() ?? "");
  return values.some((value) => (whole === undefined ? value.includes(wanted) : value === whole));
}

function fits(table: Table, { Key = "", Value = "", Comparator = "EQUALS" }: PropertyPredicate): boolean {
  const found = property(table, Key);
  if (found === undefined) return false;
  const order = found < Value ? -1 : found > Value ? 1 : 0;
  switch (Comparator) {
    case "EQUALS":
      return order === 0;
    case "GREATER_THAN":
      return order > 0;
    case "GREATER_THAN_EQUALS":
      return order >= 0;
    case "LESS_THAN":
      return order < 0;
    case "LESS_THAN_EQUALS":
      return order <= 0;
    default:
      throw invalidInput(`Comparator ${String(Comparator)} is not valid`);
  }
}

function sorted(tables: readonly Table[], criteria: readonly SortCriterion[]): Table[] {
  return tables.toSorted((a, b) => {
    for (const { FieldName = "", Sort = "ASC" } of criteria) {
      const order = (property(a, FieldName) ?? "").localeCompare(property(b, FieldName) ?? "");
      if (order !== 0) return Sort === "DESC" ? -order : order;
    }
    return 0;
  });
}

/** A property by its name in any case, else a parameter of the table. */
function property(table: Table, name: string): string | undefined {
  const own = Object.entries(table).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (own instanceof Date) return own.toISOString();
  return typeof own === "string" || typeof own === "number" ? String(own) : table.Parameters?.[name];
}
