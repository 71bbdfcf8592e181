/**
 * The bus's counts as CloudWatch metrics, a sum a minute, under AWS's names and dimensions.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { HomePorts } from "../../define-service.ts";
import { DEFAULT_BUS } from "./names.ts";
import type { CountedRule, Counts, RuleCounts } from "./rule-counts.ts";

export interface Metrics {
  start(): void;
  /** Tells what is not told yet. */
  stop(): Promise<void>;
}

const PERIOD_MS = 60_000;
const DATA_A_REQUEST = 500;

const METRICS: Readonly<Record<string, (counts: Counts) => number>> = {
  MatchedEvents: ({ matched }) => matched,
  TriggeredRules: ({ matched }) => matched,
  Invocations: ({ delivered, failed }) => delivered + failed,
  FailedInvocations: ({ failed }) => failed,
  InvocationAttempts: ({ attempts }) => attempts,
  SuccessfulInvocationAttempts: ({ delivered }) => delivered,
  RetryInvocationAttempts: ({ retries }) => retries,
  InvocationsSentToDlq: ({ dead_lettered }) => dead_lettered,
  InvocationsFailedToBeSentToDlq: ({ dead_letters_lost }) => dead_letters_lost,
  DeadLetterInvocations: ({ looped }) => looped,
};
/** Those AWS also gives without dimensions, over all rules. */
const IN_ALL = ["MatchedEvents", "TriggeredRules", "Invocations", "InvocationAttempts"];

export function createMetrics(home: HomePorts, counts: RuleCounts): Metrics {
  let cancel: (() => void) | undefined;
  const tell = async () => {
    const data = metricData(counts.takeNew(), new Date(home.clock.now()));
    for (let from = 0; from < data.length; from += DATA_A_REQUEST) {
      const input = { Namespace: "AWS/Events", MetricData: data.slice(from, from + DATA_A_REQUEST) };
      await home.call("cloudwatch", "PutMetricData", input, { kind: "home", accountId: home.accountId });
    }
  };
  const tellOrLog = () =>
    tell().catch((thrown: unknown) => home.log("warn", `the bus's metrics could not be put: ${String(thrown)}`));
  const arm = () => {
    cancel = home.clock.at(home.clock.now() + PERIOD_MS, () => {
      void tellOrLog();
      arm();
    });
  };
  // A home without CloudWatch counts all the same.
  if (home.schema("cloudwatch") === undefined) return { start: () => undefined, stop: async () => undefined };
  return {
    start: arm,
    async stop() {
      cancel?.();
      await tellOrLog();
    },
  };
}

function metricData(counted: readonly CountedRule[], Timestamp: Date): MetricDatum[] {
  const ofRules = counted.filter(({ rule }) => rule !== "");
  const totals = new Map<string, number>();
  const data = ofRules.flatMap(({ bus, rule, counts }) => {
    const Dimensions = [
      ...(bus === DEFAULT_BUS ? [] : [{ Name: "EventBusName", Value: bus }]),
      { Name: "RuleName", Value: rule },
    ];
    return Object.entries(METRICS).flatMap(([MetricName, read]) => {
      const value = read(counts);
      totals.set(MetricName, (totals.get(MetricName) ?? 0) + value);
      return value === 0 ? [] : [{ ...datum(MetricName, value, Timestamp), Dimensions }];
    });
  });
  const inAll = IN_ALL.map((name): [string, number] => [name, totals.get(name) ?? 0]).filter(([, sum]) => sum > 0);
  return [...data, ...inAll.map(([name, sum]) => datum(name, sum, Timestamp))];
}

function datum(MetricName: string, count: number, Timestamp: Date) {
  const StatisticValues = { SampleCount: count, Sum: count, Minimum: 1, Maximum: 1 };
  return { MetricName, Timestamp, Unit: "Count" as const, StatisticValues };
}
