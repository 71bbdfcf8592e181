/**
 * Alarms: kept, evaluated when their metric gets data and once a minute, and told of on the bus and to their actions.
 * Event: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
import type { MetricDataQuery, MetricStat } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";
import { AlarmDefinition, metricsOf, statisticOf, watched } from "./alarm-definition.ts";
import { AlarmHistory } from "./alarm-history.ts";
import { type AlarmState, EXTRA_PERIODS, evaluateAlarm } from "./evaluate-alarm.ts";
import { type DataResult, pairs, queryMetricData } from "./metric-data.ts";
import { type MetricId, type MetricStore, sameMetric } from "./metric-store.ts";

export interface AlarmRecord {
  name: string;
  definition: AlarmDefinition;
  state: AlarmState;
  reason: string;
  /** JSON text, as the service gives it. */
  reasonData: string;
  stateMs: number;
  configuredMs: number;
}

export class Alarms {
  readonly #home: HomePorts;
  readonly #metrics: MetricStore;
  readonly history: AlarmHistory;
  readonly #sql;

  constructor(home: HomePorts, metrics: MetricStore) {
    this.#home = home;
    this.#metrics = metrics;
    const { store } = home;
    this.history = new AlarmHistory(home);
    this.#sql = {
      one: store.prepare("SELECT * FROM cloudwatch_alarms WHERE name = ?"),
      all: store.prepare("SELECT * FROM cloudwatch_alarms ORDER BY name"),
      put: store.prepare("INSERT OR REPLACE INTO cloudwatch_alarms VALUES (?, ?, ?, ?, ?, ?, ?)"),
      drop: store.prepare("DELETE FROM cloudwatch_alarms WHERE name = ?"),
    };
  }

  arn(name: string): string {
    return `arn:aws:cloudwatch:${this.#home.region}:${this.#home.accountId}:alarm:${name}`;
  }

  find(name: string): AlarmRecord | undefined {
    const row = this.#sql.one.get(name);
    return row && toAlarm(row);
  }

  all(): AlarmRecord[] {
    return this.#sql.all.all().map(toAlarm);
  }

  /** A new alarm starts in INSUFFICIENT_DATA; a changed one keeps its state until it is evaluated. */
  put(name: string, definition: AlarmDefinition): void {
    const nowMs = this.#home.clock.now();
    const known = this.find(name);
    this.#write({
      name,
      definition,
      state: known?.state ?? "INSUFFICIENT_DATA",
      reason: known?.reason ?? "Unchecked: Initial alarm creation",
      reasonData: known?.reasonData ?? "",
      stateMs: known?.stateMs ?? nowMs,
      configuredMs: nowMs,
    });
    this.history.configured(name, known === undefined ? "created" : "updated", definition);
  }

  drop(name: string): void {
    const known = this.find(name);
    this.#sql.drop.run(name);
    if (known !== undefined) this.history.configured(name, "deleted", known.definition);
  }

  /** @throws AwsError ResourceNotFound */
  setState(name: string, state: AlarmState, reason: string, reasonData: string): void {
    const alarm = this.find(name);
    if (!alarm) throw new AwsError("ResourceNotFound", `The alarm ${name} does not exist.`, { status: 404 });
    this.#transition(alarm, state, reason, reasonData);
  }

  /** Evaluates the alarms on `metric`, or all of them. */
  evaluate(metric?: MetricId): void {
    for (const alarm of this.all()) {
      if (metric === undefined || metricsOf(alarm.definition).some((one) => sameMetric(one, metric)))
        this.#evaluate(alarm);
    }
  }

  #evaluate(alarm: AlarmRecord): void {
    const { definition } = alarm;
    const { queries, period } = watched(definition);
    const periodMs = period * 1000;
    const nowMs = this.#home.clock.now();
    const periods = definition.EvaluationPeriods + EXTRA_PERIODS;
    // The period under way counts at once: a home should not make one wait a period for an alarm.
    const newestMs = Math.floor(nowMs / periodMs) * periodMs;
    const oldestMs = newestMs - (periods - 1) * periodMs;
    const [found] = this.#query(alarm, queries, oldestMs, newestMs + periodMs);
    const values = Array.from({ length: periods }, (_, back) => found?.points.get(newestMs - back * periodMs));
    const evaluation = evaluateAlarm(definition, values);
    if (!evaluation || evaluation.state === alarm.state) return;
    const reasonData = JSON.stringify({
      version: "1.0",
      queryDate: awsTime(nowMs),
      startDate: awsTime(newestMs - (definition.EvaluationPeriods - 1) * periodMs),
      ...(definition.Metrics === undefined ? { statistic: statisticOf(definition) } : {}),
      period,
      recentDatapoints: evaluation.recent,
      threshold: definition.Threshold,
    });
    this.#transition(alarm, evaluation.state, evaluation.reason, reasonData);
  }

  /** An expression that cannot be computed has no data. */
  #query({ name }: AlarmRecord, queries: MetricDataQuery[], startMs: number, endMs: number): DataResult[] {
    try {
      return queryMetricData(this.#metrics, queries, startMs, endMs);
    } catch (thrown) {
      if (!(thrown instanceof AwsError)) throw thrown;
      this.#home.log("warn", `the alarm ${name} cannot be evaluated`, { error: thrown.message });
      return [];
    }
  }

  #transition(alarm: AlarmRecord, state: AlarmState, reason: string, reasonData: string): void {
    const stateMs = this.#home.clock.now();
    this.#write({ ...alarm, state, reason, reasonData, stateMs });
    if (alarm.state === state) return;
    this.history.moved(alarm, { state, reason, reasonData });
    const shown = (value: AlarmState, why: string, data: string, atMs: number) => ({
      value,
      reason: why,
      ...(data === "" ? {} : { reasonData: data }),
      timestamp: awsTime(atMs),
    });
    const detail = {
      alarmName: alarm.name,
      configuration: configurationOf(alarm.definition),
      previousState: shown(alarm.state, alarm.reason, alarm.reasonData, alarm.stateMs),
      state: shown(state, reason, reasonData, stateMs),
    };
    const resources = [this.arn(alarm.name)];
    this.#home.emit({ source: "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", resources, detail });
    if (alarm.definition.ActionsEnabled) this.#act({ ...alarm, state, reason, stateMs }, alarm.state);
  }

  #act(alarm: AlarmRecord, previous: AlarmState): void {
    const { AlarmActions, OKActions, InsufficientDataActions } = alarm.definition;
    const actions = { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[alarm.state];
    const principal = {
      kind: "service",
      service: "cloudwatch.amazonaws.com",
      sourceArn: this.arn(alarm.name),
    } as const;
    for (const arn of actions) {
      if (arn.split(":")[2] !== "sns") {
        this.#home.log("warn", `the alarm ${alarm.name} has an action this home does not take; SNS topics are`, {
          arn,
        });
        continue;
      }
      const message = {
        TopicArn: arn,
        Subject: `${alarm.state}: "${alarm.name}" in ${this.#home.region}`,
        Message: JSON.stringify({
          AlarmName: alarm.name,
          AlarmDescription: alarm.definition.AlarmDescription ?? null,
          AWSAccountId: this.#home.accountId,
          NewStateValue: alarm.state,
          NewStateReason: alarm.reason,
          StateChangeTime: awsTime(alarm.stateMs),
          Region: this.#home.region,
          AlarmArn: this.arn(alarm.name),
          OldStateValue: previous,
        }),
      };
      this.#home.store.afterCommit(() => {
        this.#home.call("sns", "Publish", message, principal).then(
          () => this.history.acted(alarm.name, alarm.state, arn, undefined),
          (thrown: unknown) => {
            this.history.acted(alarm.name, alarm.state, arn, String(thrown));
            this.#home.log("error", `the alarm ${alarm.name} could not tell its topic`, { arn, error: String(thrown) });
          },
        );
      });
    }
  }

  #write(alarm: AlarmRecord): void {
    const { name, definition, state, reason, reasonData, stateMs, configuredMs } = alarm;
    this.#sql.put.run(name, JSON.stringify(definition), state, reason, reasonData, stateMs, configuredMs);
  }
}

function configurationOf(definition: AlarmDefinition) {
  const metrics = watched(definition).queries.map(({ Id: id, Expression, Label, MetricStat, ReturnData = true }) => ({
    id,
    ...(Expression === undefined ? {} : { expression: Expression }),
    ...(Label === undefined ? {} : { label: Label }),
    ...(MetricStat === undefined ? {} : { metricStat: statOf(MetricStat) }),
    returnData: ReturnData,
  }));
  const { AlarmDescription: description } = definition;
  return { ...(description === undefined ? {} : { description }), metrics };
}

function statOf({ Metric, Period: period, Stat: stat }: MetricStat) {
  const dimensions = Object.fromEntries(pairs(Metric?.Dimensions).map(({ Name, Value }) => [Name, Value]));
  return { metric: { namespace: Metric?.Namespace, name: Metric?.MetricName, dimensions }, period, stat };
}

// CloudWatch writes "+0000" where others write "Z".
const awsTime = (atMs: number) => new Date(atMs).toISOString().replace("Z", "+0000");

const toAlarm = (row: Row): AlarmRecord => ({
  name: String(row.name),
  definition: AlarmDefinition.parse(JSON.parse(String(row.definition))),
  state: row.state === "OK" || row.state === "ALARM" ? row.state : "INSUFFICIENT_DATA",
  reason: String(row.reason),
  reasonData: String(row.reason_data),
  stateMs: Number(row.state_ms),
  configuredMs: Number(row.configured_ms),
});
