/** Operations on log groups, streams and the account's resource policies. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import { type ResourceTags, tagsOfMap } from "../../resource-tags.ts";
import type { LogArns } from "./log-arns.ts";
import type { LogGroupRecord, LogStore, LogStreamRecord } from "./log-store.ts";
import type { MetricFilterStore } from "./metric-filter-store.ts";

/** The only retention periods the service takes, in days. */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function groupOperations(
  home: HomePorts,
  logs: LogStore,
  arns: LogArns,
  tags: ResourceTags,
  filters: MetricFilterStore,
): Operations<typeof Logs> {
  const group = ({ logGroupName = "" }: { logGroupName?: string | undefined }) => ({
    resource: arns.group(logGroupName),
  });
  const stream = (input: { logGroupName?: string | undefined; logStreamName?: string | undefined }) => ({
    resource: arns.stream(input.logGroupName ?? "", input.logStreamName ?? ""),
  });
  const exists = (what: string) =>
    new AwsError("ResourceAlreadyExistsException", `The specified log ${what} already exists`);
  const retain = (name: string, days: number) => logs.putGroup({ ...logs.group(name), retentionDays: days });
  return {
    CreateLogGroup: {
      authorize: ({ logGroupName = "", tags: given }) => {
        const resource = arns.group(logGroupName);
        return [{ resource }, ...(given === undefined ? [] : [{ action: "logs:TagResource", resource }])];
      },
      handle: ({ logGroupName = "", tags: given }) => {
        if (logs.findGroup(logGroupName)) throw exists("group");
        if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(logGroupName)) {
          throw new AwsError(
            "InvalidParameterException",
            `"${logGroupName}" is not a log group name: 1 to 512 of a-z A-Z 0-9 . - _ / #`,
          );
        }
        logs.putGroup({ name: logGroupName, retentionDays: 0, createdMs: home.clock.now() });
        tags.replace(arns.group(logGroupName), tagsOfMap(given));
        return {};
      },
    },
    DeleteLogGroup: {
      authorize: group,
      handle: ({ logGroupName = "" }) => {
        logs.group(logGroupName);
        logs.dropGroup(logGroupName);
        tags.replace(arns.group(logGroupName), []);
        filters.dropGroup(logGroupName);
        return {};
      },
    },
    DescribeLogGroups: {
      authorize: () => ({ resource: arns.group("") }),
      handle: ({ logGroupNamePrefix = "", logGroupNamePattern = "", limit = 50, nextToken }) => {
        const rest = logs
          .groups()
          .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
          .filter(({ name }) => nextToken === undefined || name > nextToken);
        const page = rest.slice(0, limit);
        return {
          logGroups: page.map((one) => wireGroup(one, arns, filters.list(one.name).length)),
          ...nextAfter(page, rest),
        };
      },
    },
    ListLogGroups: {
      authorize: () => ({ resource: arns.group("") }),
      handle({ logGroupNamePattern = "", limit = 50, nextToken }) {
        const found = logs.groups().filter(({ name }) => name.includes(logGroupNamePattern.replace(/^\^/, "")));
        const page = pageByOffset(found, limit, nextToken);
        if (page === undefined) throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
        const logGroups = page.items.map(({ name }) => ({
          logGroupName: name,
          logGroupArn: arns.group(name),
          logGroupClass: "STANDARD" as const,
        }));
        return { logGroups, nextToken: page.nextToken };
      },
    },
    // The home has none: PutSubscriptionFilter is not built.
    DescribeSubscriptionFilters: {
      authorize: group,
      handle({ logGroupName = "" }) {
        logs.group(logGroupName);
        return { subscriptionFilters: [] };
      },
    },
    PutRetentionPolicy: {
      authorize: group,
      handle: ({ logGroupName = "", retentionInDays = 0 }) => {
        if (!RETENTION_DAYS.includes(retentionInDays)) {
          throw new AwsError(
            "InvalidParameterException",
            `retentionInDays must be one of ${RETENTION_DAYS.join(", ")}`,
          );
        }
        retain(logGroupName, retentionInDays);
        return {};
      },
    },
    DeleteRetentionPolicy: {
      authorize: group,
      handle: ({ logGroupName = "" }) => {
        retain(logGroupName, 0);
        return {};
      },
    },
    CreateLogStream: {
      authorize: stream,
      handle: ({ logGroupName = "", logStreamName = "" }) => {
        logs.group(logGroupName);
        if (logs.findStream(logGroupName, logStreamName)) throw exists("stream");
        if (!/^[^:*]{1,512}$/.test(logStreamName)) {
          throw new AwsError(
            "InvalidParameterException",
            `"${logStreamName}" is not a log stream name: 1 to 512 characters without : and *`,
          );
        }
        logs.putStream(logGroupName, logStreamName, home.clock.now());
        return {};
      },
    },
    DeleteLogStream: {
      authorize: stream,
      handle: ({ logGroupName = "", logStreamName = "" }) => {
        logs.stream(logGroupName, logStreamName);
        logs.dropStream(logGroupName, logStreamName);
        return {};
      },
    },
    DescribeLogStreams: {
      authorize: group,
      handle: ({ logGroupName = "", logStreamNamePrefix = "", orderBy, descending = false, limit = 50, nextToken }) => {
        logs.group(logGroupName);
        const all = logs.streams(logGroupName).filter(({ name }) => name.startsWith(logStreamNamePrefix));
        if (orderBy === "LastEventTime") all.sort((left, right) => (left.lastMs ?? 0) - (right.lastMs ?? 0));
        if (descending) all.reverse();
        const start = nextToken === undefined ? 0 : all.findIndex(({ name }) => name === nextToken) + 1;
        const rest = all.slice(start);
        const page = rest.slice(0, limit);
        return { logStreams: page.map((one) => wireStream(one, arns)), ...nextAfter(page, rest) };
      },
    },
  };
}

function nextAfter(page: readonly { name: string }[], rest: readonly unknown[]): { nextToken?: string } {
  const last = page.at(-1);
  return last && rest.length > page.length ? { nextToken: last.name } : {};
}

const wireGroup = (
  { name, retentionDays, createdMs }: LogGroupRecord,
  arns: LogArns,
  metricFilterCount: number,
): Logs.LogGroup => ({
  logGroupName: name,
  creationTime: createdMs,
  ...(retentionDays > 0 ? { retentionInDays: retentionDays } : {}),
  metricFilterCount,
  arn: `${arns.group(name)}:*`,
  logGroupArn: arns.group(name),
  logGroupClass: "STANDARD",
});

const wireStream = (stream: LogStreamRecord, arns: LogArns): Logs.LogStream => ({
  logStreamName: stream.name,
  creationTime: stream.createdMs,
  ...(stream.firstMs === undefined ? {} : { firstEventTimestamp: stream.firstMs }),
  ...(stream.lastMs === undefined ? {} : { lastEventTimestamp: stream.lastMs }),
  ...(stream.ingestedMs === undefined ? {} : { lastIngestionTime: stream.ingestedMs }),
  arn: arns.stream(stream.group, stream.name),
});
