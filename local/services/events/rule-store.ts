/** Rules and their targets, as stored. */
import type { Target } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, ownWord, type Row, type Statement } from "../../store/index.ts";
import { ruleArn } from "./names.ts";

const RULE_STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"] as const;

export interface Rule {
  readonly bus: string;
  readonly name: string;
  readonly arn: string;
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly enabled: boolean;
  readonly state: (typeof RULE_STATES)[number];
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  /** Of a scheduled rule: when it runs next. */
  readonly nextRunMs: number | undefined;
}

export class RuleStore {
  readonly #home: HomePorts;
  readonly #sql: Record<"rule" | "rules" | "write" | "remove" | "targets" | "putTarget" | "removeTarget", Statement>;

  constructor(home: HomePorts) {
    this.#home = home;
    const prepare = (sql: string) => home.store.prepare(sql);
    this.#sql = {
      rule: prepare("SELECT * FROM events_rules WHERE bus = ? AND name = ?"),
      rules: prepare("SELECT * FROM events_rules ORDER BY bus, name"),
      write: prepare(
        `INSERT INTO events_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (bus, name) DO UPDATE SET
           pattern = excluded.pattern, schedule = excluded.schedule, state = excluded.state, description = excluded.description,
           role_arn = excluded.role_arn, tags = excluded.tags, next_run_ms = excluded.next_run_ms`,
      ),
      remove: prepare("DELETE FROM events_rules WHERE bus = ? AND name = ?"),
      targets: prepare("SELECT target FROM events_targets WHERE bus = ? AND rule = ? ORDER BY id"),
      putTarget: prepare("INSERT OR REPLACE INTO events_targets VALUES (?, ?, ?, ?)"),
      removeTarget: prepare("DELETE FROM events_targets WHERE bus = ? AND rule = ? AND id = ?"),
    };
  }

  find(bus: string, name: string): Rule | undefined {
    const row = this.#sql.rule.get(bus, name);
    return row && this.#fromRow(row);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(bus: string, name: string): Rule {
    const rule = this.find(bus, name);
    if (rule === undefined)
      throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  /** All rules, or those of one bus. */
  list(bus?: string): Rule[] {
    const rules = this.#sql.rules.all().map((row) => this.#fromRow(row));
    return bus === undefined ? rules : rules.filter((rule) => rule.bus === bus);
  }

  save(rule: Rule): void {
    this.#sql.write.run(
      rule.bus,
      rule.name,
      rule.pattern ?? null,
      rule.schedule ?? null,
      rule.state,
      rule.description ?? null,
      rule.roleArn ?? null,
      JSON.stringify(rule.tags),
      rule.createdMs,
      rule.nextRunMs ?? null,
    );
  }

  remove(bus: string, name: string): void {
    this.#sql.remove.run(bus, name);
  }

  targets(bus: string, rule: string): Target[] {
    return this.#sql.targets.all(bus, rule).map(({ target }) => ownJson(target));
  }

  putTarget(bus: string, rule: string, target: Target): void {
    this.#sql.putTarget.run(bus, rule, target.Id ?? "", JSON.stringify(target));
  }

  removeTarget(bus: string, rule: string, id: string): void {
    this.#sql.removeTarget.run(bus, rule, id);
  }

  #fromRow(row: Row): Rule {
    const text = (name: string) => (typeof row[name] === "string" ? row[name] : undefined);
    const state = ownWord(row.state, RULE_STATES);
    return {
      bus: String(row.bus),
      name: String(row.name),
      arn: ruleArn(this.#home, String(row.bus), String(row.name)),
      pattern: text("pattern"),
      schedule: text("schedule"),
      enabled: state !== "DISABLED",
      state,
      description: text("description"),
      roleArn: text("role_arn"),
      tags: ownJson(row.tags),
      createdMs: Number(row.created_ms),
      nextRunMs: row.next_run_ms === null ? undefined : Number(row.next_run_ms),
    };
  }
}
