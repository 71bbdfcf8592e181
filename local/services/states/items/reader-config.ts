/** ReaderConfig of an ItemReader, read once. Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html */
import { z } from "zod";
import { ItemReaderError } from "./item-reader-error.ts";

const DELIMITERS = { COMMA: ",", PIPE: "|", SEMICOLON: ";", SPACE: " ", TAB: "\t" } as const;

const Config = z.object({
  InputType: z.enum(["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]).default("JSON"),
  ManifestType: z.enum(["ATHENA_DATA", "S3_INVENTORY"]).optional(),
  Transformation: z.enum(["NONE", "LOAD_AND_FLATTEN"]).default("NONE"),
  CSVHeaderLocation: z.enum(["FIRST_ROW", "GIVEN"]).default("FIRST_ROW"),
  CSVHeaders: z.array(z.string()).optional(),
  CSVDelimiter: z.enum(["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]).default("COMMA"),
  ItemsPointer: z.string().optional(),
  MaxItems: z.number().int().positive().optional(),
});

export type ReaderConfig = z.infer<typeof Config>;

/** @throws ItemReaderError naming the member that does not fit */
export function parseReaderConfig(raw: unknown): ReaderConfig {
  const parsed = Config.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ItemReaderError(`Invalid ReaderConfig: ${issue?.path.join("/")}: ${issue?.message}`);
}

export function csvDelimiter(config: ReaderConfig): string {
  return DELIMITERS[config.CSVDelimiter];
}
