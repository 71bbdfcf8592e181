/** Queries kept by name, from clients and from templates. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations, ResourceType } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import { parseProperties } from "../../parse-properties.ts";

const Definition = z.object({
  queryDefinitionId: z.string(),
  name: z.string(),
  queryString: z.string(),
  logGroupNames: z.array(z.string()),
  lastModified: z.number(),
});
type Definition = z.infer<typeof Definition>;

const Properties = z.strictObject({
  Name: z.string(),
  QueryString: z.string(),
  LogGroupNames: z.array(z.string()).default([]),
  QueryLanguage: z.literal("CWLI").optional(),
});

const PAGE = 1000;

export class QueryDefinitions {
  readonly #home: HomePorts;
  readonly #sql;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    this.#sql = {
      put: store.prepare("INSERT OR REPLACE INTO logs_query_definitions VALUES (?, ?)"),
      all: store.prepare("SELECT body FROM logs_query_definitions ORDER BY rowid"),
      drop: store.prepare("DELETE FROM logs_query_definitions WHERE id = ?"),
    };
  }

  put(definition: Omit<Definition, "lastModified">): void {
    const lastModified = this.#home.clock.now();
    this.#sql.put.run(definition.queryDefinitionId, JSON.stringify({ ...definition, lastModified }));
  }

  all(): Definition[] {
    return this.#sql.all.all().map(({ body }) => Definition.parse(JSON.parse(String(body))));
  }

  /** @returns whether there was one */
  drop(id: string): boolean {
    return this.#sql.drop.run(id) > 0;
  }
}

export function definitionOperations(home: HomePorts, definitions: QueryDefinitions): Operations<typeof Logs> {
  return {
    PutQueryDefinition: {
      handle({ queryDefinitionId: known, name = "", queryString = "", logGroupNames = [] }) {
        if (known !== undefined && !definitions.all().some(({ queryDefinitionId }) => queryDefinitionId === known))
          throw new AwsError("ResourceNotFoundException", `Query definition ${known} does not exist.`);
        const queryDefinitionId = known ?? home.uuid();
        definitions.put({ queryDefinitionId, name, queryString, logGroupNames });
        return { queryDefinitionId };
      },
    },
    DescribeQueryDefinitions: {
      handle({ queryDefinitionNamePrefix = "", maxResults = PAGE, nextToken }) {
        const found = definitions.all().filter(({ name }) => name.startsWith(queryDefinitionNamePrefix));
        const page = pageByOffset(found, maxResults, nextToken);
        if (page === undefined) throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
        return { queryDefinitions: page.items, nextToken: page.nextToken };
      },
    },
    DeleteQueryDefinition: {
      handle({ queryDefinitionId = "" }) {
        if (definitions.drop(queryDefinitionId)) return { success: true };
        throw new AwsError("ResourceNotFoundException", `Query definition ${queryDefinitionId} does not exist.`);
      },
    },
  };
}

/** AWS::Logs::QueryDefinition. */
export function queryDefinitionType(home: HomePorts, definitions: QueryDefinitions): ResourceType {
  const write = (queryDefinitionId: string, properties: unknown) => {
    const given = parseProperties("AWS::Logs::QueryDefinition", Properties, properties);
    const { Name: name, QueryString: queryString, LogGroupNames: logGroupNames } = given;
    definitions.put({ queryDefinitionId, name, queryString, logGroupNames });
    return { physicalId: queryDefinitionId, attributes: { QueryDefinitionId: queryDefinitionId } };
  };
  return {
    properties: Properties,
    create: (properties) => write(home.uuid(), properties),
    update: (properties, { physicalId }) => write(physicalId, properties),
    delete: ({ physicalId }) => {
      definitions.drop(physicalId);
    },
  };
}
