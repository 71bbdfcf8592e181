/** The crawl left no table of the product's name. Final. */
export class MissingTableError extends Error {
  override readonly name = "MissingTableError";
  readonly code = "MissingTable";

  constructor(database: string, table: string, crawler: string) {
    super(
      `there is no table ${database}.${table} in the catalog; see what crawler ${crawler} made of the product's files`,
    );
  }
}
