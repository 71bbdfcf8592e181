/** What of a crawler's definition is built; anything else is refused when the crawler is made, not when it runs. */
import type { CreateCrawlerRequest, UpdateCrawlerRequest } from "@aws-sdk/client-glue";
import { z } from "zod";
import { invalidInput } from "./errors.ts";

const S3Target = z.strictObject({
  Path: z.string().regex(/^s3:\/\/[^/]+/, "expected s3://bucket/prefix"),
  Exclusions: z.array(z.string()).optional(),
  SampleSize: z.number().int().min(1).max(249).optional(),
});

/** `Configuration`, the JSON text. https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html */
const Configuration = z.object({
  Version: z.number().optional(),
  CrawlerOutput: z
    .strictObject({
      Partitions: z.strictObject({ AddOrUpdateBehavior: z.literal("InheritFromTable") }).optional(),
      Tables: z
        .strictObject({
          AddOrUpdateBehavior: z.literal("MergeNewColumns").optional(),
          TableThreshold: z.number().optional(),
        })
        .optional(),
    })
    .optional(),
  Grouping: z
    .strictObject({
      TableGroupingPolicy: z.literal("CombineCompatibleSchemas").optional(),
      TableLevelConfiguration: z.number().int().min(1).optional(),
    })
    .optional(),
  CreatePartitionIndex: z.boolean().optional(),
});

export interface CrawlPlan {
  targets: z.infer<typeof S3Target>[];
  mergeNewColumns: boolean;
  /** Depth of the folder that is a table; 1 is the bucket. */
  tableLevel: number | undefined;
}

type Definition = Partial<CreateCrawlerRequest & UpdateCrawlerRequest>;

/** @throws AwsError InvalidInputException naming what is not built */
export function planCrawl(definition: Definition): CrawlPlan {
  const { S3Targets = [], ...others } = definition.Targets ?? {};
  const foreign = Object.entries(others).filter(([, targets]) => (targets?.length ?? 0) > 0);
  refuseIf(foreign.length > 0, `Targets.${foreign[0]?.[0]} are not built in the embedded home; built: S3Targets`);
  refuseIf(S3Targets.length === 0, "At least one target must be specified: Targets.S3Targets is empty");
  refuseIf(
    (definition.Classifiers?.length ?? 0) > 0,
    "Classifiers are not built; the built-in csv, json and parquet are",
  );
  const recrawl = definition.RecrawlPolicy?.RecrawlBehavior ?? "CRAWL_EVERYTHING";
  refuseIf(recrawl !== "CRAWL_EVERYTHING", `RecrawlBehavior ${recrawl} is not built; built: CRAWL_EVERYTHING`);
  refuseIf(
    (definition.Schedule ?? "") !== "",
    "Schedule of a crawler is not built; start it by EventBridge Scheduler or a state machine",
  );
  refuseIf(
    definition.LakeFormationConfiguration?.UseLakeFormationCredentials === true,
    "UseLakeFormationCredentials is not built; the crawler reads with its role",
  );
  const configuration = parseConfiguration(definition.Configuration);
  return {
    targets: S3Targets.map((target) => parse(S3Target, withoutUndefined(target), "Targets.S3Targets")),
    mergeNewColumns: configuration.CrawlerOutput?.Tables?.AddOrUpdateBehavior === "MergeNewColumns",
    tableLevel: configuration.Grouping?.TableLevelConfiguration,
  };
}

function parseConfiguration(text: string | undefined): z.infer<typeof Configuration> {
  if (text === undefined || text === "") return {};
  try {
    return parse(Configuration, JSON.parse(text), "Configuration");
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalidInput(`Configuration is not JSON: ${cause.message}`);
    throw cause;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(`${where}: ${z.prettifyError(result.error)}`);
  return result.data;
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function refuseIf(wrong: boolean, message: string): void {
  if (wrong) throw invalidInput(message);
}
