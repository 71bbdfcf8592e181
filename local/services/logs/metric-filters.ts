/**
 * Metric filters at work, and their operations: each matching event of a group is a data point of the filter's metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */

import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import { fieldReader } from "./filter-fields.ts";
import { compileFilterPattern } from "./filter-pattern.ts";
import type { LogArns } from "./log-arns.ts";
import type { LogStore } from "./log-store.ts";
import { type MetricFilter, type MetricFilterStore, Transformation } from "./metric-filter-store.ts";

const PAGE = 50;

/** What of `events` becomes metrics: the PutMetricData calls. */
export function filteredMetrics(
  filters: readonly MetricFilter[],
  events: readonly { atMs: number; message: string }[],
): { Namespace: string; MetricData: MetricDatum[] }[] {
  return filters.flatMap((filter) => {
    const MetricData = dataOf(filter, events);
    return MetricData.length === 0 ? [] : [{ Namespace: filter.transformation.metricNamespace, MetricData }];
  });
}

function dataOf({ pattern, transformation }: MetricFilter, events: readonly { atMs: number; message: string }[]) {
  const { metricName: MetricName, metricValue, defaultValue, dimensions = {} } = transformation;
  const matches = compileFilterPattern(pattern);
  const value = fieldReader(pattern, metricValue);
  const named = Object.entries(dimensions).map(([Name, selector]) => ({ Name, read: fieldReader(pattern, selector) }));
  const data = events.flatMap(({ atMs, message }): MetricDatum[] => {
    const Value = matches(message) ? Number(value(message)) : Number.NaN;
    if (!Number.isFinite(Value)) return [];
    const Dimensions = named.flatMap(({ Name, read }) => {
      const text = read(message);
      return text === undefined ? [] : [{ Name, Value: text }];
    });
    return [{ MetricName, Value, Timestamp: new Date(atMs), Dimensions }];
  });
  const last = events.at(-1);
  if (data.length > 0 || defaultValue === undefined || last === undefined) return data;
  return [{ MetricName, Value: defaultValue, Timestamp: new Date(last.atMs) }];
}

/** @throws AwsError InvalidParameterException for a filter that could not work */
export function putMetricFilter(
  home: HomePorts,
  filters: MetricFilterStore,
  given: { group: string; name: string; pattern: string; transformations: readonly unknown[] },
): void {
  const { group, name, pattern, transformations } = given;
  const parsed = Transformation.safeParse(transformations[0]);
  if (!parsed.success || transformations.length !== 1)
    throw invalid(`${name} needs one metric transformation with metricName, metricNamespace and metricValue`);
  const { metricValue, dimensions = {}, defaultValue } = parsed.data;
  if (defaultValue !== undefined && Object.keys(dimensions).length > 0)
    throw invalid("Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
  compileFilterPattern(pattern);
  for (const selector of [metricValue, ...Object.values(dimensions)]) fieldReader(pattern, selector);
  filters.put({ group, name, pattern, transformation: parsed.data, createdMs: home.clock.now() });
}

export function metricFilterOperations(
  home: HomePorts,
  logs: LogStore,
  filters: MetricFilterStore,
  arns: LogArns,
): Operations<typeof Logs> {
  const authorize = ({ logGroupName = "" }: { logGroupName?: string | undefined }) => ({
    resource: arns.group(logGroupName),
  });
  return {
    PutMetricFilter: {
      authorize,
      handle({ logGroupName = "", filterName: name = "", filterPattern: pattern = "", metricTransformations = [] }) {
        const { name: group } = logs.group(logGroupName);
        putMetricFilter(home, filters, { group, name, pattern, transformations: metricTransformations });
        return {};
      },
    },
    DeleteMetricFilter: {
      authorize,
      handle({ logGroupName = "", filterName = "" }) {
        logs.group(logGroupName);
        if (filters.drop(logGroupName, filterName)) return {};
        throw new AwsError("ResourceNotFoundException", "The specified metric filter does not exist.");
      },
    },
    DescribeMetricFilters: {
      authorize,
      handle({ logGroupName, filterNamePrefix = "", metricName, metricNamespace, limit = PAGE, nextToken }) {
        if (logGroupName !== undefined) logs.group(logGroupName);
        const found = filters
          .list(logGroupName)
          .filter(({ name }) => name.startsWith(filterNamePrefix))
          .filter(({ transformation: one }) => metricName === undefined || one.metricName === metricName)
          .filter(
            ({ transformation: one }) => metricNamespace === undefined || one.metricNamespace === metricNamespace,
          );
        const page = pageByOffset(found, limit, nextToken);
        if (page === undefined) throw invalid("The specified nextToken is invalid.");
        return { metricFilters: page.items.map(described), nextToken: page.nextToken };
      },
    },
    TestMetricFilter: {
      handle({ filterPattern = "", logEventMessages = [] }) {
        const matches = compileFilterPattern(filterPattern);
        const found = logEventMessages.map((eventMessage, index) => ({
          eventNumber: index + 1,
          eventMessage,
          extractedValues: {},
        }));
        return { matches: found.filter(({ eventMessage }) => matches(eventMessage)) };
      },
    },
  };
}

function described({ group, name, pattern, transformation, createdMs }: MetricFilter): Logs.MetricFilter {
  const { unit: _unit, ...kept } = transformation;
  return {
    filterName: name,
    filterPattern: pattern,
    logGroupName: group,
    creationTime: createdMs,
    metricTransformations: [kept],
  };
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
