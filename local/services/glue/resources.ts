/** AWS::Glue::Database, Table, Crawler, SecurityConfiguration. */
import type { CreateCrawlerRequest, DatabaseInput, TableInput } from "@aws-sdk/client-glue";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { ResourceState, ResourceType } from "../../define-service.ts";
import { tagsOfMap } from "../../resource-tags.ts";
import type { Glue } from "./context.ts";
import { planCrawl } from "./crawler-definition.ts";
import { createCrawler } from "./crawler-operations.ts";
import { catalogName } from "./names.ts";
import { glueArn } from "./tag-operations.ts";

const Parameters = z.record(z.string(), z.coerce.string());
const Columns = z.array(
  z.strictObject({ Name: z.string(), Type: z.string().optional(), Comment: z.string().optional() }),
);
const Truth = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

const DatabaseProperties = z.strictObject({
  CatalogId: z.coerce.string(),
  DatabaseName: z.string().optional(),
  DatabaseInput: z.strictObject({
    Name: z.string().optional(),
    Description: z.string().optional(),
    LocationUri: z.string().optional(),
    Parameters: Parameters.optional(),
    CreateTableDefaultPermissions: z.array(z.looseObject({})).optional(),
  }),
});

const TableProperties = z.strictObject({
  CatalogId: z.coerce.string(),
  DatabaseName: z.string(),
  TableInput: z.strictObject({
    Name: z.string(),
    Description: z.string().optional(),
    Owner: z.string().optional(),
    Retention: z.coerce.number().optional(),
    TableType: z.string().optional(),
    Parameters: Parameters.optional(),
    PartitionKeys: Columns.optional(),
    ViewOriginalText: z.string().optional(),
    ViewExpandedText: z.string().optional(),
    StorageDescriptor: z
      .strictObject({
        Columns: Columns.optional(),
        Location: z.string().optional(),
        InputFormat: z.string().optional(),
        OutputFormat: z.string().optional(),
        Compressed: Truth.optional(),
        NumberOfBuckets: z.coerce.number().optional(),
        SerdeInfo: z
          .strictObject({
            Name: z.string().optional(),
            SerializationLibrary: z.string().optional(),
            Parameters: Parameters.optional(),
          })
          .optional(),
        Parameters: Parameters.optional(),
        StoredAsSubDirectories: Truth.optional(),
      })
      .optional(),
  }),
});

const CrawlerProperties = z.strictObject({
  Name: z.string().optional(),
  Role: z.string(),
  DatabaseName: z.string().optional(),
  Description: z.string().optional(),
  TablePrefix: z.string().optional(),
  Targets: z.looseObject({}),
  SchemaChangePolicy: z
    .strictObject({
      UpdateBehavior: z.enum(["UPDATE_IN_DATABASE", "LOG"]).optional(),
      DeleteBehavior: z.enum(["DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE", "LOG"]).optional(),
    })
    .optional(),
  RecrawlPolicy: z.looseObject({}).optional(),
  Configuration: z.string().optional(),
  CrawlerSecurityConfiguration: z.string().optional(),
  LakeFormationConfiguration: z.looseObject({}).optional(),
  Classifiers: z.array(z.string()).optional(),
  Tags: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).optional(),
});

const SecurityProperties = z.strictObject({
  Name: z.string().optional(),
  EncryptionConfiguration: z.looseObject({}),
});

export function glueResources(glue: Glue): Record<string, ResourceType> {
  return {
    "AWS::Glue::Database": databaseResource(glue),
    "AWS::Glue::Table": tableResource(glue),
    "AWS::Glue::Crawler": crawlerResource(glue),
    "AWS::Glue::SecurityConfiguration": securityResource(glue),
  };
}

function databaseResource({ catalog }: Glue): ResourceType {
  const inputOf = (properties: unknown, generated: string): DatabaseInput & { Name: string } => {
    const { DatabaseInput, DatabaseName } = parse("AWS::Glue::Database", DatabaseProperties, properties);
    const { CreateTableDefaultPermissions: _permissions, ...input } = DatabaseInput;
    return { ...defined(input), Name: DatabaseInput.Name ?? DatabaseName ?? generated };
  };
  return {
    properties: DatabaseProperties,
    create(properties, context) {
      const input = inputOf(properties, catalogName(context.generateName(255)));
      catalog.createDatabase(input);
      return state(catalogName(input.Name));
    },
    update(properties, current) {
      const input = inputOf(properties, current.physicalId);
      if (catalogName(input.Name) !== current.physicalId) return "replace";
      catalog.updateDatabase(current.physicalId, input);
      return current;
    },
    delete: ({ physicalId }) => ignoreMissing(() => catalog.deleteDatabase(physicalId)),
  };
}

function tableResource({ catalog, home }: Glue): ResourceType {
  const type = "AWS::Glue::Table";
  const inputOf = (properties: unknown): { database: string; input: TableInput & { Name: string } } => {
    const { DatabaseName, TableInput } = parse(type, TableProperties, properties);
    return { database: DatabaseName, input: defined(TableInput) };
  };
  return {
    properties: TableProperties,
    create(properties) {
      const { database, input } = inputOf(properties);
      catalog.createTable(database, input, `arn:aws:iam::${home.accountId}:user/tidemill`);
      return { physicalId: catalogName(input.Name), attributes: { database: catalogName(database) } };
    },
    update(properties, current) {
      const { database, input } = inputOf(properties);
      const same =
        catalogName(input.Name) === current.physicalId && catalogName(database) === current.attributes.database;
      if (!same) return "replace";
      catalog.updateTable(database, input, false);
      return current;
    },
    delete: ({ physicalId, attributes }) =>
      ignoreMissing(() => catalog.deleteTable(String(attributes.database), physicalId)),
  };
}

function crawlerResource({ crawls, home, tags }: Glue): ResourceType {
  const retag = (name: string, properties: unknown) =>
    tags.replace(
      glueArn({ home }, "crawler", name),
      tagsOfMap(parse("AWS::Glue::Crawler", CrawlerProperties, properties).Tags),
    );
  const inputOf = (properties: unknown, generated: string): CreateCrawlerRequest & { Name: string } => {
    const { Tags: _tags, ...parsed } = parse("AWS::Glue::Crawler", CrawlerProperties, properties);
    return { ...defined(parsed), Name: parsed.Name ?? generated };
  };
  return {
    properties: CrawlerProperties,
    create(properties, context) {
      const input = inputOf(properties, context.generateName(255));
      createCrawler({ home, crawls }, input);
      retag(input.Name, properties);
      return state(input.Name);
    },
    update(properties, current) {
      const input = inputOf(properties, current.physicalId);
      if (input.Name !== current.physicalId) return "replace";
      planCrawl(input);
      const { CreationTime, Version = 1 } = crawls.crawler(input.Name);
      home.store.transaction(() => {
        crawls.deleteCrawler(input.Name);
        createCrawler({ home, crawls }, input);
        crawls.putCrawler({ ...crawls.crawler(input.Name), CreationTime, Version: Version + 1 });
        retag(input.Name, properties);
      });
      return current;
    },
    delete({ physicalId }) {
      crawls.deleteCrawler(physicalId);
      tags.replace(glueArn({ home }, "crawler", physicalId), []);
    },
  };
}

/** Kept and named so that crawlers and jobs may refer to it; at rest the home's disk is what it is. */
function securityResource({ home }: Glue): ResourceType {
  const insert = home.store.prepare("INSERT OR REPLACE INTO glue_security_configurations VALUES (?, ?)");
  const remove = home.store.prepare("DELETE FROM glue_security_configurations WHERE name = ?");
  return {
    properties: SecurityProperties,
    create(properties, context) {
      const type = "AWS::Glue::SecurityConfiguration";
      const { Name, EncryptionConfiguration } = parse(type, SecurityProperties, properties);
      const name = Name ?? context.generateName(255);
      insert.run(name, JSON.stringify(EncryptionConfiguration));
      return state(name);
    },
    delete: ({ physicalId }) => void remove.run(physicalId),
  };
}

function state(physicalId: string): ResourceState {
  return { physicalId, attributes: {} };
}

function parse<T>(type: string, schema: z.ZodType<T>, properties: unknown): T {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  throw new AwsError("ValidationError", `${type}: ${z.prettifyError(result.error)}`);
}

function defined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function ignoreMissing(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof AwsError && thrown.code === "EntityNotFoundException")) throw thrown;
  }
}
