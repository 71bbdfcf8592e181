import { describe, expect, it } from "vitest";
import { AlarmDefinition } from "../../../../local/services/cloudwatch/alarm-definition.ts";
import { evaluateAlarm } from "../../../../local/services/cloudwatch/evaluate-alarm.ts";

const alarm = (DatapointsToAlarm: number, TreatMissingData: string) =>
  AlarmDefinition.parse({
    Namespace: "n",
    MetricName: "m",
    Period: 60,
    EvaluationPeriods: 3,
    DatapointsToAlarm,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData,
  });

/** "0 - X": oldest first, as the service's guide draws them. */
const values = (drawn: string) =>
  drawn
    .split(" ")
    .map((point) => (point === "-" ? undefined : point === "X" ? 1 : 0))
    .reverse();

const KEPT = undefined;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe("an alarm over an evaluation range of 5 periods", () => {
  it.each([
    [3, "0 - X - X", "OK", "OK", "OK", "OK"],
    [3, "- - - - 0", "OK", "OK", "OK", "OK"],
    [3, "- - - - -", "INSUFFICIENT_DATA", KEPT, "ALARM", "OK"],
    [3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [3, "- - X - -", "ALARM", KEPT, "ALARM", "OK"],
    [3, "- - - - X", KEPT, KEPT, "ALARM", "OK"],
    [3, "- - - X -", KEPT, KEPT, "ALARM", "OK"],
    [2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0 - X - -", "OK", "OK", "ALARM", "OK"],
    [2, "- - - - 0", "OK", "OK", "ALARM", "OK"],
    [2, "- - - X -", "ALARM", KEPT, "ALARM", "OK"],
    [2, "- - - X X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [1, "X X 0 0 0", "OK", "OK", "OK", "OK"],
  ])("of 3, %s to alarm, with %s is %s, %s, %s, %s", (needed, drawn, missing, ignore, breaching, notBreaching) => {
    const state = (treatment: string) => evaluateAlarm(alarm(needed, treatment), values(drawn))?.state;
    expect(["missing", "ignore", "breaching", "notBreaching"].map(state)).toEqual([
      missing,
      ignore,
      breaching,
      notBreaching,
    ]);
  });
});
