/** The comparison has no rows: the table is empty. Final for this data version. */
export class EmptyComparisonError extends Error {
  override readonly name = "EmptyComparisonError";
  readonly code = "EmptyComparison";

  constructor() {
    super("the drift query gave no rows, expected one a feature: the table is empty; publish data, then run again");
  }
}
