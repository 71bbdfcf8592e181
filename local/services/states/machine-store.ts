/** State machines and their revisions. An execution keeps the revision it started with, whatever happens to its machine. */
import { createHash } from "node:crypto";
import { z } from "zod";
import {
  compile,
  type Definition,
  type ExpressionReadings,
  invalidDefinitionMessage,
  type JsonObject,
  type Machine,
  type MachineType,
  parseDefinition,
} from "../../../engine/states/index.ts";
import { taskApis } from "../../api-models/task-apis.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Foreseen } from "../../readiness.ts";
import type { Statement } from "../../store/index.ts";
import { checkCompletionRights } from "./completion-rights.ts";
import { foresee } from "./foresee.ts";
import { checkDeliveryRights } from "./logging/delivery-rights.ts";
import { type LogTarget, logTargetOf } from "./logging/logging-configuration.ts";

export interface MachineRecord {
  arn: string;
  name: string;
  type: MachineType;
  roleArn: string;
  /** Of type and definition: what executions are compiled from. */
  revision: string;
  /** What the API calls the revision: it also changes with the role. A state machine never updated has none. */
  revisionId: string | undefined;
  definition: string;
  logging: object | undefined;
  logTarget: LogTarget | undefined;
  tracing: boolean;
  encryption: object | undefined;
  deleting: boolean;
  createdMs: number;
  updatedMs: number;
}

export interface MachineInput {
  name: string;
  type: MachineType;
  roleArn: string;
  definition: string;
  logging?: object | undefined;
  tracing?: boolean | undefined;
  encryption?: object | undefined;
}

const Row = z.object({
  arn: z.string(),
  name: z.string(),
  type: z.enum(["STANDARD", "EXPRESS"]),
  role_arn: z.string(),
  revision: z.string(),
  definition: z.string(),
  logging: z.string().nullable(),
  tracing: z.number(),
  encryption: z.string().nullable(),
  deleting: z.number(),
  created_ms: z.number(),
  updated_ms: z.number(),
  updated: z.number(),
});

// AWS: 1 MB of definition.
const MAX_DEFINITION_BYTES = 1_048_576;
const KEPT = 200;
const COLUMNS = "arn, name, type, role_arn, revision, logging, tracing, encryption, created_ms, updated_ms, updated";
const FOLLOWING = ["states_versions", "states_aliases"];

export class MachineStore {
  readonly #home: HomePorts;
  readonly #compiled = new Map<string, Machine>();
  readonly #foreseen = new WeakMap<Machine, readonly Foreseen[]>();
  /** Machines as read from the store, which every start asks for. */
  readonly #known = new Map<string, MachineRecord>();
  readonly #deleting: Set<string>;
  readonly #sql: Record<
    "get" | "list" | "put" | "putRevision" | "getRevision" | "mark" | "running" | "remove",
    Statement
  >;
  readonly #removeFollowing: readonly Statement[];

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    const select = "SELECT m.*, r.definition FROM states_machines m JOIN states_revisions r ON r.revision = m.revision";
    this.#sql = {
      get: store.prepare(`${select} WHERE m.arn = ?`),
      list: store.prepare(`${select} WHERE (m.created_ms, m.arn) > (?, ?) ORDER BY m.created_ms, m.arn LIMIT ?`),
      put: store.prepare(
        `INSERT INTO states_machines (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (arn) DO UPDATE SET role_arn = excluded.role_arn, revision = excluded.revision, logging = excluded.logging, tracing = excluded.tracing, encryption = excluded.encryption, updated_ms = excluded.updated_ms, updated = 1`,
      ),
      putRevision: store.prepare("INSERT INTO states_revisions VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
      getRevision: store.prepare("SELECT type, definition FROM states_revisions WHERE revision = ?"),
      mark: store.prepare("UPDATE states_machines SET deleting = 1 WHERE arn = ?"),
      // A map run's children go with their parent.
      running: store.prepare("SELECT arn FROM states_executions WHERE machine_arn = ? AND status = 'RUNNING'"),
      remove: store.prepare("DELETE FROM states_machines WHERE arn = ?"),
    };
    this.#removeFollowing = [
      ...FOLLOWING.map((table) => store.prepare(`DELETE FROM ${table} WHERE machine_arn = ?`)),
      store.prepare("DELETE FROM states_tags WHERE arn = ?"),
    ];
    const deleting = store.prepare("SELECT arn FROM states_machines WHERE deleting = 1").all();
    this.#deleting = new Set(deleting.map((row) => String(row.arn)));
  }

  arnOf(name: string): string {
    return `arn:aws:states:${this.#home.region}:${this.#home.accountId}:stateMachine:${name}`;
  }

  find(arn: string): MachineRecord | undefined {
    const known = this.#known.get(arn);
    if (known !== undefined) return known;
    const row = this.#sql.get.get(arn);
    if (row === undefined) return undefined;
    const record = toRecord(row);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(arn, record);
    return record;
  }

  /** @throws AwsError StateMachineDoesNotExist */
  require(arn: string): MachineRecord {
    const found = this.find(arn);
    if (found === undefined) throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
    return found;
  }

  /** @throws AwsError StateMachineDoesNotExist, StateMachineDeleting */
  requireActive(arn: string): MachineRecord {
    const found = this.require(arn);
    if (found.deleting) throw new AwsError("StateMachineDeleting", `State Machine is being deleted: '${arn}'`);
    return found;
  }

  /** Oldest first. `after` is the last row of the page before. */
  list(after: { createdMs: number; arn: string } | undefined, limit: number): MachineRecord[] {
    return this.#sql.list.all(after?.createdMs ?? -1, after?.arn ?? "", limit).map(toRecord);
  }

  /**
   * Creates or updates; the definition is checked first.
   * @param readings of the definition's expressions
   * @throws AwsError InvalidDefinition, InvalidLoggingConfiguration, AccessDeniedException
   */
  save(input: MachineInput, readings: ExpressionReadings): MachineRecord {
    const { name, type, roleArn, definition, logging, tracing, encryption } = input;
    const { source } = checkDefinition(definition, type, readings);
    if (logTargetOf(logging) !== undefined) checkDeliveryRights(this.#home, roleArn);
    checkCompletionRights(this.#home, roleArn, source);
    const arn = this.arnOf(name);
    const now = this.#home.clock.now();
    const revision = digest(`${type}\n${definition}`);
    const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
    this.#known.delete(arn);
    this.#home.store.transaction(() => {
      this.#sql.putRevision.run(revision, type, definition);
      const configuration = [json(logging), tracing ? 1 : 0, json(encryption)] as const;
      this.#sql.put.run(arn, name, type, roleArn, revision, ...configuration, now, now);
    });
    return this.require(arn);
  }

  /** No execution starts any more; the machine is gone once none runs. Answers those that still do. */
  startDeleting(arn: string): string[] {
    if (this.find(arn) === undefined) return [];
    this.#known.delete(arn);
    this.#deleting.add(arn);
    this.#sql.mark.run(arn);
    const running = this.#sql.running.all(arn).map((row) => String(row.arn));
    this.finishDeleting(arn);
    return running;
  }

  isDeleting(arn: string): boolean {
    return this.#deleting.size > 0 && this.#deleting.has(arn);
  }

  /** Removes a machine that is being deleted, if nothing of it runs. */
  finishDeleting(arn: string): void {
    if (!this.isDeleting(arn) || this.#sql.running.get(arn) !== undefined) return;
    this.#known.delete(arn);
    this.#deleting.delete(arn);
    this.#home.store.transaction(() => {
      this.#sql.remove.run(arn);
      for (const statement of this.#removeFollowing) statement.run(arn);
    });
  }

  /** The compiled machine of a revision (or, with `flow`, of a distributed map in it); compiled once. */
  compiled(revision: string, flow?: string): Machine {
    if (flow !== undefined) return this.compiled(revision).child(flow);
    const known = this.#compiled.get(revision);
    if (known !== undefined) return known;
    const row = z
      .object({ type: z.enum(["STANDARD", "EXPRESS"]), definition: z.string() })
      .parse(this.#sql.getRevision.get(revision));
    // Not judged again: what was accepted once still runs, also where a later version of this home would refuse it.
    const source: JsonObject = JSON.parse(row.definition);
    const machine = compile({ type: row.type, source });
    if (this.#compiled.size >= KEPT) {
      const oldest = this.#compiled.keys().next().value;
      if (oldest !== undefined) this.#compiled.delete(oldest);
    }
    this.#compiled.set(revision, machine);
    return machine;
  }

  /** What executions of a revision will ask for; read once as long as it is kept compiled. */
  foreseen(revision: string): readonly Foreseen[] {
    const machine = this.compiled(revision);
    const known = this.#foreseen.get(machine);
    if (known !== undefined) return known;
    const foreseen = foresee(machine.definition.source, (arn) => {
      const started = this.find(arn);
      return started === undefined ? undefined : JSON.parse(started.definition);
    });
    this.#foreseen.set(machine, foreseen);
    return foreseen;
  }

  definitionOf(revision: string): string {
    return z.object({ definition: z.string() }).parse(this.#sql.getRevision.get(revision)).definition;
  }
}

/** @throws AwsError InvalidDefinition with every diagnostic, as CreateStateMachine words it */
function checkDefinition(text: string, type: MachineType, readings: ExpressionReadings): Definition {
  if (Buffer.byteLength(text) > MAX_DEFINITION_BYTES) {
    throw new AwsError(
      "InvalidDefinition",
      "Invalid State Machine Definition: 'MAX_DEFINITION_SIZE_EXCEEDED: the definition is larger than 1048576 bytes'",
    );
  }
  const { definition, diagnostics } = parseDefinition(text, { type, apis: taskApis, readings });
  if (definition === undefined) throw new AwsError("InvalidDefinition", invalidDefinitionMessage(diagnostics));
  return definition;
}

function toRecord(raw: unknown): MachineRecord {
  const row = Row.parse(raw);
  const logging = row.logging === null ? undefined : JSON.parse(row.logging);
  return {
    arn: row.arn,
    name: row.name,
    type: row.type,
    roleArn: row.role_arn,
    revision: row.revision,
    revisionId: row.updated === 1 ? revisionId(row.revision, row.role_arn) : undefined,
    definition: row.definition,
    logging,
    logTarget: logTargetOf(logging),
    tracing: row.tracing === 1,
    encryption: row.encryption === null ? undefined : JSON.parse(row.encryption),
    deleting: row.deleting === 1,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}

/** What PublishStateMachineVersion calls the revision of a state machine that was never updated. */
export const INITIAL_REVISION = "INITIAL";

/** The revision of a definition with a role, in the form of a UUID. */
export function revisionId(revision: string, roleArn: string): string {
  return digest(`${revision}\n${roleArn}`).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
