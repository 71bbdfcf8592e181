/**
 * What happened to alarms: made, changed, deleted, moved to another state, acted.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
 */
import type { AlarmHistoryItem, DescribeAlarmHistoryCommandInput } from "@aws-sdk/client-cloudwatch";
import type { HomePorts } from "../../define-service.ts";
import type { AlarmDefinition } from "./alarm-definition.ts";
import type { AlarmState } from "./evaluate-alarm.ts";

/** As long as the service keeps it. */
const KEPT_MS = 30 * 24 * 3_600_000;

type ItemType = "ConfigurationUpdate" | "StateUpdate" | "Action";

interface StateNow {
  state: AlarmState;
  reason: string;
  reasonData: string;
}

export class AlarmHistory {
  readonly #home: HomePorts;
  readonly #sql;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    this.#sql = {
      add: store.prepare(
        "INSERT INTO cloudwatch_alarm_history (at_ms, name, type, summary, data) VALUES (?, ?, ?, ?, ?)",
      ),
      all: store.prepare("SELECT * FROM cloudwatch_alarm_history WHERE at_ms >= ? AND at_ms <= ? ORDER BY at_ms, id"),
      expire: store.prepare("DELETE FROM cloudwatch_alarm_history WHERE at_ms < ?"),
    };
  }

  configured(name: string, what: "created" | "updated" | "deleted", definition: AlarmDefinition): void {
    const type = { created: "Create", updated: "Update", deleted: "Delete" }[what];
    const data = { version: "1.0", type, [`${what}Alarm`]: { ...definition, AlarmName: name } };
    this.#add(name, "ConfigurationUpdate", `Alarm "${name}" ${what}`, data);
  }

  moved(before: StateNow & { name: string }, now: StateNow): void {
    const data = { version: "1.0", oldState: shown(before), newState: shown(now) };
    this.#add(before.name, "StateUpdate", `Alarm updated from ${before.state} to ${now.state}`, data);
  }

  /** @param error undefined when the action was carried out */
  acted(name: string, state: AlarmState, action: string, error: string | undefined): void {
    const publish = {
      actionState: error === undefined ? "Succeeded" : "Failed",
      stateUpdateTimestamp: this.#home.clock.now(),
    };
    const data = { ...publish, notificationResource: action, publishedMessage: state, error: error ?? null };
    const how = error === undefined ? "Successfully executed action" : "Failed to execute action";
    this.#add(name, "Action", `${how} ${action}`, data);
  }

  /** Newest first unless asked otherwise. */
  list({
    AlarmName,
    HistoryItemType,
    StartDate,
    EndDate,
    ScanBy,
  }: DescribeAlarmHistoryCommandInput): AlarmHistoryItem[] {
    const rows = this.#sql.all.all(StartDate?.getTime() ?? 0, EndDate?.getTime() ?? Number.MAX_SAFE_INTEGER);
    const found = rows
      .filter(({ name }) => AlarmName === undefined || name === AlarmName)
      .filter(({ type }) => HistoryItemType === undefined || type === HistoryItemType)
      .map((row) => ({
        AlarmName: String(row.name),
        AlarmType: "MetricAlarm" as const,
        Timestamp: new Date(Number(row.at_ms)),
        HistoryItemType: itemType(row.type),
        HistorySummary: String(row.summary),
        HistoryData: String(row.data),
      }));
    return ScanBy === "TimestampAscending" ? found : found.reverse();
  }

  expire(): void {
    this.#sql.expire.run(this.#home.clock.now() - KEPT_MS);
  }

  #add(name: string, type: ItemType, summary: string, data: object): void {
    this.#sql.add.run(this.#home.clock.now(), name, type, summary, JSON.stringify(data));
  }
}

const itemType = (type: unknown): ItemType =>
  type === "StateUpdate" || type === "Action" ? type : "ConfigurationUpdate";

function shown({ state: stateValue, reason: stateReason, reasonData }: StateNow) {
  const stateReasonData: unknown = parsed(reasonData);
  return { stateValue, stateReason, ...(stateReasonData === undefined ? {} : { stateReasonData }) };
}

/** SetAlarmState takes any text for it. */
function parsed(json: string): unknown {
  try {
    return json === "" ? undefined : JSON.parse(json);
  } catch {
    return json;
  }
}
