/** Operations on queries. */
import type { ColumnInfo as SdkColumn } from "@aws-sdk/client-athena";
import type { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { Athena, Sdk } from "./context.ts";
import { describeQuery } from "./describe-query.ts";
import type { ColumnInfo } from "./engine/protocol.ts";
import { invalidRequest } from "./errors.ts";
import { preparedAction } from "./prepared-sql.ts";
import { isEnd } from "./query-life.ts";
import type { QueryRunner } from "./query-runner.ts";
import { readPage } from "./read-results.ts";
import { startQuery } from "./start-query.ts";

const PAGE = 50;
const MOST_ROWS = 1000;

export function queryOperations(athena: Athena, runner: QueryRunner): Operations<Sdk> {
  const { home, queries } = athena;
  const groupArn = (name: string) => `arn:aws:athena:${home.region}:${home.accountId}:workgroup/${name}`;
  const ofQuery = (input: { QueryExecutionId?: string | undefined }) => ({
    resource: groupArn(queries.find(input.QueryExecutionId ?? "")?.workGroup ?? "primary"),
  });
  return {
    StartQueryExecution: {
      authorize(input) {
        const resource = groupArn(input.WorkGroup ?? "primary");
        const action = preparedAction(input.QueryString ?? "");
        return [{ resource }, ...(action === undefined ? [] : [{ action, resource }])];
      },
      handle: async (input, { principal }) => ({
        QueryExecutionId: await startQuery(athena, runner, input, principal),
      }),
    },
    GetQueryExecution: {
      authorize: ofQuery,
      handle: (input) => ({ QueryExecution: describeQuery(queries.get(input.QueryExecutionId ?? "")) }),
    },
    GetQueryRuntimeStatistics: {
      authorize: ofQuery,
      handle(input) {
        const { Statistics: statistics = {} } = describeQuery(queries.get(input.QueryExecutionId ?? ""));
        const { DataScannedInBytes: InputBytes, ...Timeline } = statistics;
        return { QueryRuntimeStatistics: { Timeline, Rows: { InputBytes } } };
      },
    },
    BatchGetQueryExecution: {
      authorize: (input) => (input.QueryExecutionIds ?? []).map((id) => ofQuery({ QueryExecutionId: id })),
      handle(input) {
        const found = (input.QueryExecutionIds ?? []).map((id) => ({ id, query: queries.find(id) }));
        return {
          QueryExecutions: found.flatMap(({ query }) => (query === undefined ? [] : [describeQuery(query)])),
          UnprocessedQueryExecutionIds: found
            .filter(({ query }) => query === undefined)
            .map(({ id }) => ({
              QueryExecutionId: id,
              ErrorCode: "INVALID_INPUT",
              ErrorMessage: `QueryExecution ${id} was not found`,
            })),
        };
      },
    },
    ListQueryExecutions: {
      authorize: (input) => ({ resource: groupArn(input.WorkGroup ?? "primary") }),
      handle(input) {
        const all = queries.ofWorkGroup(athena.workGroups.get(input.WorkGroup ?? "primary").name).map(({ id }) => id);
        const from = input.NextToken === undefined ? 0 : all.indexOf(input.NextToken);
        if (from < 0) throw invalidRequest("NextToken is not valid");
        const end = from + (input.MaxResults ?? PAGE);
        return { QueryExecutionIds: all.slice(from, end), NextToken: all[end] };
      },
    },
    StopQueryExecution: {
      authorize: ofQuery,
      handle(input) {
        const query = queries.get(input.QueryExecutionId ?? "");
        if (!isEnd(query.state)) runner.cancel(query);
        return {};
      },
    },
    GetQueryResults: {
      authorize: ofQuery,
      async handle(input, { principal, signal }) {
        const query = queries.get(input.QueryExecutionId ?? "");
        if (query.state !== "SUCCEEDED") throw notReadable(query.state, query.reason);
        const size = input.MaxResults ?? MOST_ROWS;
        if (size < 1 || size > MOST_ROWS) throw invalidRequest(`MaxResults must be 1 to ${MOST_ROWS}, it is ${size}`);
        const ResultSetMetadata = { ColumnInfo: (query.columns ?? []).map(columnOf) };
        if (query.manifestLocation !== undefined) return { UpdateCount: 0, ResultSet: { Rows: [], ResultSetMetadata } };
        const page = await readPage({ home, principal, signal }, query, input.NextToken, size);
        return { UpdateCount: 0, ResultSet: { Rows: page.rows, ResultSetMetadata }, NextToken: page.nextToken };
      },
    },
  };
}

function columnOf({ name, type, precision, scale }: ColumnInfo): SdkColumn {
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: "UNKNOWN",
    CaseSensitive: type === "varchar",
  };
}

function notReadable(state: string, reason: string | undefined): AwsError {
  return state === "FAILED" || state === "CANCELLED"
    ? invalidRequest(`Query did not finish successfully. Final query state: ${state}${reason ? ` (${reason})` : ""}`)
    : invalidRequest(`Query has not yet finished. Current state: ${state}`);
}
