/**
 * An alarm's state from its recent periods.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
import type { AlarmDefinition } from "./alarm-definition.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface Evaluation {
  state: AlarmState;
  reason: string;
  /** Values considered, newest first. */
  recent: number[];
}

/** Periods looked at besides those that are evaluated, for points in place of missing ones. */
export const EXTRA_PERIODS = 2;

/**
 * Evaluates `values`, one a period of the evaluation range, newest first, undefined where there was no data:
 *   E1. Where the range has as many points as are evaluated, the newest of them decide, and none is missing.
 *   E2. Otherwise what is missing is filled in as the alarm says, and all points of the range count.
 *   E3. Missing data that is neither good nor bad: points all breaching alarm once the oldest is as old as points are needed.
 * @returns undefined where the state stays as it is
 */
export function evaluateAlarm(alarm: AlarmDefinition, values: readonly (number | undefined)[]): Evaluation | undefined {
  const real = values.filter((value) => value !== undefined);
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
  if (real.length === 0) return ofNoData(alarm, values.length);
  const recent = real.slice(0, alarm.EvaluationPeriods);
  const bad = recent.filter((value) => breaches(alarm, value)).length;
  const absent = alarm.EvaluationPeriods - recent.length;
  const filled = alarm.TreatMissingData === "breaching" ? absent : 0;
  const alarming = bad + filled >= needed;
  if (!alarming && absent > 0 && bad === recent.length && isNeutral(alarm)) {
    if (alarm.TreatMissingData === "ignore" || values.findLastIndex((value) => value !== undefined) + 1 < needed)
      return undefined;
    return crossed(alarm, recent, true);
  }
  return crossed(alarm, recent, alarming);
}

const isNeutral = ({ TreatMissingData }: AlarmDefinition) =>
  TreatMissingData === "missing" || TreatMissingData === "ignore";

function ofNoData({ TreatMissingData }: AlarmDefinition, periods: number): Evaluation | undefined {
  if (TreatMissingData === "ignore") return undefined;
  const were = periods === 1 ? " was" : "s were";
  if (TreatMissingData === "missing")
    return {
      state: "INSUFFICIENT_DATA",
      reason: `Insufficient Data: ${periods} datapoint${were} unknown.`,
      recent: [],
    };
  const breaching = TreatMissingData === "breaching";
  const treated = `${periods} missing datapoint${were} treated as [${breaching ? "Breaching" : "NonBreaching"}]`;
  const reason = `Threshold Crossed: no datapoints were received for ${periods} period${periods === 1 ? "" : "s"} and ${treated}.`;
  return { state: breaching ? "ALARM" : "OK", reason, recent: [] };
}

function crossed(alarm: AlarmDefinition, recent: number[], alarming: boolean): Evaluation {
  const shown = recent.map((value) => value.toFixed(1)).join(", ");
  const points = `${recent.length} datapoint${recent.length === 1 ? "" : "s"} [${shown}]`;
  const reason = `Threshold Crossed: ${points} ${alarming ? "was" : "was not"} ${phrase(alarm)} the threshold (${alarm.Threshold.toFixed(1)}).`;
  return { state: alarming ? "ALARM" : "OK", reason, recent };
}

function breaches({ ComparisonOperator, Threshold }: AlarmDefinition, value: number): boolean {
  switch (ComparisonOperator) {
    case "GreaterThanOrEqualToThreshold":
      return value >= Threshold;
    case "GreaterThanThreshold":
      return value > Threshold;
    case "LessThanThreshold":
      return value < Threshold;
    case "LessThanOrEqualToThreshold":
      return value <= Threshold;
  }
}

const PHRASES: Record<AlarmDefinition["ComparisonOperator"], string> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};
const phrase = ({ ComparisonOperator }: AlarmDefinition) => PHRASES[ComparisonOperator];
