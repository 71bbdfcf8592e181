/** Aliases: names for one version, or two with weights. */
import { z } from "zod";
import type { HomePorts } from "../../../define-service.ts";
import type { Statement } from "../../../store/index.ts";

const Routes = z.array(z.object({ versionArn: z.string(), weight: z.number() }));
/** Weights are percentages; all of them make 100. */
export type Routing = z.infer<typeof Routes>;

export interface AliasRecord {
  arn: string;
  machineArn: string;
  name: string;
  description: string | undefined;
  routing: Routing;
  createdMs: number;
  updatedMs: number;
}

const Row = z.object({
  arn: z.string(),
  machine_arn: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  routing: z.string(),
  created_ms: z.number(),
  updated_ms: z.number(),
});

export class AliasStore {
  readonly #sql: Record<"put" | "find" | "list" | "remove", Statement>;

  constructor({ store }: HomePorts) {
    this.#sql = {
      put: store.prepare(
        "INSERT INTO states_aliases (arn, machine_arn, name, description, routing, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET description = excluded.description, routing = excluded.routing, updated_ms = excluded.updated_ms",
      ),
      find: store.prepare("SELECT * FROM states_aliases WHERE arn = ?"),
      list: store.prepare(
        "SELECT * FROM states_aliases WHERE machine_arn = ? AND (created_ms, arn) > (?, ?) ORDER BY created_ms, arn LIMIT ?",
      ),
      remove: store.prepare("DELETE FROM states_aliases WHERE arn = ?"),
    };
  }

  put({ arn, machineArn, name, description, routing, createdMs, updatedMs }: AliasRecord): void {
    this.#sql.put.run(arn, machineArn, name, description ?? null, JSON.stringify(routing), createdMs, updatedMs);
  }

  find(arn: string): AliasRecord | undefined {
    const row = this.#sql.find.get(arn);
    return row === undefined ? undefined : toRecord(row);
  }

  /** Oldest first. `after` is the last row of the page before. */
  list(machineArn: string, after: { createdMs: number; arn: string } | undefined, limit: number): AliasRecord[] {
    return this.#sql.list.all(machineArn, after?.createdMs ?? -1, after?.arn ?? "", limit).map(toRecord);
  }

  remove(arn: string): void {
    this.#sql.remove.run(arn);
  }
}

function toRecord(raw: unknown): AliasRecord {
  const row = Row.parse(raw);
  return {
    arn: row.arn,
    machineArn: row.machine_arn,
    name: row.name,
    description: row.description ?? undefined,
    routing: Routes.parse(JSON.parse(row.routing)),
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
