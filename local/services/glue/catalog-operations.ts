/** Operations on databases and tables. */
import { BoundedRegExp } from "../../../engine/states/regex/bounded-regexp.ts";
import type { Operations } from "../../define-service.ts";
import { principalArn } from "../../principal.ts";
import { tagsOfMap } from "../../resource-tags.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";
import { entityNotFound, invalidInput } from "./errors.ts";
import { catalogName } from "./names.ts";
import { pageOf } from "./paging.ts";
import { glueArn } from "./tag-operations.ts";

const PAGE = 100;

export function databaseOperations({ home, catalog, tags }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  return {
    CreateDatabase: {
      authorize: (input) => arns.database(input.DatabaseInput?.Name),
      handle(input) {
        catalog.createDatabase(input.DatabaseInput ?? { Name: undefined });
        tags.replace(
          glueArn({ home }, "database", catalogName(input.DatabaseInput?.Name ?? "")),
          tagsOfMap(input.Tags),
        );
        return {};
      },
    },
    GetDatabase: {
      authorize: (input) => arns.database(input.Name),
      handle: (input) => ({ Database: catalog.database(input.Name ?? "") }),
    },
    GetDatabases: {
      authorize: () => arns.database("*"),
      handle(input) {
        const page = pageOf(catalog.databases(), input.NextToken, input.MaxResults ?? PAGE);
        return { DatabaseList: page.items, NextToken: page.nextToken };
      },
    },
    UpdateDatabase: {
      authorize: (input) => arns.database(input.Name),
      handle(input) {
        catalog.updateDatabase(input.Name ?? "", input.DatabaseInput ?? { Name: input.Name });
        return {};
      },
    },
    DeleteDatabase: {
      authorize: (input) => [...arns.database(input.Name), ...arns.table(input.Name, "*")],
      handle(input) {
        catalog.deleteDatabase(input.Name ?? "");
        tags.replace(glueArn({ home }, "database", catalogName(input.Name ?? "")), []);
        return {};
      },
    },
  };
}

export function tableOperations({ home, catalog }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  return {
    CreateTable: {
      authorize: (input) => arns.table(input.DatabaseName, input.TableInput?.Name ?? input.Name),
      handle(input, { principal }) {
        if (input.TableInput === undefined) throw invalidInput("CreateTable is built for TableInput only");
        catalog.createTable(input.DatabaseName ?? "", input.TableInput, principalArn(principal));
        return {};
      },
    },
    GetTable: {
      authorize: (input) => arns.table(input.DatabaseName, input.Name),
      handle: (input) => ({ Table: catalog.table(input.DatabaseName ?? "", input.Name ?? "") }),
    },
    GetTables: {
      authorize: (input) => arns.table(input.DatabaseName, "*"),
      handle(input) {
        const named = nameFilter(input.Expression);
        const all = catalog.tables(input.DatabaseName ?? "").filter(({ Name }) => named(Name ?? ""));
        const page = pageOf(all, input.NextToken, input.MaxResults ?? PAGE);
        return { TableList: page.items, NextToken: page.nextToken };
      },
    },
    UpdateTable: {
      authorize: (input) => arns.table(input.DatabaseName, input.TableInput?.Name ?? input.Name),
      handle(input) {
        if (input.TableInput === undefined) throw invalidInput("UpdateTable is built for TableInput only");
        const current = catalog.table(input.DatabaseName ?? "", input.TableInput.Name ?? "");
        if (input.VersionId !== undefined && input.VersionId !== current.VersionId) {
          throw invalidInput(`Table version ${input.VersionId} is not the current one, ${current.VersionId}`);
        }
        catalog.updateTable(input.DatabaseName ?? "", input.TableInput, input.SkipArchive ?? false);
        return {};
      },
    },
    DeleteTable: {
      authorize: (input) => arns.table(input.DatabaseName, input.Name),
      handle(input) {
        catalog.deleteTable(input.DatabaseName ?? "", input.Name ?? "");
        return {};
      },
    },
    GetTableVersions: {
      authorize: (input) => arns.table(input.DatabaseName, input.TableName),
      handle(input) {
        const all = catalog.tableVersions(input.DatabaseName ?? "", input.TableName ?? "");
        const page = pageOf(all, input.NextToken, input.MaxResults ?? PAGE);
        const TableVersions = page.items.map((Table) => ({ Table, VersionId: Table.VersionId }));
        return { TableVersions, NextToken: page.nextToken };
      },
    },
    GetTableVersion: {
      authorize: (input) => arns.table(input.DatabaseName, input.TableName),
      handle(input) {
        const all = catalog.tableVersions(input.DatabaseName ?? "", input.TableName ?? "");
        const Table = input.VersionId === undefined ? all[0] : all.find((one) => one.VersionId === input.VersionId);
        if (Table === undefined)
          throw entityNotFound(`Version ${input.VersionId} of table ${input.TableName} not found.`);
        return { TableVersion: { Table, VersionId: Table.VersionId } };
      },
    },
  };
}

/**
 * GetTables' Expression is a regular expression over the whole name, in which a star with nothing of the kind that repeats before it
 * stands for any characters, as in Hive: awswrangler asks for `*part*` and `prefix*`.
 */
function nameFilter(expression: string | undefined): (name: string) => boolean {
  if (expression === undefined) return () => true;
  try {
    const pattern = new BoundedRegExp(`^(?:${expression.replaceAll(/(?<![.)\]}\\])\*/g, ".*")})$`, "i");
    return (name) => pattern.test(name);
  } catch (cause) {
    throw invalidInput(`Expression ${JSON.stringify(expression)} is not a regular expression: ${String(cause)}`);
  }
}
