/** Operations of Logs Insights: queries, their answers, and queries kept to be run again. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import { pointedAt } from "./insights/event-row.ts";
import { parseQuery } from "./insights/parse-query.ts";
import { QueryCompileError } from "./insights/query-error.ts";
import { groupNameOf, type LogArns } from "./log-arns.ts";
import type { LogStore } from "./log-store.ts";
import type { LogQueryRunner } from "./query-runner.ts";
import type { QueryStore, StoredQuery } from "./query-store.ts";

type Sdk = typeof Logs;

const MOST_ROWS = 10_000;
const PAGE = 1000;
/** Times of a request are seconds; greater numbers than this are milliseconds, which the service takes, too. */
const LATEST_SECONDS = 100_000_000_000;

export interface QueryParts {
  home: HomePorts;
  logs: LogStore;
  queries: QueryStore;
  runner: LogQueryRunner;
  arns: LogArns;
}

export function queryOperations({ home, logs, queries, runner, arns }: QueryParts): Operations<Sdk> {
  return {
    StartQuery: {
      authorize: (input) => groupsOf(input).map((group) => ({ resource: arns.group(group) })),
      handle(input) {
        const query = newQuery(home, logs, input);
        queries.put(query);
        runner.submit(query);
        return { queryId: query.id };
      },
    },
    GetQueryResults: {
      handle({ queryId = "" }) {
        const { results, statistics, status } = required(queries, queryId);
        return { queryLanguage: "CWLI", results, statistics, status };
      },
    },
    StopQuery: {
      handle({ queryId = "" }) {
        const query = required(queries, queryId);
        if (runner.stop(query)) return { success: true };
        throw invalid(`Query ${queryId} has ended: its status is ${query.status}`);
      },
    },
    DescribeQueries: {
      handle({ logGroupName, status, maxResults = PAGE, nextToken }) {
        const found = queries
          .all()
          .filter((query) => status === undefined || query.status === status)
          .filter(({ groups }) => logGroupName === undefined || groups.includes(logGroupName));
        const page = pageByOffset(found, maxResults, nextToken);
        if (page === undefined) throw invalid("The specified nextToken is invalid.");
        return { queries: page.items.map(described), nextToken: page.nextToken };
      },
    },
    GetLogRecord: {
      handle({ logRecordPointer = "" }) {
        const { group, id } = pointedAt(logRecordPointer) ?? { group: "", id: -1 };
        const event = logs.event(group, id);
        if (event === undefined) throw invalid(`logRecordPointer ${logRecordPointer} points at no log event`);
        return {
          logRecord: {
            "@timestamp": String(event.atMs),
            "@message": event.message,
            "@logStream": event.stream,
            "@log": `${home.accountId}:${group}`,
            "@ingestionTime": String(event.ingestedMs),
            "@ptr": logRecordPointer,
          },
        };
      },
    },
  };
}

function newQuery(home: HomePorts, logs: LogStore, input: Logs.StartQueryCommandInput): StoredQuery {
  if (input.queryLanguage !== undefined && input.queryLanguage !== "CWLI")
    throw invalid(`queryLanguage ${input.queryLanguage} is not built in the embedded home; CWLI is`);
  const text = input.queryString ?? "";
  const groups = groupsOf(input);
  if (groups.length === 0) throw invalid("logGroupName, logGroupNames or logGroupIdentifiers is required");
  for (const group of groups) logs.group(group);
  compile(text);
  const [startMs, endMs] = [milliseconds(input.startTime), milliseconds(input.endTime)];
  if (startMs > endMs) throw invalid("Query's start time must be before its end time");
  const most = input.limit ?? MOST_ROWS;
  if (most < 1 || most > MOST_ROWS) throw invalid(`limit must be 1 to ${MOST_ROWS}, it is ${most}`);
  const statistics = { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
  // The end of the range belongs to it, to the last millisecond of its second.
  const range = { startMs, endMs: endMs + ((input.endTime ?? 0) > LATEST_SECONDS ? 1 : 1000) };
  const id = home.uuid();
  return {
    id,
    text,
    groups,
    ...range,
    most,
    createdMs: home.clock.now(),
    status: "Scheduled",
    results: [],
    statistics,
  };
}

/** @throws AwsError MalformedQueryException */
function compile(text: string): void {
  try {
    parseQuery(text);
  } catch (thrown) {
    if (!(thrown instanceof QueryCompileError)) throw thrown;
    const location = { startCharOffset: thrown.start, endCharOffset: thrown.end };
    throw new AwsError("MalformedQueryException", thrown.message, {
      cause: thrown,
      fields: { queryCompileError: { location, message: thrown.message } },
    });
  }
}

function groupsOf({ logGroupName, logGroupNames, logGroupIdentifiers }: Logs.StartQueryCommandInput): string[] {
  const given = logGroupName === undefined ? (logGroupNames ?? logGroupIdentifiers ?? []) : [logGroupName];
  return given.map(groupNameOf);
}

function milliseconds(time = 0): number {
  return time > LATEST_SECONDS ? time : time * 1000;
}

function required(queries: QueryStore, id: string): StoredQuery {
  const query = queries.find(id);
  if (query !== undefined) return query;
  throw new AwsError("ResourceNotFoundException", `Query ${id} does not exist.`);
}

function described({ id, text, status, createdMs, groups }: StoredQuery): Logs.QueryInfo {
  return {
    queryLanguage: "CWLI",
    queryId: id,
    queryString: text,
    status,
    createTime: createdMs,
    logGroupName: groups[0],
  };
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
