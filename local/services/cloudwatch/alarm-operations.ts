/** Operations on alarms. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import type { ResourceTags } from "../../resource-tags.ts";
import { AlarmDefinition, alarmProblem, statisticOf, watched } from "./alarm-definition.ts";
import type { AlarmRecord, Alarms } from "./alarms.ts";

const ALARM_PAGE = 50;
const HISTORY_PAGE = 100;

export function alarmOperations(alarms: Alarms, tags: ResourceTags): Operations<typeof CloudWatch> {
  const named = ({ AlarmNames = [] }: { AlarmNames?: string[] | undefined }) =>
    AlarmNames.map((name) => ({ resource: alarms.arn(name) }));
  const enable = (names: readonly string[], ActionsEnabled: boolean) => {
    for (const name of names) {
      const alarm = alarms.find(name);
      if (alarm) alarms.put(name, { ...alarm.definition, ActionsEnabled });
    }
    return {};
  };
  return {
    PutMetricAlarm: {
      authorize: ({ AlarmName = "" }) => ({ resource: alarms.arn(AlarmName) }),
      handle: (input) => {
        const parsed = AlarmDefinition.safeParse(input);
        if (!parsed.success) {
          throw new AwsError(
            "ValidationError",
            `${parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}; alarms on metrics and metric math are built in the embedded home`,
          );
        }
        const problem = alarmProblem(parsed.data);
        if (problem !== undefined) throw new AwsError("ValidationError", `${input.AlarmName}: ${problem}`);
        const { AlarmName: name = "", Tags = [] } = input;
        const isNew = alarms.find(name) === undefined;
        alarms.put(name, parsed.data);
        // Of an alarm there is, tags are changed by TagResource alone.
        if (isNew) tags.replace(alarms.arn(name), Tags);
        return {};
      },
    },
    DescribeAlarms: {
      handle({ AlarmNames, AlarmNamePrefix = "", StateValue, ActionPrefix = "", MaxRecords = ALARM_PAGE, NextToken }) {
        const found = alarms
          .all()
          .filter(({ name }) => (AlarmNames?.includes(name) ?? true) && name.startsWith(AlarmNamePrefix))
          .filter(({ state }) => StateValue === undefined || state === StateValue)
          .filter(
            ({ definition }) =>
              ActionPrefix === "" || definition.AlarmActions.some((arn) => arn.startsWith(ActionPrefix)),
          )
          .map((alarm) => wireAlarm(alarm, alarms));
        const page = pageByOffset(found, MaxRecords, NextToken);
        if (page === undefined) throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
        return { MetricAlarms: page.items, CompositeAlarms: [], NextToken: page.nextToken };
      },
    },
    DescribeAlarmsForMetric: {
      handle: (input) => ({
        MetricAlarms: alarms
          .all()
          .filter(({ definition }) => isOn(definition, input))
          .map((alarm) => wireAlarm(alarm, alarms)),
      }),
    },
    DescribeAlarmHistory: {
      authorize: ({ AlarmName = "*" }) => ({ resource: alarms.arn(AlarmName) }),
      handle(input) {
        const page = pageByOffset(alarms.history.list(input), input.MaxRecords ?? HISTORY_PAGE, input.NextToken);
        if (page === undefined) throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
        return { AlarmHistoryItems: page.items, NextToken: page.nextToken };
      },
    },
    SetAlarmState: {
      authorize: ({ AlarmName = "" }) => ({ resource: alarms.arn(AlarmName) }),
      handle: ({ AlarmName = "", StateValue = "INSUFFICIENT_DATA", StateReason = "", StateReasonData = "" }) => {
        alarms.setState(AlarmName, StateValue, StateReason, StateReasonData);
        return {};
      },
    },
    DeleteAlarms: {
      authorize: named,
      handle: ({ AlarmNames = [] }) => {
        for (const name of AlarmNames) {
          alarms.drop(name);
          tags.replace(alarms.arn(name), []);
        }
        return {};
      },
    },
    EnableAlarmActions: { authorize: named, handle: ({ AlarmNames = [] }) => enable(AlarmNames, true) },
    DisableAlarmActions: { authorize: named, handle: ({ AlarmNames = [] }) => enable(AlarmNames, false) },
  };
}

/** Whether an alarm is on exactly this metric, dimensions included. */
function isOn(definition: AlarmDefinition, asked: CloudWatch.DescribeAlarmsForMetricInput): boolean {
  const dimensions = (all: readonly CloudWatch.Dimension[]) => all.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return (
    definition.Namespace === asked.Namespace &&
    definition.MetricName === asked.MetricName &&
    dimensions(definition.Dimensions).join() === dimensions(asked.Dimensions ?? []).join() &&
    (asked.Statistic === undefined || definition.Statistic === asked.Statistic) &&
    (asked.Period === undefined || definition.Period === asked.Period)
  );
}

function wireAlarm(alarm: AlarmRecord, alarms: Alarms): CloudWatch.MetricAlarm {
  const { definition } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarms.arn(alarm.name),
    ...(definition.AlarmDescription === undefined ? {} : { AlarmDescription: definition.AlarmDescription }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredMs),
    ActionsEnabled: definition.ActionsEnabled,
    AlarmActions: definition.AlarmActions,
    OKActions: definition.OKActions,
    InsufficientDataActions: definition.InsufficientDataActions,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    ...(alarm.reasonData === "" ? {} : { StateReasonData: alarm.reasonData }),
    StateUpdatedTimestamp: new Date(alarm.stateMs),
    ...watchedBy(definition),
    EvaluationPeriods: definition.EvaluationPeriods,
    ...(definition.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: definition.DatapointsToAlarm }),
    Threshold: definition.Threshold,
    ComparisonOperator: definition.ComparisonOperator,
    TreatMissingData: definition.TreatMissingData,
  };
}

function watchedBy(definition: AlarmDefinition): CloudWatch.MetricAlarm {
  const { Namespace, MetricName, Dimensions, Statistic, Period, Metrics } = definition;
  if (Metrics !== undefined) return { Metrics: watched(definition).queries };
  const how = Statistic === undefined ? { ExtendedStatistic: statisticOf(definition) } : { Statistic };
  return { Namespace, MetricName, Dimensions, Period, ...how };
}
