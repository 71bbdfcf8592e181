/** The statistics of the training data, which the next data version is compared with: first their query, then the file of its result. */
import * as z from "zod/mini";
import { locate, S3Uri } from "../aws/s3-uri.ts";
import { Baseline } from "../drift/baseline.ts";
import { baselineOf, baselineQuery } from "../drift/baseline-query.ts";
import { Column, usedColumns } from "../drift/columns.ts";
import { soon } from "../step/soon.ts";
import { step } from "../step/step.ts";

const Query = z.strictObject({
  action: z.literal("query"),
  database: z.string(),
  table: z.string(),
  columns: z.array(Column).check(z.minLength(1)),
  used: z.array(z.string()),
});
const Write = z.strictObject({
  action: z.literal("write"),
  queryExecutionId: z.string(),
  features: z.array(Column),
  uri: S3Uri,
  dataVersion: z.string(),
});
const Input = z.discriminatedUnion("action", [Query, Write]);
const Output = z.union([
  z.strictObject({ sql: z.string(), features: z.array(Column) }),
  z.strictObject({ uri: z.string(), rows: z.int(), features: z.int() }),
]);

export type Adapters = Readonly<{
  queryResults: (queryExecutionId: string) => Promise<readonly (readonly (string | undefined)[])[]>;
  writeObject: (bucket: string, key: string, body: string, contentType: string) => Promise<void>;
}>;

/** The handler on given adapters. */
export const createHandler = ({ queryResults, writeObject }: Adapters) =>
  step<z.infer<typeof Input>, z.infer<typeof Output>>({
    name: "baseline",
    input: Input,
    output: Output,
    work: async (input) => {
      if (input.action === "query") {
        const features = usedColumns(input.columns, input.used);
        return { sql: baselineQuery(input.database, input.table, features), features };
      }
      const baseline = Baseline.parse(
        baselineOf(await queryResults(input.queryExecutionId), input.features, input.dataVersion),
      );
      const { bucket, key } = locate(input.uri);
      await writeObject(bucket, key, JSON.stringify(baseline), "application/json");
      return { uri: input.uri, rows: baseline.rows, features: baseline.features.length };
    },
  });

const athena = soon(() => import("../aws/athena.ts"));
const s3 = soon(() => import("../aws/s3.ts"));
export const handler = createHandler({
  queryResults: async (id) => (await athena()).queryResults(id),
  writeObject: async (...what) => {
    await (await s3()).writeObject(...what);
  },
});
