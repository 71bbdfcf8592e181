/** `curation.json`: how a raw file becomes a product's table. Its reference is docs/reference/curation.md. */
import * as z from "zod/mini";
import { CurationError } from "./curation-error.ts";
import { tidyText } from "./tidy-text.ts";

const ColumnName = z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,62}$/));
const ReadableValue = z.string().check(
  z.minLength(1),
  z.refine((value) => tidyText(value) === value, {
    error: "expected no double quotes, control characters or spaces at the ends",
  }),
);

const named = {
  name: ColumnName,
  description: z.optional(z.string()),
  /** Names of the column in raw files, besides its own. */
  sources: z.optional(z.array(z.string())),
  /** What stands for no value in raw files, besides nothing at all. Without it every row needs a value. */
  missing: z.optional(z.array(z.string())),
};
const CategoricalColumn = z.strictObject({
  ...named,
  type: z.literal("categorical"),
  /** Code in raw files → readable value; readable values are accepted as they are. */
  values: z.record(z.string(), ReadableValue),
});
const IntegerColumn = z.strictObject({ ...named, type: z.literal("integer"), min: z.int(), max: z.int() });
const NumberColumn = z.strictObject({ ...named, type: z.literal("number"), min: z.number(), max: z.number() });
const TextColumn = z.strictObject({ ...named, type: z.literal("text") });

const Column = z.discriminatedUnion("type", [CategoricalColumn, IntegerColumn, NumberColumn, TextColumn]);
export type CuratedColumn = z.infer<typeof Column>;

/** The rules of a product as `curation.json` of a model's folder states them. */
export const Curation = z.strictObject({
  format: z.literal(1),
  columns: z.array(Column).check(
    z.minLength(1),
    z.refine((columns) => sharedName(columns) === undefined, {
      error: ({ input }) => `two columns are named ${JSON.stringify(sharedName(z.array(Column).parse(input)))}`,
    }),
  ),
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

/** Names a header may give a column, in lower case. */
export function headerNames({ name, sources = [] }: CuratedColumn): Set<string> {
  return new Set([name, ...sources].map((one) => one.toLowerCase()));
}

/** A header name that would stand for two columns. */
function sharedName(columns: readonly CuratedColumn[]): string | undefined {
  const names = columns.flatMap((column) => [...headerNames(column)]);
  return names.find((name, index) => names.indexOf(name) !== index);
}

/**
 * Reads `curation.json`.
 *
 * @param at its URI or path, for the message
 * @throws {@link CurationError} when it is not what {@link Curation} says, naming the first mistake
 */
export function parseCuration(text: string, at: string): Curation {
  try {
    return Curation.parse(JSON.parse(text));
  } catch (cause) {
    throw new CurationError(at, cause);
  }
}
