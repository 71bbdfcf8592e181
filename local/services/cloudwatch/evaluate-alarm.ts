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

/**
 * Evaluates `values`, one a period, newest first, undefined where there was no data.
 * @returns undefined where the state stays as it is (missing data to be ignored).
 */
export function evaluateAlarm(alarm: AlarmDefinition, values: readonly (number | undefined)[]): Evaluation | undefined {
  const recent = values.filter((value) => value !== undefined);
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
  const missingBreaches = alarm.TreatMissingData === "breaching";
  if (recent.length === 0 && alarm.TreatMissingData === "ignore") return undefined;
  if (recent.length === 0 && alarm.TreatMissingData === "missing") {
    return {
      state: "INSUFFICIENT_DATA",
      reason: `Insufficient Data: ${values.length} datapoint${values.length === 1 ? " was" : "s were"} unknown.`,
      recent,
    };
  }
  const breaching = values.filter((value) => (value === undefined ? missingBreaches : breaches(alarm, value))).length;
  const alarming = breaching >= needed;
  const shown = recent.map((value) => value.toFixed(1)).join(", ");
  const reason =
    recent.length === 0
      ? `Threshold Crossed: no datapoints were received for ${values.length} period${values.length === 1 ? "" : "s"} and ${values.length} missing datapoint${values.length === 1 ? " was" : "s were"} treated as [${missingBreaches ? "Breaching" : "NonBreaching"}].`
      : `Threshold Crossed: ${recent.length} datapoint${recent.length === 1 ? "" : "s"} [${shown}] ${alarming ? "was" : "was not"} ${phrase(alarm)} the threshold (${alarm.Threshold.toFixed(1)}).`;
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
