/** Operations on named queries. */
import type { NamedQuery as SdkQuery } from "@aws-sdk/client-athena";
import type { Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import type { Athena, Sdk } from "./context.ts";
import { invalidRequest } from "./errors.ts";
import type { NamedQuery } from "./named-queries.ts";

const PAGE = 50;

export function namedOperations({ home, workGroups, named }: Athena): Operations<Sdk> {
  const onGroup = (name = "primary") => ({
    resource: `arn:aws:athena:${home.region}:${home.accountId}:workgroup/${name}`,
  });
  const onQuery = ({ NamedQueryId = "" }: { NamedQueryId?: string | undefined }) =>
    onGroup(named.find(NamedQueryId)?.workGroup);
  return {
    CreateNamedQuery: {
      authorize: ({ WorkGroup }) => onGroup(WorkGroup),
      handle({ Name: name = "", Description: description, Database: database = "", QueryString = "", WorkGroup }) {
        if (QueryString.trim() === "") throw invalidRequest("QueryString must have at least 1 character, it has none");
        const id = home.uuid();
        const workGroup = workGroups.get(WorkGroup ?? "primary").name;
        named.put({ id, name, description, database, text: QueryString, workGroup });
        return { NamedQueryId: id };
      },
    },
    UpdateNamedQuery: {
      authorize: onQuery,
      handle({ NamedQueryId = "", Name: name = "", Description: description, QueryString: text = "" }) {
        named.put({ ...named.get(NamedQueryId), name, description, text });
        return {};
      },
    },
    DeleteNamedQuery: {
      authorize: onQuery,
      handle({ NamedQueryId = "" }) {
        named.delete(named.get(NamedQueryId).id);
        return {};
      },
    },
    GetNamedQuery: {
      authorize: onQuery,
      handle: ({ NamedQueryId = "" }) => ({ NamedQuery: described(named.get(NamedQueryId)) }),
    },
    BatchGetNamedQuery: {
      authorize: ({ NamedQueryIds = [] }) => NamedQueryIds.map((NamedQueryId) => onQuery({ NamedQueryId })),
      handle({ NamedQueryIds = [] }) {
        const found = NamedQueryIds.map((id) => ({ id, query: named.find(id) }));
        return {
          NamedQueries: found.flatMap(({ query }) => (query === undefined ? [] : [described(query)])),
          UnprocessedNamedQueryIds: found
            .filter(({ query }) => query === undefined)
            .map(({ id }) => ({
              NamedQueryId: id,
              ErrorCode: "INVALID_INPUT",
              ErrorMessage: `NamedQuery ${id} was not found`,
            })),
        };
      },
    },
    ListNamedQueries: {
      authorize: ({ WorkGroup }) => onGroup(WorkGroup),
      handle({ WorkGroup, NextToken, MaxResults = PAGE }) {
        const page = pageByOffset(
          named.ofWorkGroup(workGroups.get(WorkGroup ?? "primary").name),
          MaxResults,
          NextToken,
        );
        if (page === undefined) throw invalidRequest("NextToken is not valid");
        return { NamedQueryIds: page.items.map(({ id }) => id), NextToken: page.nextToken };
      },
    },
  };
}

function described({ id, name, description, database, text, workGroup }: NamedQuery): SdkQuery {
  return {
    NamedQueryId: id,
    Name: name,
    Description: description,
    Database: database,
    QueryString: text,
    WorkGroup: workGroup,
  };
}
