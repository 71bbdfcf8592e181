/** Writing and reading log events. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import { compileFilterPattern } from "./filter-pattern.ts";
import { groupNameOf, type LogArns } from "./log-arns.ts";
import type { Cursor, LogEventRecord, LogStore } from "./log-store.ts";
import type { MetricFilterStore } from "./metric-filter-store.ts";
import { filteredMetrics } from "./metric-filters.ts";

const HOUR_MS = 3_600_000;
const OLDEST_MS = 14 * 24 * HOUR_MS;
const NEWEST_MS = 2 * HOUR_MS;
/** Most events an answer has. */
const MAX_PAGE = 10_000;
/** Events looked at for one FilterLogEvents answer: a page may be empty and still have a next. */
const SCAN = 20_000;

const START: Cursor = { atMs: -1, id: -1 };
const END: Cursor = { atMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };

export function eventOperations(
  home: HomePorts,
  logs: LogStore,
  arns: LogArns,
  filters: MetricFilterStore,
): Operations<typeof Logs> {
  return {
    PutLogEvents: {
      authorize: ({ logGroupName = "", logStreamName = "" }) => ({
        resource: arns.stream(logGroupName, logStreamName),
      }),
      handle: ({ logGroupName = "", logStreamName = "", logEvents = [] }) =>
        putEvents({ home, logs, filters }, logGroupName, logStreamName, logEvents),
    },
    GetLogEvents: {
      authorize: ({ logGroupName, logGroupIdentifier, logStreamName = "" }) => ({
        resource: arns.stream(groupNameOf(logGroupName ?? logGroupIdentifier ?? ""), logStreamName),
      }),
      handle: (input) => getEvents(logs, input),
    },
    FilterLogEvents: {
      authorize: ({ logGroupName, logGroupIdentifier }) => ({
        resource: arns.stream(groupNameOf(logGroupName ?? logGroupIdentifier ?? ""), ""),
      }),
      handle: (input) => filterEvents(logs, input),
    },
  };
}

function putEvents(
  { home, logs, filters }: { home: HomePorts; logs: LogStore; filters: MetricFilterStore },
  group: string,
  stream: string,
  given: readonly Logs.InputLogEvent[],
): Logs.PutLogEventsCommandOutput | Omit<Logs.PutLogEventsCommandOutput, "$metadata"> {
  logs.stream(group, stream);
  const nowMs = home.clock.now();
  const events = given.map(({ timestamp, message }) => ({ atMs: timestamp ?? nowMs, message: message ?? "" }));
  if (events.some(({ atMs }, index) => atMs < (events[index - 1]?.atMs ?? atMs))) {
    throw new AwsError(
      "InvalidParameterException",
      "Log events in a single PutLogEvents request must be in chronological order.",
    );
  }
  const tooOld = events.filter(({ atMs }) => atMs < nowMs - OLDEST_MS).length;
  const firstTooNew = events.findIndex(({ atMs }) => atMs > nowMs + NEWEST_MS);
  const taken = events.slice(tooOld, firstTooNew < 0 ? undefined : firstTooNew);
  if (taken.length > 0) logs.append(group, stream, taken, nowMs);
  for (const { message } of taken) sendMetrics(home, embeddedMetrics(message));
  sendMetrics(home, filteredMetrics(filters.list(group), taken));
  const rejected = {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(firstTooNew < 0 ? {} : { tooNewLogEventStartIndex: firstTooNew }),
  };
  return {
    nextSequenceToken: String(nowMs),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

// Logs turns lines into metrics by itself: no permission of the writer is asked for that.
function sendMetrics(home: HomePorts, all: readonly object[]): void {
  for (const metrics of all) {
    home
      .call("cloudwatch", "PutMetricData", metrics, { kind: "home", accountId: home.accountId })
      .catch((thrown: unknown) => home.log("warn", "metrics of log lines were not taken", { error: String(thrown) }));
  }
}

function getEvents(logs: LogStore, input: Logs.GetLogEventsCommandInput) {
  const group = groupNameOf(input.logGroupName ?? input.logGroupIdentifier ?? "");
  const stream = input.logStreamName ?? "";
  logs.stream(group, stream);
  const range = rangeOf(input);
  const limit = Math.min(input.limit ?? MAX_PAGE, MAX_PAGE);
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const goesForward = token === undefined ? (input.startFromHead ?? false) : token.forward;
  const from = token?.cursor ?? (goesForward ? START : END);
  const events = goesForward
    ? logs.forward(group, stream, range, from, limit)
    : logs.backward(group, stream, range, from, limit);
  // At an end the same token is answered again: that is how a reader knows.
  return {
    events: events.map(({ atMs, message, ingestedMs }) => ({ timestamp: atMs, message, ingestionTime: ingestedMs })),
    nextForwardToken: `f/${cursorText(cursorOf(events.at(-1)) ?? from)}`,
    nextBackwardToken: `b/${cursorText(cursorOf(events[0]) ?? from)}`,
  };
}

function filterEvents(logs: LogStore, input: Logs.FilterLogEventsCommandInput) {
  const group = groupNameOf(input.logGroupName ?? input.logGroupIdentifier ?? "");
  logs.group(group);
  const matches = compileFilterPattern(input.filterPattern ?? "");
  const streams = input.logStreamNames && new Set(input.logStreamNames);
  const prefix = input.logStreamNamePrefix ?? "";
  const limit = Math.min(input.limit ?? MAX_PAGE, MAX_PAGE);
  const from = input.nextToken === undefined ? START : parseToken(`f/${input.nextToken}`).cursor;
  const scanned = logs.inGroup(group, rangeOf(input), from, SCAN);
  const found: LogEventRecord[] = [];
  let last: LogEventRecord | undefined;
  for (const event of scanned) {
    if (found.length === limit) break;
    last = event;
    if (
      (streams === undefined || streams.has(event.stream)) &&
      event.stream.startsWith(prefix) &&
      matches(event.message)
    ) {
      found.push(event);
    }
  }
  const more = last !== undefined && (last !== scanned.at(-1) || scanned.length === SCAN);
  return {
    events: found.map((event) => ({
      logStreamName: event.stream,
      timestamp: event.atMs,
      message: event.message,
      ingestionTime: event.ingestedMs,
      eventId: String(event.id).padStart(56, "0"),
    })),
    searchedLogStreams: [],
    ...(more && last ? { nextToken: cursorText({ atMs: last.atMs, id: last.id }) } : {}),
  };
}

const rangeOf = ({ startTime, endTime }: { startTime?: number | undefined; endTime?: number | undefined }) => ({
  startMs: startTime ?? 0,
  endMs: endTime ?? Number.MAX_SAFE_INTEGER,
});

const cursorOf = (event: LogEventRecord | undefined): Cursor | undefined => event && { atMs: event.atMs, id: event.id };
const cursorText = ({ atMs, id }: Cursor) => `${atMs}.${id}`;

function parseToken(token: string): { forward: boolean; cursor: Cursor } {
  const match = /^([fb])\/(-?\d+)\.(-?\d+)$/.exec(token);
  if (!match) throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
  return { forward: match[1] === "f", cursor: { atMs: Number(match[2]), id: Number(match[3]) } };
}
