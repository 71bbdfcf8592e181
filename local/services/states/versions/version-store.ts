/** Published versions: a revision with the role it was published with, numbered, never changed. */
import { z } from "zod";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Statement } from "../../../store/index.ts";
import type { MachineRecord } from "../machine-store.ts";

export interface VersionRecord {
  arn: string;
  machineArn: string;
  number: number;
  revision: string;
  roleArn: string;
  description: string | undefined;
  createdMs: number;
}

const Row = z.object({
  arn: z.string(),
  machine_arn: z.string(),
  number: z.number(),
  revision: z.string(),
  role_arn: z.string(),
  description: z.string().nullable(),
  created_ms: z.number(),
});

const MOST = 1_000;

export class VersionStore {
  readonly #home: HomePorts;
  readonly #sql: Record<"insert" | "count" | "number" | "find" | "list" | "remove", Statement>;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    this.#sql = {
      insert: store.prepare(
        "INSERT INTO states_versions (arn, machine_arn, number, revision, role_arn, description, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ),
      count: store.prepare("SELECT COUNT(*) AS versions FROM states_versions WHERE machine_arn = ?"),
      // Numbers are never used again, not even of deleted versions.
      number: store.prepare(
        "UPDATE states_machines SET last_version = last_version + 1 WHERE arn = ? RETURNING last_version",
      ),
      find: store.prepare("SELECT * FROM states_versions WHERE arn = ?"),
      list: store.prepare(
        "SELECT * FROM states_versions WHERE machine_arn = ? AND number < ? ORDER BY number DESC LIMIT ?",
      ),
      remove: store.prepare("DELETE FROM states_versions WHERE arn = ?"),
    };
  }

  /** Publishes what the machine is now; publishing the latest version's revision again is that version. @throws AwsError */
  publish(machine: MachineRecord, description: string | undefined): VersionRecord {
    const [latest] = this.list(machine.arn, undefined, 1);
    if (latest?.revision === machine.revision && latest.roleArn === machine.roleArn) return latest;
    if (Number(this.#sql.count.get(machine.arn)?.versions) >= MOST) {
      const message = `The number of versions of the state machine would exceed the quota of ${MOST}; delete versions that no alias needs`;
      throw new AwsError("ServiceQuotaExceededException", message, { status: 402 });
    }
    return this.#home.store.transaction(() => {
      const number = Number(this.#sql.number.all(machine.arn)[0]?.last_version);
      const version = {
        arn: `${machine.arn}:${number}`,
        machineArn: machine.arn,
        number,
        revision: machine.revision,
        roleArn: machine.roleArn,
        description,
        createdMs: this.#home.clock.now(),
      };
      const { arn, revision, roleArn, createdMs } = version;
      this.#sql.insert.run(arn, machine.arn, number, revision, roleArn, description ?? null, createdMs);
      return version;
    });
  }

  find(arn: string): VersionRecord | undefined {
    const row = this.#sql.find.get(arn);
    return row === undefined ? undefined : toRecord(row);
  }

  /** Newest first. `before` is the number of the last of the page before. */
  list(machineArn: string, before: number | undefined, limit: number): VersionRecord[] {
    return this.#sql.list.all(machineArn, before ?? Number.MAX_SAFE_INTEGER, limit).map(toRecord);
  }

  remove(arn: string): void {
    this.#sql.remove.run(arn);
  }
}

function toRecord(raw: unknown): VersionRecord {
  const row = Row.parse(raw);
  return {
    arn: row.arn,
    machineArn: row.machine_arn,
    number: row.number,
    revision: row.revision,
    roleArn: row.role_arn,
    description: row.description ?? undefined,
    createdMs: row.created_ms,
  };
}
