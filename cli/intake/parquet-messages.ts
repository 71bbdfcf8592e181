/** What the process that reads Parquet and the one that started it tell each other, a file at a time. */
import { z } from "zod";

export interface ParquetTask {
  file: string;
  /** Where its text is written to, as CSV. */
  text: string;
  maxBytes: number;
}

/** Once the text is whole; or in words, why there is none. */
export const ParquetAnswer = z.object({
  refused: z.string().optional(),
  /** The number of the column at fault. */
  column: z.number().optional(),
});
export type ParquetAnswer = z.infer<typeof ParquetAnswer>;
