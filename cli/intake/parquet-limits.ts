/** What the process that reads Parquet and the one that started it agree on. */
export const REFUSED_CODE = 3;
