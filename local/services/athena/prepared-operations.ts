/** Operations on prepared statements. */
import type { PreparedStatement as SdkStatement } from "@aws-sdk/client-athena";
import type { Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import type { Athena, Sdk } from "./context.ts";
import { invalidRequest } from "./errors.ts";
import { checkPrepared, type PreparedStatement } from "./prepared-statements.ts";

const PAGE = 50;

export function preparedOperations({ home, workGroups, prepared }: Athena): Operations<Sdk> {
  const authorize = ({ WorkGroup = "" }: { WorkGroup?: string | undefined }) => ({
    resource: `arn:aws:athena:${home.region}:${home.accountId}:workgroup/${WorkGroup}`,
  });
  return {
    CreatePreparedStatement: {
      authorize,
      handle({ StatementName: name = "", WorkGroup = "", QueryStatement: statement = "", Description: description }) {
        const { name: workGroup } = workGroups.get(WorkGroup);
        checkPrepared(name, statement);
        if (prepared.find(workGroup, name) !== undefined)
          throw invalidRequest(`PreparedStatement ${name} already exists in workGroup ${workGroup}`);
        prepared.put({ workGroup, name, statement, description });
        return {};
      },
    },
    UpdatePreparedStatement: {
      authorize,
      handle({ StatementName = "", WorkGroup = "", QueryStatement: statement = "", Description: description }) {
        const { workGroup, name } = prepared.get(workGroups.get(WorkGroup).name, StatementName);
        checkPrepared(name, statement);
        prepared.put({ workGroup, name, statement, description });
        return {};
      },
    },
    DeletePreparedStatement: {
      authorize,
      handle({ StatementName = "", WorkGroup = "" }) {
        const { workGroup, name } = prepared.get(workGroups.get(WorkGroup).name, StatementName);
        prepared.delete(workGroup, name);
        return {};
      },
    },
    GetPreparedStatement: {
      authorize,
      handle: ({ StatementName = "", WorkGroup = "" }) => ({
        PreparedStatement: described(prepared.get(workGroups.get(WorkGroup).name, StatementName)),
      }),
    },
    BatchGetPreparedStatement: {
      authorize,
      handle({ PreparedStatementNames = [], WorkGroup = "" }) {
        const { name: workGroup } = workGroups.get(WorkGroup);
        const found = PreparedStatementNames.map((name) => ({ name, statement: prepared.find(workGroup, name) }));
        return {
          PreparedStatements: found.flatMap(({ statement }) => (statement === undefined ? [] : [described(statement)])),
          UnprocessedPreparedStatementNames: found
            .filter(({ statement }) => statement === undefined)
            .map(({ name }) => ({
              StatementName: name,
              ErrorCode: "STATEMENT_NOT_FOUND",
              ErrorMessage: `PreparedStatement ${name} was not found in workGroup ${workGroup}`,
            })),
        };
      },
    },
    ListPreparedStatements: {
      authorize,
      handle({ WorkGroup = "", NextToken, MaxResults = PAGE }) {
        const page = pageByOffset(prepared.ofWorkGroup(workGroups.get(WorkGroup).name), MaxResults, NextToken);
        if (page === undefined) throw invalidRequest("NextToken is not valid");
        return {
          PreparedStatements: page.items.map(({ name, modifiedMs }) => ({
            StatementName: name,
            LastModifiedTime: new Date(modifiedMs),
          })),
          NextToken: page.nextToken,
        };
      },
    },
  };
}

function described({ name, statement, workGroup, description, modifiedMs }: PreparedStatement): SdkStatement {
  return {
    StatementName: name,
    QueryStatement: statement,
    WorkGroupName: workGroup,
    Description: description,
    LastModifiedTime: new Date(modifiedMs),
  };
}
