/** `curation.json`: how a raw file becomes a product's table. */
import * as z from "zod/mini";
import { UnreadableDocumentError } from "../step/errors.ts";

const ColumnName = z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,62}$/));

const CategoricalColumn = z.strictObject({
  name: ColumnName,
  description: z.optional(z.string()),
  /** Names of the column in raw files. */
  sources: z.array(z.string()),
  type: z.literal("categorical"),
  /** Code in raw files → readable value; readable values are accepted as they are. */
  values: z.record(z.string(), z.string()),
});
const IntegerColumn = z.strictObject({
  name: ColumnName,
  description: z.optional(z.string()),
  sources: z.array(z.string()),
  type: z.literal("integer"),
  min: z.int(),
  max: z.int(),
});
export type CuratedColumn = z.infer<typeof CategoricalColumn> | z.infer<typeof IntegerColumn>;

export const Curation = z.strictObject({
  format: z.literal(1),
  columns: z.array(z.discriminatedUnion("type", [CategoricalColumn, IntegerColumn])).check(z.minLength(1)),
  quality: z.strictObject({
    /** Fewer rows are refused. */
    minRows: z.int().check(z.positive()),
    maxRows: z.int().check(z.positive()),
    maxBytes: z.int().check(z.positive()),
    maxFieldLength: z.int().check(z.positive()),
    /** A file with fewer of the product's columns is another product's file. Share, 0 to 1. */
    minKnownColumns: z.number(),
    /** From this share of unreadable rows on the file is refused; below it they are left out. */
    maxUnreadableRows: z.number(),
    /** A file that shrinks below this share of the current version is taken for a cut one. */
    minShareOfCurrentRows: z.number(),
  }),
});
export type Curation = z.infer<typeof Curation>;

/**
 * Reads `curation.json`.
 *
 * @throws {@link UnreadableDocumentError} when it is not what {@link Curation} says
 */
export function parseCuration(text: string, uri: string): Curation {
  try {
    return Curation.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableDocumentError(uri, "a curation file", { cause });
  }
}
