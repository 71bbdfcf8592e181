/** Schedules and their groups, as stored. */
import type { ActionAfterCompletion, FlexibleTimeWindow, ScheduleState, Target } from "@aws-sdk/client-scheduler";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row, type Statement } from "../../store/index.ts";

export interface ScheduleSettings {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string | undefined;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly Description?: string | undefined;
  readonly State: ScheduleState;
  readonly KmsKeyArn?: string | undefined;
  readonly Target: Target;
  readonly FlexibleTimeWindow: FlexibleTimeWindow;
  readonly ActionAfterCompletion: ActionAfterCompletion;
  /** Of the request that made it, which may come again. */
  readonly clientToken?: string | undefined;
}

export interface StoredSchedule {
  readonly group: string;
  readonly name: string;
  readonly arn: string;
  readonly settings: ScheduleSettings;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Nominal time of the next run; undefined when there is none. */
  readonly nextRunMs: number | undefined;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

export const DEFAULT_GROUP = "default";

export class ScheduleStore {
  readonly #home: HomePorts;
  readonly #sql: Record<
    "group" | "groups" | "writeGroup" | "removeGroup" | "schedule" | "schedules" | "write" | "remove",
    Statement
  >;

  constructor(home: HomePorts) {
    this.#home = home;
    const prepare = (sql: string) => home.store.prepare(sql);
    this.#sql = {
      group: prepare("SELECT * FROM scheduler_groups WHERE name = ?"),
      groups: prepare("SELECT * FROM scheduler_groups ORDER BY name"),
      writeGroup: prepare("INSERT OR REPLACE INTO scheduler_groups VALUES (?, ?, ?, ?)"),
      removeGroup: prepare("DELETE FROM scheduler_groups WHERE name = ?"),
      schedule: prepare("SELECT * FROM scheduler_schedules WHERE grp = ? AND name = ?"),
      schedules: prepare("SELECT * FROM scheduler_schedules ORDER BY grp, name"),
      write: prepare("INSERT OR REPLACE INTO scheduler_schedules VALUES (?, ?, ?, ?, ?, ?)"),
      remove: prepare("DELETE FROM scheduler_schedules WHERE grp = ? AND name = ?"),
    };
    if (this.findGroup(DEFAULT_GROUP) === undefined) this.saveGroup(DEFAULT_GROUP, {});
  }

  groupArn(name: string): string {
    return `arn:aws:scheduler:${this.#home.region}:${this.#home.accountId}:schedule-group/${name}`;
  }

  arnOf(group: string, name: string): string {
    return `arn:aws:scheduler:${this.#home.region}:${this.#home.accountId}:schedule/${group}/${name}`;
  }

  findGroup(name: string): ScheduleGroup | undefined {
    const row = this.#sql.group.get(name);
    return row && this.#groupFrom(row);
  }

  /** @throws AwsError ResourceNotFoundException */
  getGroup(name: string): ScheduleGroup {
    const group = this.findGroup(name);
    if (group === undefined)
      throw new AwsError("ResourceNotFoundException", `Schedule group ${name} does not exist.`, { status: 404 });
    return group;
  }

  groups(): ScheduleGroup[] {
    return this.#sql.groups.all().map((row) => this.#groupFrom(row));
  }

  saveGroup(name: string, tags: Readonly<Record<string, string>>): void {
    const now = this.#home.clock.now();
    this.#sql.writeGroup.run(name, JSON.stringify(tags), this.findGroup(name)?.createdMs ?? now, now);
  }

  removeGroup(name: string): void {
    for (const schedule of this.list(name)) this.remove(schedule.group, schedule.name);
    this.#sql.removeGroup.run(name);
  }

  find(group: string, name: string): StoredSchedule | undefined {
    const row = this.#sql.schedule.get(group, name);
    return row && this.#scheduleFrom(row);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(group: string, name: string): StoredSchedule {
    this.getGroup(group);
    const schedule = this.find(group, name);
    if (schedule === undefined)
      throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`, { status: 404 });
    return schedule;
  }

  list(group?: string): StoredSchedule[] {
    const all = this.#sql.schedules.all().map((row) => this.#scheduleFrom(row));
    return group === undefined ? all : all.filter((schedule) => schedule.group === group);
  }

  save(schedule: Omit<StoredSchedule, "arn">): void {
    const { group, name, settings, createdMs, modifiedMs, nextRunMs } = schedule;
    this.#sql.write.run(group, name, JSON.stringify(settings), createdMs, modifiedMs, nextRunMs ?? null);
  }

  remove(group: string, name: string): void {
    this.#sql.remove.run(group, name);
  }

  #groupFrom(row: Row): ScheduleGroup {
    return {
      name: String(row.name),
      arn: this.groupArn(String(row.name)),
      tags: ownJson(row.tags),
      createdMs: Number(row.created_ms),
      modifiedMs: Number(row.modified_ms),
    };
  }

  #scheduleFrom(row: Row): StoredSchedule {
    return {
      group: String(row.grp),
      name: String(row.name),
      arn: this.arnOf(String(row.grp), String(row.name)),
      settings: ownJson(row.settings),
      createdMs: Number(row.created_ms),
      modifiedMs: Number(row.modified_ms),
      nextRunMs: row.next_run_ms === null ? undefined : Number(row.next_run_ms),
    };
  }
}
