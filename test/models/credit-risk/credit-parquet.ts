/** The sample credit data, curated as the product's definition says, as one Parquet file. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { z } from "zod";
import { temporaryFolder } from "../../temporary-folder.ts";

const Curation = z.looseObject({
  columns: z.array(
    z.looseObject({
      name: z.string(),
      sources: z.array(z.string()),
      values: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

export const modelFolder = fileURLToPath(new URL("../../../models/credit-risk/", import.meta.url));

export function curatedCredit(): string[][] {
  const { columns } = Curation.parse(JSON.parse(readFileSync(join(modelFolder, "curation.json"), "utf8")));
  const [header = [], ...rows] = readFileSync(join(modelFolder, "data/kredit.asc"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const curated = rows.map((row) =>
    columns.map(({ sources, values }) => {
      const raw = row[header.indexOf(sources[0] ?? "")] ?? "";
      return values === undefined ? raw : (values[raw] ?? "");
    }),
  );
  return [columns.map(({ name }) => name), ...curated];
}

export async function parquetOf(rows: readonly (readonly string[])[]): Promise<Uint8Array> {
  const folder = temporaryFolder("parquet");
  writeFileSync(join(folder, "rows.csv"), rows.map((row) => row.join(",")).join("\n"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const [from, to] = [join(folder, "rows.csv"), join(folder, "rows.parquet")];
  await connection.run(`COPY (SELECT * FROM read_csv('${from}', header = true)) TO '${to}' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(to);
}
