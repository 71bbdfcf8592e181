/** Operations on alarms. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { AlarmDefinition, statisticOf } from "./alarm-definition.ts";
import type { AlarmRecord, Alarms } from "./alarms.ts";

export function alarmOperations(alarms: Alarms): Operations<typeof CloudWatch> {
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
            `${parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}; alarms on one metric are built in the embedded home`,
          );
        }
        alarms.put(input.AlarmName ?? "", parsed.data);
        return {};
      },
    },
    DescribeAlarms: {
      handle: ({ AlarmNames, AlarmNamePrefix = "", StateValue, ActionPrefix = "" }) => ({
        MetricAlarms: alarms
          .all()
          .filter(({ name }) => (AlarmNames?.includes(name) ?? true) && name.startsWith(AlarmNamePrefix))
          .filter(({ state }) => StateValue === undefined || state === StateValue)
          .filter(
            ({ definition }) =>
              ActionPrefix === "" || definition.AlarmActions.some((arn) => arn.startsWith(ActionPrefix)),
          )
          .map((alarm) => wireAlarm(alarm, alarms)),
        CompositeAlarms: [],
      }),
    },
    DescribeAlarmsForMetric: {
      handle: (input) => ({
        MetricAlarms: alarms
          .all()
          .filter(({ definition }) => isOn(definition, input))
          .map((alarm) => wireAlarm(alarm, alarms)),
      }),
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
        for (const name of AlarmNames) alarms.drop(name);
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
    Namespace: definition.Namespace,
    MetricName: definition.MetricName,
    Dimensions: definition.Dimensions,
    ...(definition.Statistic === undefined
      ? { ExtendedStatistic: statisticOf(definition) }
      : { Statistic: definition.Statistic }),
    Period: definition.Period,
    EvaluationPeriods: definition.EvaluationPeriods,
    ...(definition.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: definition.DatapointsToAlarm }),
    Threshold: definition.Threshold,
    ComparisonOperator: definition.ComparisonOperator,
    TreatMissingData: definition.TreatMissingData,
  };
}
