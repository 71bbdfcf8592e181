/** Names as the catalog keeps them. */

/** Glue folds database and table names to lower case, for Hive's sake. */
export function catalogName(name: string): string {
  return name.toLowerCase();
}
