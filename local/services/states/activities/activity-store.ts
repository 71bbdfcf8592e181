/** Activities as they are kept. */
import { z } from "zod";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Statement } from "../../../store/index.ts";

export interface ActivityRecord {
  arn: string;
  name: string;
  encryption: object | undefined;
  createdMs: number;
}

const Row = z.object({
  arn: z.string(),
  name: z.string(),
  encryption: z.string().nullable(),
  created_ms: z.number(),
});

export class ActivityStore {
  readonly #home: HomePorts;
  readonly #sql: Record<"insert" | "find" | "list" | "remove", Statement>;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    this.#sql = {
      insert: store.prepare("INSERT INTO states_activities (arn, name, encryption, created_ms) VALUES (?, ?, ?, ?)"),
      find: store.prepare("SELECT * FROM states_activities WHERE arn = ?"),
      list: store.prepare(
        "SELECT * FROM states_activities WHERE (created_ms, arn) > (?, ?) ORDER BY created_ms, arn LIMIT ?",
      ),
      remove: store.prepare("DELETE FROM states_activities WHERE arn = ?"),
    };
  }

  arnOf(name: string): string {
    return `arn:aws:states:${this.#home.region}:${this.#home.accountId}:activity:${name}`;
  }

  find(arn: string): ActivityRecord | undefined {
    const row = this.#sql.find.get(arn);
    return row === undefined ? undefined : toRecord(row);
  }

  /** @throws AwsError ActivityDoesNotExist */
  require(arn: string): ActivityRecord {
    const found = this.find(arn);
    if (found === undefined) throw new AwsError("ActivityDoesNotExist", `Activity Does Not Exist: '${arn}'`);
    return found;
  }

  /** The activity of that name; made if there is none. */
  create(name: string, encryption: object | undefined): ActivityRecord {
    const arn = this.arnOf(name);
    const existing = this.find(arn);
    if (existing !== undefined) return existing;
    const record = { arn, name, encryption, createdMs: this.#home.clock.now() };
    this.#sql.insert.run(arn, name, encryption === undefined ? null : JSON.stringify(encryption), record.createdMs);
    return record;
  }

  /** Oldest first. `after` is the last row of the page before. */
  list(after: { createdMs: number; arn: string } | undefined, limit: number): ActivityRecord[] {
    return this.#sql.list.all(after?.createdMs ?? -1, after?.arn ?? "", limit).map(toRecord);
  }

  remove(arn: string): void {
    this.#sql.remove.run(arn);
  }
}

function toRecord(raw: unknown): ActivityRecord {
  const row = Row.parse(raw);
  return {
    arn: row.arn,
    name: row.name,
    encryption: row.encryption === null ? undefined : JSON.parse(row.encryption),
    createdMs: row.created_ms,
  };
}
